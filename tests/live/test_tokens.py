"""A real registry with a token service: who gets in, what it costs, and why one does not get in."""

import pytest

from boltseal.resolve.outcome import Unresolved
from tests.issuer import EXPIRED, IDENTITY_TOKEN, Asked, Issuer
from tests.live.asking import QUICK, digest, parsed, reason, resolve, resolver, user
from tests.registries import Stocked
from tests.registry import USER, Registry
from tests.resolve.mockregistry import Login

pytestmark = pytest.mark.registry

SCOPE = "repository:lab/single:pull"


@pytest.fixture
def name(token_registry: Registry, stocked: Stocked, issuer: Issuer) -> str:
    """An image that anybody may have. Nothing was asked of the token service yet."""
    stocked(token_registry)
    issuer.reset()
    return f"{token_registry.host}/lab/single:1.0"


@pytest.fixture
def private(token_registry: Registry, issuer: Issuer) -> str:
    """An image that only the user may have."""
    token_registry.push("single", "private/app:1.0")
    issuer.reset()
    return f"{token_registry.host}/private/app:1.0"


def test_anybody_gets_a_token_for_what_is_public(
    name: str, issuer: Issuer, token_registry: Registry
) -> None:
    assert digest(resolve(name)) == token_registry.digests["single"]
    assert issuer.asked == [Asked("GET", "", SCOPE)]


def test_a_password_is_exchanged_for_a_token(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    assert digest(resolve(private, user())) == token_registry.digests["single"]
    assert issuer.asked == [Asked("GET", USER, "repository:private/app:pull")]


def test_an_identity_token_is_exchanged_for_a_token(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    credentials = Login(identity_token=IDENTITY_TOKEN)
    assert digest(resolve(private, credentials)) == token_registry.digests["single"]
    assert issuer.asked == [Asked("POST", USER, "repository:private/app:pull")]


def test_the_password_never_goes_to_the_registry(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    with token_registry.watched() as asked:
        resolve(private, user())
    assert [line.rpartition(" ")[2] for line in asked] == ["401", "200"]


def test_without_a_login_a_private_image_may_as_well_not_exist(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    host = token_registry.host
    assert reason(resolve(private)) == f"{host} needs a login for it, or it does not exist"
    assert len(issuer.asked) == 1


def test_a_wrong_password_is_tried_once_in_a_run(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    host = token_registry.host
    references = [parsed(f"{host}/private/app{number}:1.0") for number in range(8)]
    outcomes = resolver(user("a wrong one")).resolve(references)
    expected = f"{host} refused the login from the test's file"
    assert {reason(outcome) for outcome in outcomes.values()} == {expected}
    assert len(issuer.asked) == 1


def test_a_wrong_identity_token_is_a_refused_login(
    private: str, issuer: Issuer, token_registry: Registry
) -> None:
    outcome = resolve(private, Login(identity_token="another one"))
    assert reason(outcome) == f"{token_registry.host} refused the login from the test's file"
    assert [asked.method for asked in issuer.asked] == ["POST"]


def test_a_token_that_the_registry_no_longer_takes_is_renewed_once(
    name: str, issuer: Issuer, token_registry: Registry
) -> None:
    """Its service said that it lives for minutes, and the first to meet the refusal gives up."""
    token_registry.push("single", "lab/single:1.1")
    issuer.reset()
    issuer.lifetimes.append(EXPIRED)
    first, second = parsed(name), parsed(f"{token_registry.host}/lab/single:1.1")
    outcomes = resolver(options=QUICK._replace(concurrency=1)).resolve([first, second])
    assert "needs a login" in reason(outcomes[first.canonical])
    assert digest(outcomes[second.canonical]) == token_registry.digests["single"]
    assert issuer.asked == [Asked("GET", "", SCOPE)] * 2


def test_tokens_that_are_always_expired_end_in_a_reason(
    name: str, issuer: Issuer, token_registry: Registry
) -> None:
    issuer.lifetimes.extend([EXPIRED] * 10)
    with token_registry.watched() as asked:
        outcome = resolve(name, user())
    assert isinstance(outcome, Unresolved)
    assert reason(outcome) == f"{token_registry.host} needs a login for it, or it does not exist"
    assert "the login in use is from the test's file" in outcome.hint
    assert len(issuer.asked) == 1
    assert len(asked) == 3


def test_a_token_without_the_scope_ends_in_a_reason(
    name: str, issuer: Issuer, token_registry: Registry
) -> None:
    """The token service answers, with a token that opens nothing."""
    host = token_registry.host
    outcome = resolve(f"{host}/closed/app:1.0", user())
    assert reason(outcome) == f"{host} needs a login for it, or it does not exist"
    assert issuer.asked == [Asked("GET", USER, "repository:closed/app:pull")]


def test_a_run_asks_for_one_token_a_repository(
    name: str, issuer: Issuer, token_registry: Registry
) -> None:
    for tag in ("1.1", "1.2", "1.3"):
        token_registry.push("single", f"lab/single:{tag}")
    issuer.reset()
    repositories = {"lab/single": ("1.0", "1.1", "1.2", "1.3"), "lab/index": ("1.0",)}
    texts = [f"{it}:{tag}" for it, tags in repositories.items() for tag in tags]
    asks = resolver(user())
    with token_registry.watched() as asked:
        asks.resolve(parsed(f"{token_registry.host}/{text}") for text in texts)
    scopes = sorted(request.scope for request in issuer.asked)
    assert scopes == [f"repository:{it}:pull" for it in sorted(repositories)]
    assert sum(line.startswith("HEAD ") and line.endswith(" 200") for line in asked) == len(texts)
    assert not any(line.startswith("GET ") for line in asked)
