import asyncio

from boltseal.resolve.room import Room


async def entered(room: Room, order: list[int], number: int) -> None:
    async with room:
        order.append(number)
        await asyncio.sleep(3600)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_as_many_enter_as_there_are_places_in_the_order_of_coming() -> None:
    async def run() -> None:
        room, order = Room(2), []
        tasks = [asyncio.create_task(entered(room, order, number)) for number in range(4)]
        await settle()
        assert order == [0, 1]
        tasks[0].cancel()
        await settle()
        assert order == [0, 1, 2]
        await over(tasks)

    asyncio.run(run())


def test_more_places_let_in_those_who_wait() -> None:
    async def run() -> None:
        room, order = Room(1), []
        tasks = [asyncio.create_task(entered(room, order, number)) for number in range(4)]
        await settle()
        room.resize(3)
        await settle()
        assert order == [0, 1, 2]
        await over(tasks)

    asyncio.run(run())


def test_with_fewer_places_nobody_enters_before_enough_have_left() -> None:
    async def run() -> None:
        room, order = Room(3), []
        tasks = [asyncio.create_task(entered(room, order, number)) for number in range(5)]
        await settle()
        room.resize(1)
        for leaving, inside in ((0, [0, 1, 2]), (1, [0, 1, 2]), (2, [0, 1, 2, 3])):
            tasks[leaving].cancel()
            await settle()
            assert order == inside
        await over(tasks)

    asyncio.run(run())


def test_a_place_given_to_one_who_has_just_gone_is_given_to_the_next() -> None:
    async def run() -> None:
        room, order = Room(1), []
        tasks = [asyncio.create_task(entered(room, order, number)) for number in range(3)]
        await settle()
        room.leave()  # The place goes to the second, which is gone before it can take it.
        tasks[1].cancel()
        await settle()
        assert order == [0, 2]
        tasks[0].cancel()
        tasks[2].cancel()

    asyncio.run(run())


def test_who_goes_while_waiting_takes_no_place() -> None:
    async def run() -> None:
        room, order = Room(1), []
        tasks = [asyncio.create_task(entered(room, order, number)) for number in range(3)]
        await settle()
        tasks[1].cancel()
        await settle()
        tasks[0].cancel()
        await settle()
        assert order == [0, 2]
        await over(tasks)

    asyncio.run(run())


async def over(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
