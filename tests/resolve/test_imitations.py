"""Registries as their users report them, imitated as a whole: what is asked of them, and answered."""

import json

import httpx
import pytest

from boltseal.resolve.outcome import Resolved, Unresolved
from tests.resolve.mockregistry import (
    INDEX_DIGEST,
    Login,
    NoCredentials,
    Recorder,
    challenge,
    found,
    resolve,
    sent,
)


def token(**fields: object) -> httpx.Response:
    return httpx.Response(200, json={"token": "opaque", **fields})


def test_red_hat_sends_no_digest_so_that_its_bytes_are_hashed() -> None:
    recorder = Recorder(lambda request: sent() if request.method == "GET" else sent(b""))
    outcome = resolve(recorder, "registry.access.redhat.com/ubi9/ubi:9.4")
    assert isinstance(outcome, Resolved)
    assert outcome.digest == INDEX_DIGEST
    assert [request.method for request in recorder.requests] == ["HEAD", "GET"]


def test_ecr_takes_the_login_of_its_helper_as_it_is() -> None:
    host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"

    def answer(request: httpx.Request) -> httpx.Response:
        if "authorization" not in request.headers:
            return challenge(f'Basic realm="https://{host}/",service="ecr.amazonaws.com"')
        return found()

    recorder = Recorder(answer)
    outcome = resolve(recorder, f"{host}/team/app:1", Login(username="AWS", password="word"))
    assert isinstance(outcome, Resolved)
    assert [request.method for request in recorder.requests] == ["HEAD", "HEAD"]
    assert recorder.authorizations(host)[1].startswith("Basic ")


def test_ecr_public_gives_anybody_a_token() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token/":
            return token()
        if "authorization" not in request.headers:
            realm = "https://public.ecr.aws/token/"
            return challenge(f'Bearer realm="{realm}",service="public.ecr.aws",scope="aws"')
        return found()

    recorder = Recorder(answer)
    assert isinstance(resolve(recorder, "public.ecr.aws/docker/library/nginx:1.27"), Resolved)
    assert recorder.lines.count("GET https://public.ecr.aws/token/") == 1


def test_google_refuses_the_anonymous_token_of_what_is_private_or_missing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/token":
            return httpx.Response(403)
        realm = "https://europe-docker.pkg.dev/v2/token"
        return challenge(f'Bearer realm="{realm}",service="europe-docker.pkg.dev"')

    outcome = resolve(Recorder(answer), "europe-docker.pkg.dev/project/repository/app:1")
    assert isinstance(outcome, Unresolved)
    assert outcome.reason == "europe-docker.pkg.dev needs a login for it, or it does not exist"


def test_acr_exchanges_the_identity_token_of_its_helper() -> None:
    host = "team.azurecr.io"
    forms = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            assert request.method == "POST"
            forms.append(request.read().decode())
            return httpx.Response(200, json={"access_token": "short-lived"})
        if "authorization" not in request.headers:
            return challenge(f'Bearer realm="https://{host}/oauth2/token",service="{host}"')
        return found()

    outcome = resolve(Recorder(answer), f"{host}/app:1", Login(identity_token="refresh"))
    assert isinstance(outcome, Resolved)
    assert len(forms) == 1
    assert "grant_type=refresh_token" in forms[0]
    assert "scope=repository%3Aapp%3Apull" in forms[0]


def test_artifactory_answers_403_for_a_tag_that_is_not_there() -> None:
    body = {"errors": [{"code": "DENIED", "message": "not found or not permitted"}]}
    outcome = resolve(
        Recorder(lambda _: httpx.Response(403, json=body)), "team.jfrog.io/docker/app:1"
    )
    assert isinstance(outcome, Unresolved)
    assert "needs a login for it, or it does not exist" in outcome.reason


def test_artifactory_leaves_the_scope_out() -> None:
    scopes = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            scopes.append(request.url.params["scope"])
            return token()
        if "authorization" not in request.headers:
            return challenge('Bearer realm="https://team.jfrog.io/token",service="team.jfrog.io"')
        return found()

    assert isinstance(resolve(Recorder(answer), "team.jfrog.io/docker/app:1"), Resolved)
    assert scopes == ["repository:docker/app:pull"]


def test_nexus_has_no_answer_to_head() -> None:
    recorder = Recorder(
        lambda request: (
            httpx.Response(404) if request.method == "HEAD" else sent(digest=INDEX_DIGEST)
        )
    )
    outcome = resolve(recorder, "nexus.example.com:8083/app:1")
    assert isinstance(outcome, Resolved)
    assert [request.method for request in recorder.requests] == ["HEAD", "GET"]


def test_codeberg_offers_two_ways_in_one_header() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/token":
            return token()
        if "authorization" not in request.headers:
            return challenge(
                'Bearer realm="https://codeberg.org/v2/token",service="container_registry",'
                'scope="*",Basic realm="Gitea"'
            )
        return found()

    recorder = Recorder(answer)
    assert isinstance(resolve(recorder, "codeberg.org/forgejo/forgejo:9"), Resolved)
    assert recorder.authorizations("codeberg.org")[-1] == "Bearer opaque"


def test_github_gives_tokens_without_an_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return token()
        if "authorization" not in request.headers:
            return challenge(
                'Bearer realm="https://ghcr.io/token",service="ghcr.io",'
                'scope="repository:user/image:pull"'
            )
        return found()

    recorder = Recorder(answer)
    assert isinstance(resolve(recorder, "ghcr.io/team/app:1"), Resolved)
    assert recorder.lines == [
        "HEAD https://ghcr.io/v2/team/app/manifests/1",
        "GET https://ghcr.io/token",
        "HEAD https://ghcr.io/v2/team/app/manifests/1",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "mcr.microsoft.com/dotnet/sdk:8.0",
        "registry.digitalocean.com/team/app:1",
        "zot.example.com/app:1",
    ],
)
def test_a_registry_as_the_specification_has_it_costs_one_head(name: str) -> None:
    recorder = Recorder(lambda _: found(INDEX_DIGEST))
    assert isinstance(resolve(recorder, name, NoCredentials()), Resolved)
    assert [request.method for request in recorder.requests] == ["HEAD"]


def test_quay_says_what_is_private_in_json() -> None:
    body = json.dumps({"errors": [{"code": "UNAUTHORIZED", "detail": {}}]}).encode()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/auth":
            return token()
        headers = {"WWW-Authenticate": 'Bearer realm="https://quay.io/v2/auth",service="quay.io"'}
        return httpx.Response(401, headers=headers, content=body)

    outcome = resolve(Recorder(answer), "quay.io/team/app:1")
    assert isinstance(outcome, Unresolved)
    assert outcome.reason == "quay.io needs a login for it, or it does not exist"


def test_harbor_sends_its_clients_to_a_service_of_its_own() -> None:
    host = "harbor.example.com"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/service/token":
            return token(expires_in=1800)
        if "authorization" not in request.headers:
            realm = f"https://{host}/service/token"
            return challenge(f'Bearer realm="{realm}",service="harbor-registry"')
        return found()

    recorder = Recorder(answer)
    assert isinstance(resolve(recorder, f"{host}/library/app:1"), Resolved)
    assert len(recorder.requests) == 3


def test_gitlab_has_its_token_service_beside_the_registry() -> None:
    hosts = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "gitlab.example.com":
            hosts.append(request.headers.get("authorization", ""))
            return token()
        if "authorization" not in request.headers:
            realm = "https://gitlab.example.com/jwt/auth"
            return challenge(f'Bearer realm="{realm}",service="container_registry"')
        return found()

    login = Login(username="me", password="word")
    outcome = resolve(Recorder(answer), "registry.gitlab.example.com/team/app:1", login)
    assert isinstance(outcome, Resolved)
    assert len(hosts) == 1
    assert hosts[0].startswith("Basic ")
