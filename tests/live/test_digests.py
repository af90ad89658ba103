"""What boltseal says is the digest, and what another client gets: the same, whatever the door."""

import pytest

from boltseal.resolve.manifest import DOCKER_LIST, OCI_INDEX, OCI_MANIFEST
from boltseal.resolve.outcome import Resolved
from tests.live.asking import digest, login_for, reason, resolve
from tests.registries import Stocked
from tests.registry import Registry

pytestmark = pytest.mark.registry

DOORS = ("registry", "private_registry", "token_registry", "tls_registry")
TYPES = {"index": OCI_INDEX, "single": OCI_MANIFEST, "list": DOCKER_LIST}
KINDS = tuple(TYPES)


@pytest.fixture(params=DOORS)
def door(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, stocked: Stocked
) -> Registry:
    registry: Registry = request.getfixturevalue(request.param)
    if registry.door.certificates is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(registry.door.certificates / "ca.crt"))
    stocked(registry)
    return registry


@pytest.mark.parametrize("kind", KINDS)
def test_the_digest_is_that_of_the_bytes_another_client_gets(
    door: Registry, stocked: Stocked, kind: str
) -> None:
    name = f"{door.host}/lab/{kind}:1.0"
    assert resolve(name, login_for(door)) == Resolved(stocked(door)[kind], TYPES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_mirror_gives_the_digest_of_its_upstream(
    registry: Registry, mirror: Registry, stocked: Stocked, kind: str
) -> None:
    wanted = stocked(registry)[kind]
    assert digest(resolve(f"{mirror.host}/lab/{kind}:1.0")) == wanted
    assert mirror.served(f"lab/{kind}:1.0") == wanted


def test_an_image_keeps_its_digest_in_every_registry(
    registry: Registry, private_registry: Registry, stocked: Stocked
) -> None:
    assert stocked(registry) == stocked(private_registry)
    assert stocked(registry)["index"] == registry.digests["wide"]
    assert stocked(registry)["single"] == registry.digests["single"]
    assert len(set(stocked(registry).values())) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_digest_that_is_there_resolves_to_itself(
    door: Registry, stocked: Stocked, kind: str
) -> None:
    wanted = stocked(door)[kind]
    for name in (f"lab/{kind}@{wanted}", f"lab/{kind}:gone@{wanted}"):
        with door.watched() as asked:
            assert digest(resolve(f"{door.host}/{name}", login_for(door))) == wanted
        assert asked[-1] == f"HEAD /v2/lab/{kind}/manifests/{wanted} 200"


def test_what_is_missing_is_named(door: Registry) -> None:
    def why(name: str) -> str:
        return reason(resolve(f"{door.host}/{name}", login_for(door)))

    assert why("lab/single:2.0") == f"no such tag on {door.host}"
    assert why(f"lab/single@sha256:{'0' * 64}") == f"no such digest on {door.host}"
    # This registry names an unknown repository as such only where it looks for tags.
    assert why("lab/none:1.0") == f"no such tag on {door.host}"
