"""Two windows of one user against a running awareness service, by the `websockets` package: a client that is not ours.

usage: python3 two_windows.py URL [deflate]      The service must have -m 2 and, for wss, may have any certificate.
Exits with 0 when everything was heard as the protocol says; otherwise with a traceback and 1.
"""

import asyncio
import json
import ssl
import sys

import websockets

URL = sys.argv[1]
COMPRESSION = "deflate" if sys.argv[2:] == ["deflate"] else None


def connect():
    options = {"compression": COMPRESSION}
    if URL.startswith("wss:"):
        options["ssl"] = ssl.create_default_context()
        options["ssl"].check_hostname = False
        options["ssl"].verify_mode = ssl.CERT_NONE
    return websockets.connect(URL, **options)


async def say(socket, kind, **payload):
    await socket.send(json.dumps({"type": kind, "payload": payload} if payload else {"type": kind}))


async def hear(socket):
    return json.loads(await asyncio.wait_for(socket.recv(), 15))


async def expect(socket, kind, **payload):
    message = await hear(socket)
    assert message == {"type": kind, "payload": payload}, message


async def expect_silence(socket):
    await say(socket, "ping")
    message = await hear(socket)
    assert message["type"] == "pong", message


async def expect_close(socket, code):
    try:
        message = await asyncio.wait_for(socket.recv(), 15)
    except websockets.ConnectionClosed as closed:
        assert closed.rcvd.code == code, closed
    else:
        raise AssertionError(message)


def register(socket, window, case):
    return say(socket, "register", userId="user-12345", windowId=window, caseId=case)


async def main():
    first, second = await connect(), await connect()
    agreed = getattr(first, "extensions", None) or getattr(getattr(first, "protocol", None), "extensions", [])
    assert bool(agreed) == bool(COMPRESSION), agreed
    await register(first, "window-abc", "CASE-001")
    await expect(first, "registered", windowId="window-abc", caseId="CASE-001")
    await register(second, "window-xyz", "CASE-002")
    await expect(second, "registered", windowId="window-xyz", caseId="CASE-002")
    cases = [
        {"caseId": "CASE-001", "windowId": "window-abc"},
        {"caseId": "CASE-002", "windowId": "window-xyz"},
    ]
    multi_case = {"type": "multi-case", "cases": cases, "message": "Multiple cases are open in this session"}
    await expect(second, "warning", **multi_case)
    await expect(first, "warning", **multi_case)
    await expect(
        first,
        "warning",
        type="case-mismatch",
        cases=cases,
        message="Case CASE-002 was opened in another window while CASE-001 was being viewed",
    )
    await expect_silence(first)
    await expect_silence(second)
    await register(second, "window-xyz", "CASE-002")
    await expect(second, "registered", windowId="window-xyz", caseId="CASE-002")
    await expect_silence(second)

    third = await connect()
    await register(third, "window-new", "CASE-003")
    await expect(third, "error", code="CONNECTION_LIMIT", message="Maximum connections per user exceeded")
    await expect_close(third, 4429)

    fourth = await connect()
    await register(fourth, "window-xyz", "CASE-002")
    await expect(fourth, "registered", windowId="window-xyz", caseId="CASE-002")
    await expect(fourth, "warning", **multi_case)
    await expect_close(second, 4409)
    await say(fourth, "deregister", userId="user-12345", windowId="window-xyz")
    await expect_silence(fourth)
    await expect_silence(first)
    await fourth.send(json.dumps({"type": "ping"}) + " " * 4000)
    assert (await hear(fourth))["type"] == "pong"
    await first.close()
    await fourth.close()


asyncio.run(asyncio.wait_for(main(), 20))
