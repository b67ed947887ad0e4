"""Requests written byte by byte, as no well-behaved client would send them."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

WAIT_SECONDS = 20.0
SOCKET = "/_stcore/stream"
UNREADABLE = frozenset({0, 400, 431})
"""What the server answers to what is no HTTP."""
KNOCK = (
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


@dataclass(frozen=True)
class Answer:
    """status: 0 when the server hung up without a word; everything: head and body as they came."""

    status: int
    everything: bytes


def ask(port: int, target: str | bytes, lines: Sequence[bytes] = (), method: str = "GET", body: bytes = b"") -> Answer:
    """Send a request with these header lines, the Host among them unless they name one, and read the whole answer."""
    own = [b"Connection: close", b"Content-Length: %d" % len(body)]
    return _sent(port, method, target, [*_host(port, lines), *lines, *own], body, to_its_end=True)


def knock(
    port: int, lines: Sequence[bytes] = (), protocols: str = "streamlit", wait_seconds: float = WAIT_SECONDS
) -> int:
    """Ask for a WebSocket; the status, which is 101 when it is opened. Raises TimeoutError when there is no answer."""
    own = [*KNOCK, *([b"Sec-WebSocket-Protocol: " + protocols.encode()] if protocols else [])]
    return _sent(
        port, "GET", SOCKET, [*_host(port, lines), *lines, *own], b"", to_its_end=False, wait_seconds=wait_seconds
    ).status


def _host(port: int, lines: Sequence[bytes]) -> list[bytes]:
    named = any(line.lower().startswith(b"host:") for line in lines)
    return [] if named else [b"Host: 127.0.0.1:%d" % port]


def _sent(
    port: int,
    method: str,
    target: str | bytes,
    lines: Sequence[bytes],
    body: bytes,
    *,
    to_its_end: bool,
    wait_seconds: float = WAIT_SECONDS,
) -> Answer:
    path = target.encode() if isinstance(target, str) else target
    head = b"\r\n".join([method.encode() + b" " + path + b" HTTP/1.1", *lines])
    with socket.create_connection(("127.0.0.1", port), wait_seconds) as wire:
        wire.sendall(head + b"\r\n\r\n" + body)
        read = b""
        while to_its_end or b"\r\n" not in read:
            try:
                piece = wire.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            read += piece
    return Answer(int(read[9:12]) if read.startswith(b"HTTP/1.") else 0, read)
