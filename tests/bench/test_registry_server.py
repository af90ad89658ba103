import http.client
import ssl
import time

import pytest
from bench.registry_server import HTTP1, HTTP2, Setting, serving
from bench.resolve import references, resolve


@pytest.mark.parametrize("protocols", [(HTTP1,), (HTTP2, HTTP1)], ids=["http1", "both"])
def test_references_of_several_registries_are_resolved_and_requests_are_counted(protocols):
    with serving(Setting(registries=2, delay=0.001, protocols=protocols)) as served:
        done = resolve(served, references(served, 6))
        assert done.counts["manifest"] == done.counts["token"] == 6
        assert done.counts["challenge"] >= 2
        assert done.counts["connection"] >= 2
        assert done.counts["other"] == 0
        assert served.counts().total() == 0


def test_a_connection_takes_two_round_trips_and_a_request_one():
    delay = 0.1
    with serving(Setting(delay=delay)) as served:
        context = ssl.create_default_context(cafile=served.authority)
        client = http.client.HTTPSConnection("127.0.0.1", served.ports[0], context=context)
        started = time.monotonic()
        client.connect()
        connected = time.monotonic()
        client.request("HEAD", "/v2/team/app/manifests/1")
        answer = client.getresponse()
        answered = time.monotonic()
        client.close()
    assert answer.status == 401
    assert connected - started >= 2 * delay
    assert answered - connected >= delay


def test_a_registry_that_is_gone_is_an_error():
    with serving(Setting(delay=0.001)) as served:
        wanted = references(served, 1)
    with serving(Setting(delay=0.001)) as other, pytest.raises(RuntimeError, match="team/app0"):
        resolve(other, wanted)
