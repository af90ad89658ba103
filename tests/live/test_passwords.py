"""A real registry that wants a name and a password with every request."""

import pytest

from tests.live.asking import parsed, reason, resolve, resolver, user
from tests.registry import Registry

pytestmark = pytest.mark.registry


def test_without_a_login_an_image_may_as_well_not_exist(private_registry: Registry) -> None:
    host = private_registry.host
    why = reason(resolve(f"{host}/lab/single:1.0"))
    assert why == f"{host} needs a login for it, or it does not exist"


def test_a_wrong_password_is_sent_once_in_a_run(private_registry: Registry) -> None:
    """Some registries lock out whoever is wrong too often."""
    host = private_registry.host
    references = [parsed(f"{host}/lab/app{number}:1.0") for number in range(8)]
    asks = resolver(user("a wrong one"))
    with private_registry.watched() as asked:
        outcomes = asks.resolve(references)
    expected = f"{host} refused the login from the test's file"
    assert {reason(outcome) for outcome in outcomes.values()} == {expected}
    # Each reference meets the challenge at most once; only one of them answers it.
    assert len(asked) <= len(references) + 1
    assert all(line.endswith(" 401") for line in asked)
