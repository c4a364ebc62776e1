"""A server of sync that answers as it is told, for the errors that a real one gives only in trouble.

GET /session/409-VERSION_CONFLICT is answered with that status and code, any other request with 200 and an echo of itself.
On the socket a token that is an AUTH_FAILURE code is refused with it, a STATE_UPDATE whose key is an ERROR code too,
and the key `close-4409` closes; every other change is acknowledged as version 7. Prints its port, and then, one a line,
what clients send.
"""
import base64, hashlib, json, re, socket, struct, threading

DETAILS = {"VERSION_CONFLICT": {"server_version": 3, "conflicting_keys": ["mood"], "server_state": {"mood": "calm"}},
           "HANDOFF_PENDING": {"expires_at": "2026-11-21T11:27:47.000Z", "token": "secret-token"}}
SESSION = "550e8400-e29b-41d4-a716-446655440000"


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=serve, args=(peer.makefile("rwb"),), daemon=True).start()


def serve(stream):
    try:
        while (line := stream.readline()):
            method, target, _ = line.decode().split(" ", 2)
            fields = {}
            while (line := stream.readline().decode().strip()):
                name, value = line.split(":", 1)
                fields[name.lower()] = value.strip()
            body = stream.read(int(fields.get("content-length", 0)))
            if "upgrade" in fields:
                return converse(stream, fields["sec-websocket-key"])
            answer(stream, method, target, fields, body)
    except OSError:
        pass  # The client has left.


def answer(stream, method, target, fields, body):
    told = re.search(r"/(\d{3})-(\w+)", target)
    extra = ""
    if told:
        status, code = int(told[1]), told[2]
        result = {"error": code, "message": "Told to", "details": DETAILS.get(code, {}), "request_id": "r1"}
        if status in (429, 503):
            extra = "Retry-After: 7\r\n"
    else:
        names = {name: fields[name] for name in ("authorization", "if-match", "x-device-id") if name in fields}
        status, result = 200, {"method": method, "target": target, "fields": names, "version": 4,
                               "body": json.loads(body) if body else None}
    text = json.dumps(result).encode()
    stream.write(f"HTTP/1.1 {status} Told\r\n{extra}Content-Length: {len(text)}\r\n\r\n".encode() + text)
    stream.flush()


def converse(stream, key):
    accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
    stream.write(f"HTTP/1.1 101 Told\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
    stream.flush()
    while True:
        head = stream.read(2)
        if len(head) < 2:
            return
        opcode, size = head[0] & 15, head[1] & 127
        if size == 126:
            size = struct.unpack(">H", stream.read(2))[0]
        mask = stream.read(4)
        payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(size)))
        if opcode == 8:
            send(stream, 8, payload)
            return
        if opcode == 1:
            print(payload.decode(), flush=True)
            react(stream, json.loads(payload))


def react(stream, message):
    payload = message["payload"]
    if message["type"] == 7:
        token = payload.get("token", "")
        if token.isupper():
            return say(stream, 9, {"code": token, "message": "Told to"})
        return say(stream, 8, {
            "session_id": SESSION, "user_id": "u", "device_id": payload["device_id"], "roles": [], "expires_at": None,
            "heartbeat_interval": 30000, "version": 6, "devices_online": 1, "server_time": 0, "epoch": "e", "seq": 0})
    key = payload["key"]
    if key.startswith("close-"):
        return send(stream, 8, struct.pack(">H", int(key[6:])))
    correlation = {"correlation_id": message["correlation_id"]}
    if key.isupper():
        return say(stream, 6, {"code": key, "message": "Told to", "details": DETAILS.get(key, {})}, correlation)
    say(stream, 5, dict(payload, version=7, device_id="d", ack=True), correlation)


def say(stream, kind, payload, more={}):
    send(stream, 1, json.dumps(dict(type=kind, payload=payload, **more)).encode())


def send(stream, opcode, payload):
    size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack(">H", len(payload))
    stream.write(bytes([0x80 | opcode]) + size + payload)
    stream.flush()


main()
