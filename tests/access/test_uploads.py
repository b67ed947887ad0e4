"""Files are brought in through the door: no larger than 100 MB, whatever the sender says of their size."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.access.conftest import Person
from tests.serving import Server
from tests.streamlit_socket import Client

MEGABYTE = 1024 * 1024


@contextmanager
def upload(app: Server, who: Person, tab: str, **headers: str) -> Iterator[http.client.HTTPConnection]:
    """The beginning of an upload into a tab, up to its body."""
    token = who.web.get("/_stcore/health").cookies["_streamlit_xsrf"]
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=60)
    connection.putrequest("PUT", f"/_stcore/upload_file/{tab}/file")
    own = {"Cookie": f"{who.cookie}; _streamlit_xsrf={token}", "X-Xsrftoken": token}
    for name, value in (own | {"Content-Type": "multipart/form-data; boundary=x"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    yield connection
    connection.close()


def in_a_tab(app: Server, who: Person, send: Callable[[str], int]) -> int:
    async def go() -> int:
        async with Client(app.port, cookie=who.cookie) as client:
            await client.run(page="data")
            return await asyncio.to_thread(send, client.session_id)

    return asyncio.run(go())


def part(content: bytes) -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return head + content + b"\r\n--x--\r\n"


@pytest.mark.parametrize(("megabytes", "status"), [(1, 204), (101, 413)])
def test_a_file_that_says_its_size(app: Server, demo_person: Callable, megabytes: int, status: int) -> None:
    who = demo_person("administrator")
    body = part(b"x" * megabytes * MEGABYTE)

    def send(tab: str) -> int:
        with upload(app, who, tab, **{"Content-Length": str(len(body))}) as connection:
            if status == 204:
                connection.send(body)
            return connection.getresponse().status

    assert in_a_tab(app, who, send) == status


def test_a_file_that_hides_its_size_is_cut_off(app: Server, demo_person: Callable) -> None:
    who, chunk = demo_person("administrator"), b"x" * MEGABYTE

    def send(tab: str) -> int:
        with upload(app, who, tab, **{"Transfer-Encoding": "chunked"}) as connection:
            try:
                for piece in (part(b"")[:-9], *[chunk] * 110):
                    connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            except (BrokenPipeError, ConnectionResetError):
                return 413
            return connection.getresponse().status

    assert in_a_tab(app, who, send) == 413
