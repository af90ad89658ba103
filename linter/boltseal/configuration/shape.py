"""Shapes of values in TOML: what is read from one, what is refused, what JSON Schema says of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from boltseal import toml_table
from boltseal.errors import UsageError, quoted, unknown
from boltseal.printable import brief

MOST = 1000
"""Entries of an array, rows of tables, and characters of a string beyond which one is refused.

What is read may be of a tree that nobody trusts, and every file is held against it.
"""

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What editors understand best (SchemaStore's CONTRIBUTING.md, "Schema version")."""

Names = Mapping[str, Sequence[str]]
"""What is known by a noun ("rule", "place"), for the schema."""
Schema = dict[str, Any]


class Shape(Protocol):
    """What a value may be. ``says`` is that in a few words."""

    @property
    def says(self) -> str:
        """The shape in a few words, for a table of keys."""

    def read(self, value: object, where: str) -> Any:
        """The value as it is kept. Raises UsageError, which begins with ``where``."""

    def write(self, value: Any) -> Any:
        """What TOML has for a value that was read."""

    def schema(self, names: Names) -> Schema:
        """The schema of the same values."""


class Key(NamedTuple):
    """A key of a table: its name, its shape, and what is said about it.

    ``without`` says what holds where the key is not there, in Markdown as ``about`` is.
    """

    name: str
    shape: Shape
    about: str
    without: str = ""
    required: bool = False

    @property
    def field(self) -> str:
        """The field that keeps it."""
        return self.name.replace("-", "_")


class Text(NamedTuple):
    """A string with something in it. ``problem`` tells what else is wrong with one, '' for nothing.

    ``noun`` is what it names; ``values`` are all that it may be, where that is known here.
    """

    noun: str = "text"
    problem: Callable[[str], str] | None = None
    values: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "string"

    def read(self, value: object, where: str) -> str:
        """The string. Raises UsageError."""
        text = toml_table.text(value, where)
        if len(text) > MOST:
            raise UsageError(f"{where}: {quoted(text)} is longer than {MOST} characters")
        if self.values and text not in self.values:
            raise UsageError(f"{where}: {unknown(self.noun, text, self.values)}")
        if self.problem and (wrong := self.problem(text)):
            raise UsageError(f"{where}: {quoted(text)}: {wrong}")
        return text

    def write(self, value: str) -> str:
        """The string."""
        return value

    def schema(self, names: Names) -> Schema:
        """Names that nothing can be added to are all there are; others are for completion."""
        if self.values:
            return {"enum": list(self.values)}
        schema: Schema = {"type": "string", "minLength": 1, "maxLength": MOST}
        if self.noun == "rule" and self.noun in names:
            return {"enum": list(names[self.noun])}
        if self.noun in names:
            schema["examples"] = list(names[self.noun])
        return schema


class Texts(NamedTuple):
    """An array of strings. With ``filled`` an empty one is refused: it could mean all or nothing."""

    item: Text
    filled: bool = False

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "array of strings"

    def read(self, value: object, where: str) -> tuple[str, ...]:
        """The strings. Raises UsageError."""
        found = toml_table.texts(value, where)
        _refuse_many(found, where)
        if "" in found:
            raise UsageError(f"{where} has an empty string in it")
        if self.filled and not found:
            raise UsageError(f"{where} is empty: leave it out, or name something")
        return tuple(self.item.read(text, where) for text in found)

    def write(self, value: Iterable[str]) -> list[str]:
        """An array."""
        return list(value)

    def schema(self, names: Names) -> Schema:
        """An array of what the items are."""
        bounds = {"minItems": 1} if self.filled else {}
        return {"type": "array", "items": self.item.schema(names), **bounds, "maxItems": MOST}


class Flag(NamedTuple):
    """True or false."""

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "true or false"

    def read(self, value: object, where: str) -> bool:
        """The value. Raises UsageError."""
        return toml_table.flag(value, where)

    def write(self, value: bool) -> bool:
        """The value."""
        return value

    def schema(self, names: Names) -> Schema:  # noqa: ARG002 - as every shape is asked
        """A boolean."""
        return {"type": "boolean"}


class Number(NamedTuple):
    """A number within bounds, both of which are allowed."""

    low: int
    high: int
    whole: bool = True

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return f"{'whole number' if self.whole else 'number'} from {self.low} to {self.high}"

    def read(self, value: object, where: str) -> float:
        """The number. Raises UsageError."""
        read = toml_table.whole_number if self.whole else toml_table.number
        return read(value, where, self.low, self.high)

    def write(self, value: float) -> float:
        """The number."""
        return value

    def schema(self, names: Names) -> Schema:  # noqa: ARG002 - as every shape is asked
        """A number with the bounds."""
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.low, "maximum": self.high}


class Choice(NamedTuple):
    """One of a few words."""

    noun: str
    of: type[StrEnum]

    @property
    def says(self) -> str:
        """The shape in a few words."""
        *others, last = (f"`{value}`" for value in self.of)
        return f"{', '.join(others)} or {last}"

    def read(self, value: object, where: str) -> StrEnum:
        """The member of the enumeration. Raises UsageError."""
        text = toml_table.text(value, where)
        if text not in tuple(self.of):
            raise UsageError(f"{where}: {unknown(self.noun, text, tuple(self.of))}")
        return self.of(text)

    def write(self, value: StrEnum) -> str:
        """The word."""
        return str(value)

    def schema(self, names: Names) -> Schema:  # noqa: ARG002 - as every shape is asked
        """The words."""
        return {"enum": [str(value) for value in self.of]}


class ByName(NamedTuple):
    """A table whose keys are names of one kind, all with values of one shape."""

    key: Text
    value: Shape

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "table"

    def read(self, value: object, where: str) -> tuple[tuple[str, Any], ...]:
        """The entries, in the order of the file. Raises UsageError."""
        table = toml_table.table(value, where)
        _refuse_many(table, where)
        return tuple(
            (self.key.read(name, where), self.value.read(entry, f"{where}.{brief(name)}"))
            for name, entry in table.items()
        )

    def write(self, value: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """A table."""
        return {name: self.value.write(entry) for name, entry in value}

    def schema(self, names: Names) -> Schema:
        """An object with these names."""
        schema: Schema = {"type": "object", "maxProperties": MOST}
        if self.key.noun in names:
            value = self.value.schema(names)
            known = dict.fromkeys(names[self.key.noun], value)
            return {**schema, "properties": known, "additionalProperties": False}
        named = self.key.schema(names)
        return {
            **schema,
            "propertyNames": named,
            "additionalProperties": self.value.schema(names),
        }


class Table(NamedTuple):
    """A table with keys of its own. ``make``, a NamedTuple, keeps what was read.

    Of each group in ``any_of`` one key at least must be there. ``joint`` stands before the name of
    a key in a message.
    """

    keys: tuple[Key, ...]
    make: Any
    any_of: tuple[tuple[str, ...], ...] = ()
    joint: str = ": "

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "table"

    def read(self, value: object, where: str) -> Any:
        """What is made of the table. Raises UsageError."""
        table = toml_table.table(value, where)
        toml_table.refuse_unknown(table, (key.name for key in self.keys), where)
        for group in (*((key.name,) for key in self.keys if key.required), *self.any_of):
            if not any(name in table for name in group):
                raise UsageError(f"{where}: {' or '.join(map(repr, group))} is missing")
        return self.make(
            **{
                key.field: key.shape.read(table[key.name], f"{where}{self.joint}{key.name}")
                for key in self.keys
                if key.name in table
            }
        )

    def write(self, value: Any) -> dict[str, Any]:
        """A table of what is not as it is without its key."""
        usual = self.make._field_defaults
        return {
            key.name: key.shape.write(found)
            for key in self.keys
            if (found := getattr(value, key.field)) != usual.get(key.field)
        }

    def schema(self, names: Names) -> Schema:
        """An object with these keys and no others."""
        schema: Schema = {
            "type": "object",
            "properties": {
                key.name: {"description": plain(key.about), **key.shape.schema(names)}
                for key in self.keys
            },
            "additionalProperties": False,
        }
        if required := [key.name for key in self.keys if key.required]:
            schema["required"] = required
        if self.any_of:
            schema["allOf"] = [
                {"anyOf": [{"required": [name]} for name in group]} for group in self.any_of
            ]
        return schema


class Rows(NamedTuple):
    """An array of tables."""

    row: Table

    @property
    def says(self) -> str:
        """The shape in a few words."""
        return "array of tables"

    def read(self, value: object, where: str) -> tuple[Any, ...]:
        """What is made of the rows. Raises UsageError, which counts them from 1."""
        rows = toml_table.rows(value, where)
        _refuse_many(rows, where)
        return tuple(self.row.read(row, f"{where} {n}") for n, row in enumerate(rows, 1))

    def write(self, value: Iterable[Any]) -> list[dict[str, Any]]:
        """An array of tables."""
        return [self.row.write(row) for row in value]

    def schema(self, names: Names) -> Schema:
        """An array of the rows."""
        return {"type": "array", "items": self.row.schema(names), "maxItems": MOST}


def plain(markdown: str) -> str:
    """Words without the marks of Markdown that are used in them."""
    return markdown.replace("`", "").replace("\\|", "|")


def _refuse_many(found: Sequence[Any] | Mapping[str, Any], where: str) -> None:
    if len(found) > MOST:
        raise UsageError(f"{where} has more than {MOST} entries")
