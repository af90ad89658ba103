import asyncio

import pytest

from boltseal.resolve import opening
from boltseal.resolve.opening import Opening


def test_those_behind_a_first_question_that_hangs_wait_for_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def pass_through(shared: Opening) -> None:
        async with shared.turn():
            pass

    async def run() -> None:
        shared = Opening()
        async with shared.turn():
            monkeypatch.setattr(opening, "_HEAD_START", 0.01)
            await pass_through(shared)
            monkeypatch.setattr(opening, "_HEAD_START", 3600.0)
            async with asyncio.timeout(5):
                await pass_through(shared)

    asyncio.run(run())
