"""A real mirror that pulls through, also when what it mirrors is gone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.live.asking import boltseal, digest, reason, resolve
from tests.registries import mirroring
from tests.registry import Registry, running

pytestmark = pytest.mark.registry


class Pair(NamedTuple):
    """A mirror, and the registry that it mirrored, which is gone; the digest that was there."""

    mirror: Registry
    origin: Registry
    digest: str


@pytest.fixture(scope="module")
def orphan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A mirror that was asked for an image once, before its upstream went away."""
    directory = tmp_path_factory.mktemp("orphan")
    with ExitStack() as stack:
        with running(directory / "origin") as origin:
            pushed = origin.push("single", "lab/single:1.0")
            mirror = stack.enter_context(mirroring(directory / "mirror", origin))
            assert mirror.served("lab/single:1.0") == pushed
        yield Pair(mirror, origin, pushed)


def test_a_mirror_follows_a_tag_that_moves(registry: Registry, mirror: Registry) -> None:
    first = registry.push("single", "lab/moving:1.0")
    assert digest(resolve(f"{mirror.host}/lab/moving:1.0")) == first
    second = registry.push("multi", "lab/moving:1.0")
    assert digest(resolve(f"{mirror.host}/lab/moving:1.0")) == second != first


def test_a_mirror_whose_upstream_is_gone_still_answers(orphan: Pair) -> None:
    """With what may be long out of date, and nothing in the answer says so."""
    assert digest(resolve(f"{orphan.mirror.host}/lab/single:1.0")) == orphan.digest


def test_the_origin_decides_what_a_tag_stands_for(orphan: Pair) -> None:
    with orphan.mirror.watched() as asked:
        why = reason(resolve(f"{orphan.origin.host}/lab/single:1.0"))
    assert why == f"{orphan.origin.host} cannot be reached"
    assert asked == []


def test_a_mirror_that_engines_use_is_not_believed_for_tags(orphan: Pair, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "Dockerfile"
    containers = home / ".config" / "containers"
    containers.mkdir(parents=True)
    (containers / "registries.conf").write_text(
        f'[[registry]]\nlocation = "{orphan.origin.host}"\n'
        f'[[registry.mirror]]\nlocation = "{orphan.mirror.host}"\ninsecure = true\n'
    )
    file.write_text(f"FROM {orphan.origin.host}/lab/single:1.0\n")
    with orphan.mirror.watched() as asked:
        done = boltseal(tmp_path, home, "fix")
    assert done.returncode == 3
    assert "@" not in file.read_text()
    assert f"{orphan.origin.host} cannot be reached" in done.stdout
    assert asked == []
