"""Serves a registry over HTTP/1.1 connections that stay open (RFC 9112)."""

import asyncio
from http import HTTPStatus

from bench.registry import Answer, Registry, Request


async def serve(
    registry: Registry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one request after the other until the client goes away; none may have a body."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(_encoded(await registry.answer(_decoded(head))))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _decoded(head: bytes) -> Request:
    line, *fields = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = line.split(" ")
    headers = (field.split(":", 1) for field in fields)
    return Request(method, target, {name.lower(): value.strip() for name, value in headers})


def _encoded(answer: Answer) -> bytes:
    status = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"
    fields = [f"{name}: {value}" for name, value in answer.headers]
    return "\r\n".join([status, *fields, "", ""]).encode() + answer.body
