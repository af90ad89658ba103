"""A login reaches its registry and nobody else: one test for each way to lead it astray.

An attacker is every origin that is not the owner's. Whatever arrives there is kept, and none of it
may hold a secret, in any spelling.
"""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from boltseal.resolve import helper
from boltseal.resolve.credential import Credential, Found
from boltseal.resolve.credentials import ConfiguredCredentials, Credentials
from boltseal.resolve.exchange import Request
from boltseal.resolve.outcome import Outcome, Resolved
from boltseal.resolve.registry import RegistryOptions, RegistryResolver
from tests.resolve.misbehaving import CLOSE, misbehaving, raw, reply
from tests.resolve.mockregistry import (
    APP,
    HOST,
    QUICK,
    Login,
    challenge,
    found,
    reference,
    resolver,
    sent,
)

USER, PASSWORD, IDENTITY, TOKEN = "robot-7", "hunter2-pass", "identity-3141", "token-2718"
PAIR = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
IDENTITY_PAIR = base64.b64encode(f"<token>:{IDENTITY}".encode()).decode()
SECRETS = (USER, PASSWORD, IDENTITY, TOKEN, PAIR, IDENTITY_PAIR, quote(PAIR), quote(IDENTITY_PAIR))
OWNER = f"https://{HOST}"
EVIL = "evil.example.net"

Handler = Callable[[httpx.Request], httpx.Response]
BASIC = challenge('Basic realm="x"')


class World:
    """All hosts there are; keeps what arrives at those that are not the owner's."""

    def __init__(self, answer: Handler, *owners: str) -> None:
        self._answer = answer
        self._owners = {httpx.URL(owner) for owner in owners or (OWNER,)}
        self.owned: list[httpx.Request] = []
        self.stolen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        mine = any(
            (url.scheme, url.host, url.port) == (o.scheme, o.host, o.port) for o in self._owners
        )
        (self.owned if mine else self.stolen).append(request)
        return self._answer(request)

    def keeps_its_secrets(self) -> None:
        """Nothing of a login is in what the attackers received, and they did receive something."""
        assert self.stolen
        for request in self.stolen:
            is_clean(arrived(request))
            assert not {"authorization", "cookie", "referer"} & request.headers.keys()

    def was_opened(self) -> None:
        """The owner was sent the login: without that, the test would show nothing."""
        assert any("authorization" in request.headers for request in self.owned)


def arrived(request: httpx.Request) -> str:
    return f"{request.method} {request.url} {request.headers.raw!r} {request.content!r}"


def is_clean(text: str) -> None:
    for secret in SECRETS:
        assert secret not in text


PASSWORD_LOGIN = {"username": USER, "password": PASSWORD}
IDENTITY_LOGIN = {"identity_token": IDENTITY}


def ask(world: Handler, fields: Mapping[str, str] = PASSWORD_LOGIN, text: str = APP) -> Outcome:
    options = QUICK._replace(retries=0)
    outcome = resolver(world, Login(**fields), options).resolve([reference(text)])
    is_clean(repr(outcome))
    return outcome[reference(text).canonical]


def opened(request: httpx.Request) -> bool:
    return request.headers.get("authorization", "") in (f"Basic {PAIR}", f"Bearer {TOKEN}")


def redirecting(location: str) -> Handler:
    """An owner that asks for a password and then sends its client elsewhere."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host != HOST or request.url.port not in (None, 443):
            return sent()
        if not opened(request):
            return BASIC
        headers = {"Location": location, "Set-Cookie": f"session={TOKEN}; Path=/"}
        return httpx.Response(307, headers=headers)

    return answer


def with_realm(realm: str, host: str = HOST) -> Handler:
    """A registry that names this token service; the service answers whatever is asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == host and request.url.path != "/token":
            ok = request.headers.get("authorization") == "Bearer anonymous"
            return found() if ok else challenge(f'Bearer realm="{realm}",service="x"')
        return httpx.Response(200, json={"token": "anonymous"})

    return answer


def no_redirect_leak(location: str) -> None:
    world = World(redirecting(location))
    ask(world)
    world.was_opened()
    world.keeps_its_secrets()


def no_realm_leak(realm: str, registry: str = HOST) -> None:
    """Neither a password nor an identity token goes to this token service."""
    for fields in (PASSWORD_LOGIN, IDENTITY_LOGIN):
        world = World(with_realm(realm, registry), f"https://{registry}")
        assert isinstance(ask(world, fields, f"{registry}/team/app:1.0"), Resolved)
        world.keeps_its_secrets()
        assert [request.method for request in world.stolen] == ["GET"]


def no_realm_is_asked(realm: str) -> None:
    for fields in (PASSWORD_LOGIN, IDENTITY_LOGIN):
        world = World(with_realm(realm))
        assert not isinstance(ask(world, fields), Resolved)
        assert world.stolen == []


# --- Redirects


def test_redirect_to_another_host() -> None:
    no_redirect_leak(f"https://{EVIL}/blob")


def test_redirect_to_another_port() -> None:
    no_redirect_leak(f"https://{HOST}:8443/blob")


def test_redirect_to_a_host_below_the_registry() -> None:
    no_redirect_leak(f"https://cdn.{HOST}/blob")


def test_redirect_to_the_domain_above_the_registry() -> None:
    no_redirect_leak("https://example.com/blob")


def test_redirect_to_the_registrys_name_with_a_dot_behind() -> None:
    no_redirect_leak(f"https://{HOST}./blob")


def test_redirect_to_a_host_that_starts_with_the_registrys_name() -> None:
    no_redirect_leak(f"https://{HOST}.{EVIL}/blob")


def test_redirect_without_a_scheme_to_another_host() -> None:
    no_redirect_leak(f"//{EVIL}/blob")


def test_redirect_to_plain_http_on_the_same_host_is_not_followed() -> None:
    world = World(redirecting(f"http://{HOST}/blob"))
    ask(world)
    world.was_opened()
    assert world.stolen == []


@pytest.mark.parametrize(
    "location",
    [
        f"https://{HOST}@{EVIL}/",
        f"https://{EVIL}\\@{HOST}/",
        f"https://{HOST}\\.{EVIL}/",
        f"https://{HOST}:443@{EVIL}/",
        "https://registry\u3002example\u3002com/",
        "https://registry.ex\u0430mple.com/",
    ],
)
def test_redirect_whose_host_is_read_in_two_ways_is_not_followed(location: str) -> None:
    world = World(redirecting(location.encode().decode("latin-1")))
    ask(world)
    world.was_opened()
    assert world.stolen == []


def test_redirect_back_to_the_registry_by_way_of_an_attacker() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == EVIL:
            return httpx.Response(302, headers={"Location": f"{OWNER}/attackers/choice"})
        if request.url.path == "/attackers/choice":
            return sent()
        return redirecting(f"https://{EVIL}/")(request)

    world = World(answer)
    ask(world)
    world.was_opened()
    world.keeps_its_secrets()
    assert world.owned[-1].url.path == "/attackers/choice"
    is_clean(arrived(world.owned[-1]))


def test_redirect_of_a_head_is_not_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "HEAD" and opened(request):
            return httpx.Response(307, headers={"Location": f"https://{EVIL}/"})
        return sent() if opened(request) else BASIC

    world = World(answer)
    assert isinstance(ask(world), Resolved)
    assert world.stolen == []


def test_redirect_with_a_token() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == EVIL:
            return sent()
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": TOKEN})
        if opened(request):
            return httpx.Response(302, headers={"Location": f"https://{EVIL}/"})
        return challenge(f'Bearer realm="{OWNER}/token"')

    world = World(answer)
    assert isinstance(ask(world), Resolved)
    world.was_opened()
    world.keeps_its_secrets()


def test_redirect_to_an_attacker_who_asks_for_a_password() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return BASIC if request.url.host == EVIL else redirecting(f"https://{EVIL}/")(request)

    world = World(answer)
    ask(world)
    world.was_opened()
    world.keeps_its_secrets()
    assert len(world.stolen) == 1


def test_redirect_of_the_token_service_is_not_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(307, headers={"Location": f"https://{EVIL}/token"})
        return challenge(f'Bearer realm="{OWNER}/token"')

    for fields in (PASSWORD_LOGIN, IDENTITY_LOGIN):
        world = World(answer)
        ask(world, fields)
        assert world.stolen == []


def test_redirect_of_the_root_that_is_asked_for_its_challenge_is_not_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v2/":
            return httpx.Response(307, headers={"Location": f"https://{EVIL}/v2/"})
        return httpx.Response(401)

    world = World(answer)
    ask(world)
    assert world.stolen == []


# --- Realms


def test_realm_on_another_host() -> None:
    no_realm_leak(f"https://{EVIL}/token")


def test_realm_that_starts_with_the_registrys_name() -> None:
    no_realm_leak(f"https://{HOST}.{EVIL}/token")


def test_realm_that_ends_in_the_domain_without_a_dot() -> None:
    no_realm_leak("https://evilexample.com/token")


def test_realm_with_the_registry_in_its_path_query_and_fragment() -> None:
    no_realm_leak(f"https://{EVIL}/{HOST}?{HOST}#{HOST}")


def test_realm_at_the_token_service_of_another_registry() -> None:
    no_realm_leak("https://auth.docker.io/token")


def test_realm_with_a_dot_behind_its_host() -> None:
    no_realm_leak("https://auth.example.com./token")


def test_realm_at_an_address_beside_that_of_the_registry() -> None:
    no_realm_leak("https://192.0.2.9/token", "192.0.2.1")


def test_realm_below_another_top_level() -> None:
    no_realm_leak("https://auth.internal/token", "registry.internal")


def test_realm_of_a_neighbour_on_github_pages() -> None:
    no_realm_leak("https://evil.github.io/token", "team.github.io")


def test_realm_of_a_neighbour_in_a_second_level_domain() -> None:
    no_realm_leak("https://evil.co.uk/token", "registry.co.uk")


def test_realm_of_a_neighbour_on_amazon() -> None:
    no_realm_leak(
        "https://evil.us-east-1.elb.amazonaws.com/token", "team.us-east-1.elb.amazonaws.com"
    )


def test_realm_of_a_neighbour_on_azures_registry() -> None:
    no_realm_leak("https://evil.azurecr.io/token", "team.azurecr.io")


def test_realm_of_a_neighbour_on_cloudfront() -> None:
    no_realm_leak("https://evil.cloudfront.net/token", "team.cloudfront.net")


def test_realm_of_a_neighbour_on_cloud_run() -> None:
    no_realm_leak("https://evil-uc.a.run.app/token", "team-uc.a.run.app")


def test_realm_of_a_neighbour_on_artifactory() -> None:
    no_realm_leak("https://evil.jfrog.io/token", "team.jfrog.io")


def test_realm_in_plain_http_is_not_asked() -> None:
    no_realm_is_asked(f"http://{HOST}/token")


def test_realm_with_a_login_in_it_is_not_asked() -> None:
    no_realm_is_asked(f"https://{HOST}:x@{EVIL}/token")


def test_realm_whose_host_is_read_in_two_ways_is_not_asked() -> None:
    no_realm_is_asked(f"https://{EVIL}\\\\@{HOST}/token")
    no_realm_is_asked(f"https://{HOST}\\\\.{EVIL}/token")


@pytest.mark.parametrize(
    "host",
    ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.169.254.", "[::ffff:a9fe:a9fe]"],
)
def test_realm_at_a_metadata_address_in_another_notation_is_not_asked(host: str) -> None:
    no_realm_is_asked(f"https://{host}/token")


def test_realm_on_an_attackers_host_beside_basic() -> None:
    """Bearer is taken, anonymously; the password is not offered in its place."""
    world = World(
        lambda request: (
            httpx.Response(401)
            if request.url.host == EVIL
            else challenge("Basic realm=x", f'Bearer realm="https://{EVIL}/"')
        )
    )
    ask(world)
    world.keeps_its_secrets()


# --- Names and addresses


def looked_up(addresses: list[list[str]]) -> tuple[World, list[str]]:
    """A registry that names a token service whose name leads to these, one after another."""
    world = World(with_realm(f"https://auth.{HOST}/token"), OWNER)
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return addresses[min(len(asked), len(addresses)) - 1]

    login = Login(username=USER, password=PASSWORD)
    is_clean(repr(resolver(world, login, lookup=lookup).resolve([reference(APP)])))
    return world, asked


def test_dns_that_answers_anew_after_the_check() -> None:
    world, asked = looked_up([["192.0.2.1"], ["169.254.169.254"]])
    assert [request.url.host for request in world.stolen] == ["192.0.2.1"]
    assert asked == [f"auth.{HOST}"]


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "127.0.0.1", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1", "fd00:ec2::254"],
)
def test_dns_that_mixes_an_inner_address_with_others(address: str) -> None:
    for addresses in (["192.0.2.1", address], [address, "192.0.2.1"]):
        world, _ = looked_up([addresses])
        assert world.stolen == []


# --- Which login is whose


class Logins:
    """Knows the owner's login only."""

    def find(self, registry: str, repository: str) -> Found:
        if (registry, repository) != (HOST, "team/app"):
            return Found()
        return Found(Credential("a file", USER, PASSWORD))


def both(texts: list[str], credentials: Credentials, *owners: str) -> World:
    world = World(lambda request: found() if opened(request) else BASIC, *owners)
    is_clean(repr(resolver(world, credentials, QUICK).resolve(map(reference, texts))))
    world.was_opened()
    return world


def test_login_of_one_registry_at_another() -> None:
    both([APP, f"{EVIL}/team/app:1.0"], Logins()).keeps_its_secrets()


def test_login_of_one_port_at_another() -> None:
    both([APP, f"{HOST}:8443/team/app:1.0"], Logins()).keeps_its_secrets()


def test_login_of_one_repository_for_another() -> None:
    world = both([APP, f"{HOST}/other/app:1.0"], Logins())
    others = [request for request in world.owned if "/other/" in request.url.path]
    assert others
    for request in others:
        is_clean(arrived(request))


def test_login_in_a_file_is_of_its_host_and_port_only(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"auths": {f"{HOST}:5000": {"auth": PAIR}}}))
    credentials = ConfiguredCredentials({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    assert credentials.find(f"{HOST}:5000", "team/app").credential is not None
    for other in (HOST, f"{HOST}:5001", f"a.{HOST}:5000", "example.com:5000", "docker.io", EVIL):
        assert credentials.find(other, "team/app").credential is None


def test_login_in_a_file_is_of_whole_parts_of_a_path(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"auths": {f"{HOST}/team": {"auth": PAIR}}}))
    credentials = ConfiguredCredentials({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    assert credentials.find(HOST, "team/app").credential is not None
    for other in ("teamwork/app", "te", "other/team"):
        assert credentials.find(HOST, other).credential is None


def test_token_of_one_registry_at_another() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": TOKEN})
        return found() if opened(request) else challenge(f'Bearer realm="{OWNER}/token"')

    world = World(answer)
    texts = [reference(APP), reference(f"{EVIL}/team/app:1.0")]
    resolver(world, Logins(), QUICK._replace(concurrency=1)).resolve(texts)
    world.was_opened()
    first = world.stolen[0]
    is_clean(arrived(first))
    # With no login of its own the other registry gets what the service gives to anybody.
    assert not any(PAIR in arrived(request) for request in world.stolen)


def test_cookies_of_the_registry_are_kept_by_nobody() -> None:
    no_redirect_leak(f"https://{EVIL}/blob")
    world = World(lambda _: httpx.Response(405, headers={"Set-Cookie": f"a={TOKEN}"}))
    ask(world)
    assert not any("cookie" in request.headers for request in world.owned)


def test_a_referer_is_never_sent() -> None:
    world = World(redirecting(f"https://{EVIL}/blob?signature={TOKEN[:3]}"))
    ask(world)
    assert not any("referer" in request.headers for request in [*world.owned, *world.stolen])


# --- The machine's own files, and the tree that is read


def headers_sent(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """What a registry on this machine receives that asks for a password."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "DOCKER_AUTH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with misbehaving(reply(401, 'WWW-Authenticate: Basic realm="x"')) as server:
        text = f"{server.host}/team/app:1.0"
        RegistryResolver(QUICK).resolve([reference(text)])
        assert server.asked
        return [asked.headers for asked in server.asked]


def test_netrc_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"machine 127.0.0.1 login {USER} password {PASSWORD}\n"
    content += f"default login {USER} password {PASSWORD}\n"
    for name in (".netrc", "_netrc"):
        (tmp_path / name).write_text(content)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for headers in headers_sent(monkeypatch):
        assert "authorization" not in headers


def hostile_tree(path: Path) -> None:
    """Every file by which a tree could hope to choose a login."""
    entries = {key: {"auth": PAIR} for key in ("127.0.0.1", HOST, "https://index.docker.io/v1/")}
    config = json.dumps({"auths": entries, "credsStore": "evil", "credHelpers": {HOST: "evil"}})
    for name in (
        "config.json",
        "auth.json",
        ".dockercfg",
        ".docker/config.json",
        ".config/containers/auth.json",
        "containers/auth.json",
    ):
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(config)
    (path / ".env").write_text(f"DOCKER_CONFIG=.docker\nDOCKER_AUTH_CONFIG={config}\n")
    (path / ".netrc").write_text(f"default login {USER} password {PASSWORD}\n")
    program = path / "docker-credential-evil"
    program.write_text(f"#!/bin/sh\n: > {path}/ran\n")
    program.chmod(0o755)


def test_a_hostile_tree_as_the_current_directory_chooses_no_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, home = tmp_path / "tree", tmp_path / "home"
    home.mkdir()
    tree.mkdir()
    hostile_tree(tree)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("HOME", str(home))
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for headers in headers_sent(monkeypatch):
        assert "authorization" not in headers
    for registry in (HOST, "docker.io", "127.0.0.1"):
        assert ConfiguredCredentials({}, home).find(registry, "team/app") == Found()


def test_a_helper_in_the_current_directory_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile_tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    for path in (".", "", "./", ":", "tools/../."):
        monkeypatch.setenv("PATH", path)
        assert isinstance(helper.ask("evil", HOST, "a file"), helper.Broken)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "name", ["../evil", "/bin/sh", "evil;x", "evil x", "", "$(x)", "a\nb", "\0"]
)
def test_a_helper_whose_name_is_a_path_or_a_command_is_not_run(name: str) -> None:
    broken = helper.ask(name, HOST, "a file")
    assert isinstance(broken, helper.Broken)
    assert "is not the name of a credential helper" in broken.reason
    assert broken.reason.isprintable()


# --- Proxies


def test_a_proxy_learns_the_host_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with misbehaving(raw(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", CLOSE)) as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        options = RegistryOptions(deadline=5.0, retries=0)
        login = Login(username=USER, password=PASSWORD)
        RegistryResolver(options, credentials=login).resolve([reference(APP)])
        assert {(asked.method, asked.path) for asked in proxy.asked} == {("CONNECT", f"{HOST}:443")}
        for asked in proxy.asked:
            is_clean(repr(asked))
            assert "authorization" not in asked.headers


# --- Words


def echoing(request: httpx.Request) -> httpx.Response:
    """Say everything that was heard, wherever an answer has words."""
    told = request.headers.get("authorization", "") + request.content.decode()
    heard = {"WWW-Authenticate": 'Basic realm="x"', "Warning": told, "Content-Type": "text/plain"}
    if "authorization" not in request.headers:
        return httpx.Response(401, headers=heard)
    body = json.dumps({"errors": [{"code": told, "message": told}]})
    return httpx.Response(404, headers={**heard, "Retry-After": told}, content=body)


def test_messages_do_not_repeat_what_was_sent() -> None:
    world = World(echoing)
    ask(world)  # It looks at the words itself.
    world.was_opened()


def test_messages_about_a_redirect_do_not_show_its_query() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == EVIL:
            return httpx.Response(500)
        return httpx.Response(307, headers={"Location": f"https://{EVIL}/?signature={TOKEN}"})

    ask(answer)


def test_reprs_of_requests_and_logins_hold_no_secret() -> None:
    headers = {"Authorization": f"Basic {PAIR}"}
    request = Request("POST", f"{OWNER}/token?x={TOKEN}", headers, 1, {"refresh_token": IDENTITY})
    is_clean(f"{request!r} {request} {[request]}")
    credential = Credential("a file", USER, PASSWORD, IDENTITY, TOKEN)
    is_clean(f"{credential!r} {credential} {[credential]} {Found(credential)}")


def test_logs_hold_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(0):
        world = World(redirecting(f"https://{EVIL}/?signature=1"))
        ask(world)
        ask(World(with_realm(f"{OWNER}/token")), IDENTITY_LOGIN)
    is_clean(caplog.text)
