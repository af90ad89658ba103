"""Options in groups: a command takes a group as one value, and Typer sees the options in it."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from inspect import Parameter
from typing import Any, get_type_hints


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command as Typer is to see it: each parameter that is a named tuple gives way to its fields.

    The fields have the annotations that Typer reads, and defaults. The command gets the tuples.
    """
    signature = inspect.signature(command)
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if hasattr(kind, "_field_defaults")}
    flat = [
        one
        for parameter in signature.parameters.values()
        for one in _flat(parameter, groups.get(parameter.name))
    ]

    @wraps(command)
    def typed(**values: Any) -> None:
        made = {
            name: group(**{field: values.pop(field) for field in group._fields})
            for name, group in groups.items()
        }
        command(**made, **values)

    typed.__signature__ = signature.replace(parameters=flat)  # type: ignore[attr-defined] # PEP 362
    return typed


def _flat(parameter: Parameter, group: Any) -> Iterator[Parameter]:
    if group is None:
        yield parameter.replace(kind=Parameter.KEYWORD_ONLY)
        return
    hints = get_type_hints(group, include_extras=True)
    for name in group._fields:
        default = group._field_defaults[name]
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[name])
