"""Serves a registry over HTTP/2 connections (RFC 9113), with as many streams as is usual."""

import asyncio

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes

from bench.registry import Registry, Request

STREAMS = 100
"""How many requests are answered at a time; servers commonly allow 100 to 128."""
_CHUNK = 65536


async def serve(
    registry: Registry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer requests, side by side, until the client goes away; none may have a body."""
    connection = H2Connection(H2Configuration(client_side=False))
    connection.local_settings[SettingCodes.MAX_CONCURRENT_STREAMS] = STREAMS
    connection.initiate_connection()
    try:
        async with asyncio.TaskGroup() as group:
            writer.write(connection.data_to_send())
            while received := await reader.read(_CHUNK):
                for event in connection.receive_data(received):
                    if isinstance(event, RequestReceived):
                        group.create_task(_answer(registry, connection, writer, event))
                writer.write(connection.data_to_send())
    except* (ConnectionError, ProtocolError):
        pass  # The client went away in the middle.
    writer.close()


async def _answer(
    registry: Registry,
    connection: H2Connection,
    writer: asyncio.StreamWriter,
    event: RequestReceived,
) -> None:
    fields = {name.decode(): value.decode() for name, value in event.headers}
    headers = {**fields, "host": fields.get(":authority", "")}
    answer = await registry.answer(Request(fields[":method"], fields[":path"], headers))
    head = [(":status", str(answer.status)), *answer.headers]
    connection.send_headers(event.stream_id, head, end_stream=not answer.body)
    if answer.body:
        connection.send_data(event.stream_id, answer.body, end_stream=True)
    writer.write(connection.data_to_send())
