"""What is told at the end of a run: rate limits, announcements, and what is to be known."""

import httpx
import pytest

from boltseal.reference import DOCKER_HUB
from boltseal.resolve.registry import RegistryResolver
from tests.resolve.mockregistry import APP, HOST, QUICK, found, reason, reference, resolver

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def limited(left: int, status: int = 200) -> httpx.Response:
    answer = found() if status == 200 else httpx.Response(status)
    answer.headers["ratelimit-limit"] = "100;w=21600"
    answer.headers["ratelimit-remaining"] = f"{left};w=21600"
    answer.headers["docker-ratelimit-source"] = "192.0.2.7"
    return answer


def announcing(*values: str) -> httpx.Response:
    raw = [*found().headers.raw, *((b"Warning", value.encode()) for value in values)]
    return httpx.Response(200, headers=raw)


def asked(answer: httpx.Response, *texts: str) -> RegistryResolver:
    registry = resolver(lambda _: answer, options=QUICK._replace(retries=0))
    registry.resolve([reference(text) for text in texts or (APP,)])
    return registry


def test_a_limit_that_is_nearly_used_up_is_told_once() -> None:
    assert asked(limited(12), "nginx:1", "nginx:2").notes == (
        "Docker Hub: 12 of 100 left in 6 hours",
    )


def test_a_limit_with_much_left_is_not_told() -> None:
    assert asked(limited(76)).notes == ()


def test_a_limit_that_was_met_is_told_whatever_is_left() -> None:
    assert asked(limited(76, 429)).notes == (f"{HOST}: 76 of 100 left in 6 hours",)


def test_the_latest_word_on_a_limit_counts() -> None:
    answers = [limited(9), limited(10)]
    registry = resolver(lambda _: answers.pop())
    registry.resolve([reference(APP)])
    registry.resolve([reference(f"{APP}1")])
    assert registry.notes == (f"{HOST}: 9 of 100 left in 6 hours",)


def test_a_refusal_for_the_limit_names_it_and_the_wait() -> None:
    answer = limited(0, 429)
    answer.headers["retry-after"] = "60"
    registry = resolver(lambda _: answer, options=QUICK._replace(retries=0))
    outcome = registry.resolve([reference(APP)])[reference(APP).canonical]
    assert reason(outcome) == f"rate limited by {HOST}"
    assert f"{HOST}: 0 of 100 left in 6 hours; it asks to wait 60 seconds" in str(outcome)
    assert "192.0.2.7" not in str(outcome)


def test_a_warning_of_a_registry_is_told_once() -> None:
    answer = announcing('299 - "pulls of 1.x end in May"')
    assert asked(answer, APP, f"{APP}1").notes == (f"{HOST} announces: pulls of 1.x end in May",)


def test_several_warnings_in_one_header_and_in_several_are_told() -> None:
    registry = asked(announcing('299 - "one", 299 - "two"', '299 - "say \\"three\\""'))
    assert registry.notes == tuple(
        f"{HOST} announces: {text}" for text in ("one", "two", 'say "three"')
    )


@pytest.mark.parametrize("value", ['199 - "x"', '299 proxy "x"', "299 - x", '299 - " "', ""])
def test_what_is_no_warning_of_a_registry_is_not_told(value: str) -> None:
    assert asked(announcing(value)).notes == ()


def test_the_text_of_a_warning_steers_no_terminal_and_is_short() -> None:
    answer = announcing('299 - "\x1b[31mred\u202e' + "a" * 5000 + '"')
    (note,) = asked(answer).notes
    assert note.isprintable()
    assert "\\x1b[31mred\\u202e" in note
    assert len(note) < 300


def test_warnings_are_bounded_in_number() -> None:
    counter = iter(range(10**6))

    def handler(request: httpx.Request) -> httpx.Response:
        return announcing(*(f'299 - "number {next(counter)}"' for _ in range(50)))

    registry = resolver(handler)
    registry.resolve([reference(f"{APP}{number}") for number in range(20)])
    assert len(registry.notes) == 11
    assert registry.notes[-1] == "registries announce more, which is not shown"


def test_sealing_at_ecr_advises_on_pull_through_caches_once() -> None:
    registry = asked(found(), f"{ECR}/a:1", f"{ECR}/b:1")
    (note,) = registry.notes
    assert note.startswith(f"{ECR}: a pull-through cache")
    assert asked(httpx.Response(404), f"{ECR}/a:1").notes == ()


def test_a_name_in_other_letters_is_warned_of_once() -> None:
    host = "registry.xn--exmple-cua.com"
    registry = asked(found(), f"{host}/a:1", f"{host}/b:1", APP)
    (warning,) = registry.warnings
    assert warning.startswith(f"{host} stands for a name in other letters")


def test_docker_hub_is_one_host_by_all_its_names() -> None:
    requests: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(str(request.url.host))
        return limited(5)

    registry = resolver(handler)
    names = (f"{DOCKER_HUB}/library/a:1", "registry-1.docker.io/library/a:1")
    registry.resolve([reference(text) for text in names])
    assert set(requests) == {"registry-1.docker.io"}
    assert registry.notes == ("Docker Hub: 5 of 100 left in 6 hours",)
