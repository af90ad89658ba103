"""Hints by registry: who answers so, and what is said of it."""

import httpx
import pytest

from boltseal.resolve.exchange import Answer
from boltseal.resolve.outcome import Unresolved
from boltseal.resolve.quirks import hint, known_as
from tests.resolve.mockregistry import QUICK, Recorder, reason, reference, resolver, sent

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
GOVERNMENT = "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com"
CHINA = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"
JSON = {"content-type": "application/json"}
ABUSE = {"content-type": "text/plain", "retry-after": "60"}


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, tuple((n.replace("_", "-"), v) for n, v in headers.items()), b"")


@pytest.mark.parametrize(
    ("host", "status", "headers", "words"),
    [
        ("docker.io", 429, JSON, "pulls in 6 hours"),
        ("docker.io", 429, {**JSON, "retry-after": "60"}, "pulls in 6 hours"),
        ("registry-1.docker.io", 429, {}, "pulls in 6 hours"),
        ("auth.docker.io", 429, ABUSE, "not its pull limit"),
        ("docker.io", 429, ABUSE, "not its pull limit"),
        ("ghcr.io", 429, {}, "all anonymous requests together"),
        ("ghcr.io", 403, {}, "private until"),
        ("gcr.io", 403, {}, "what does not exist"),
        ("eu.gcr.io", 401, {}, "what does not exist"),
        ("europe-west4-docker.pkg.dev", 403, {}, "gcloud auth configure-docker"),
        (ECR, 401, {}, "12 hours"),
        (ECR, 404, {}, "first pull by tag"),
        (GOVERNMENT, 403, {}, "12 hours"),
        (CHINA, 403, {}, "12 hours"),
        ("public.ecr.aws", 429, {}, "one anonymous request a second"),
        ("example.azurecr.io", 401, {}, "az acr login"),
        ("example.jfrog.io", 403, {}, "Artifactory"),
        ("registry.example.com", 403, {"x-jfrog-version": "7.1"}, "Artifactory"),
        ("registry.example.com", 404, {"server": "Nexus/3.70"}, "Nexus"),
        ("quay.io", 401, {}, "one that does not exist"),
        ("registry.redhat.io", 401, {}, "registry.access.redhat.com"),
        ("mcr.microsoft.com", 404, {}, "no login"),
    ],
)
def test_an_answer_of_a_known_registry_is_explained(
    host: str, status: int, headers: dict[str, str], words: str
) -> None:
    known = Answer(status, tuple(headers.items()), b"")
    assert words in hint(host, known)
    assert hint(host.upper(), known) == hint(host, known)
    assert hint(host, known._replace(status=500)) == ""


@pytest.mark.parametrize(
    "host",
    [
        "docker.io.example.com",
        "notghcr.io",
        "xgcr.io",
        f"{ECR}.example.com",
        "12.dkr.ecr.eu-west-1.amazonaws.com",
        "jfrog.io.example.com",
        "registry.example.com",
    ],
)
@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_a_name_that_only_looks_like_one_is_not(host: str, status: int) -> None:
    assert hint(host, answer(status)) == ""


def test_a_hint_reaches_the_outcome_behind_what_is_said_to_all() -> None:
    registry = resolver(lambda _: httpx.Response(403), options=QUICK)
    wanted = reference("quay.io/team/app:1")
    outcome = registry.resolve([wanted])[wanted.canonical]
    assert reason(outcome) == "quay.io needs a login for it, or it does not exist"
    assert isinstance(outcome, Unresolved)
    assert outcome.hint.startswith("check the name, or log in to quay.io; Quay answers so")


def test_a_token_that_google_refuses_is_explained() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/token":
            return httpx.Response(403)
        realm = 'Bearer realm="https://europe-docker.pkg.dev/v2/token",service=""'
        return httpx.Response(401, headers={"WWW-Authenticate": realm})

    wanted = reference("europe-docker.pkg.dev/project/team/app:1")
    outcome = resolver(handler).resolve([wanted])[wanted.canonical]
    assert reason(outcome).endswith("needs a login for it, or it does not exist")
    assert "Google refuses a token" in str(outcome)


def test_a_404_to_head_alone_as_nexus_sends_it_is_no_answer() -> None:
    registry = Recorder(lambda request: httpx.Response(404) if request.method == "HEAD" else sent())
    wanted = reference("nexus.example.com/team/app:1")
    outcome = resolver(registry).resolve([wanted])[wanted.canonical]
    assert not isinstance(outcome, Unresolved)


@pytest.mark.parametrize("host", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_docker_hub_goes_by_its_name(host: str) -> None:
    assert known_as(host) == "Docker Hub"
    assert known_as(f"{host}.example.com") == f"{host}.example.com"
