"""Two devices of one session against a running sync service, by the `websockets` package: a client that is not ours.

usage: python3 two_devices.py URL TOKEN [deflate]      For wss the service may have any certificate.
Exits with 0 when everything was heard as the protocol says; otherwise with a traceback and 1.
"""

import asyncio
import json
import ssl
import sys

import websockets

URL, TOKEN = sys.argv[1:3]
COMPRESSION = "deflate" if sys.argv[3:] == ["deflate"] else None
SESSION = "550e8400-e29b-41d4-a716-44665544000b"


def connect():
    options = {"compression": COMPRESSION, "subprotocols": ["sessionctl.sync.v1"]}
    if URL.startswith("wss:"):
        options["ssl"] = ssl.create_default_context()
        options["ssl"].check_hostname = False
        options["ssl"].verify_mode = ssl.CERT_NONE
    return websockets.connect(URL, **options)


async def say(socket, kind, tag=None, **payload):
    message = {"type": kind, "session_id": SESSION, "payload": payload}
    if tag:
        message["correlation_id"] = tag
    await socket.send(json.dumps(message))


async def hear(socket, kind):
    while True:
        message = json.loads(await asyncio.wait_for(socket.recv(), 15))
        if message["type"] == kind:
            return message["payload"]
        assert message["type"] != 6, message


async def main():
    phone, tablet = await connect(), await connect()
    assert phone.subprotocol == "sessionctl.sync.v1"
    for socket, device in [(phone, "phone"), (tablet, "tablet")]:
        await say(socket, 7, token=TOKEN, device_id=device)
        assert (await hear(socket, 8))["device_id"] == device
    assert (await hear(phone, 10))["device"]["device_id"] == "tablet"
    await say(phone, 5, tag="one", key="page", value=[1, "zwei", None], operation="SET")
    assert (await hear(phone, 5))["ack"] is True
    change = await hear(tablet, 5)
    assert change["value"] == [1, "zwei", None], change
    await say(tablet, 5, key="count", value=2.5, operation="INCREMENT")
    assert (await hear(phone, 5))["operation"] == "INCREMENT"
    await say(phone, 3)
    assert (await hear(phone, 4))["state_data"] == {"page": [1, "zwei", None], "count": 2.5}
    await say(phone, 1, client_time=5)
    assert (await hear(phone, 2))["client_time"] == 5
    await tablet.close()
    assert (await hear(phone, 11))["reason"] == "closed"
    await phone.close()


asyncio.run(asyncio.wait_for(main(), 30))
