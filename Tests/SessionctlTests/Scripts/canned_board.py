"""A server of board that answers as it is told, for what a real one does only in trouble.

The room, which stands in the query, says what happens:
  seed         bare snapshots and no answers           deny-CODE  every change is refused
  rate         the first change is refused once        silent     nothing is ever said
  drop         the connection is lost behind the first patch; the next one goes on with patches
  lost         the same, but the next one begins anew  close-CODE a close behind the snapshot
  unstored     a flush is never answered
A bearer that is `bad` is refused with 401, any plain request is answered with an echo of itself. Prints its port, and then,
one a line, what clients send.
"""
import base64, hashlib, json, socket, struct, threading, urllib.parse

NOW = "2026-11-21T10:00:00.000Z"
visits = {}


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=serve, args=(peer, peer.makefile("rwb")), daemon=True).start()


def serve(peer, stream):
    try:
        method, target, _ = stream.readline().decode().split(" ", 2)
        fields = {}
        while (line := stream.readline().decode().strip()):
            name, value = line.split(":", 1)
            fields[name.lower()] = value.strip()
        if fields.get("authorization") == "Bearer bad":
            answer(stream, 401, {"error": "UNAUTHORIZED", "message": "Told to"})
        elif "upgrade" in fields:
            Room(peer, stream, target, fields).converse()
        else:
            answer(stream, 200, {"method": method, "target": target, "items": [], "total": 0})
    except OSError:
        pass  # The client has left.
    finally:
        stream.close()
        peer.close()


def answer(stream, status, result):
    text = json.dumps(result).encode()
    stream.write(f"HTTP/1.1 {status} Told\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
    stream.flush()


class Room:
    def __init__(self, peer, stream, target, fields):
        self.peer, self.stream = peer, stream
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
        self.name = self.query.get("roomId", "default")
        self.user = self.query.get("userId", "guest")
        self.version, self.count, self.refusals = int(self.query.get("since", 6)), 0, 0
        self.shapes = {"a": self.shape("a", {"shapeType": "rectangle", "x": 1, "y": 2, "width": 30, "height": 8})}
        visits[self.name] = self.visit = visits.get(self.name, 0) + 1
        key = fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        shown = {name: fields[name] for name in ("authorization", "sec-websocket-protocol") if name in fields}
        print(json.dumps({"target": target, "fields": shown}), flush=True)
        self.put(f"HTTP/1.1 101 Told\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())

    def converse(self):
        if self.name != "silent" and self.greet() == "lost":
            return
        while True:
            head = self.stream.read(2)
            if len(head) < 2:
                return
            size = head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.stream.read(2))[0]
            mask = self.stream.read(4)
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.stream.read(size)))
            if head[0] & 15 == 8:
                return self.frame(8, payload)
            if head[0] & 15 == 1:
                print(payload.decode(), flush=True)
                self.react(json.loads(payload))

    # What is said.

    def greet(self):
        if self.name == "drop" and self.visit == 2:
            return self.patch(join=["again"])
        self.whole()
        if self.name.startswith("close-"):
            self.frame(8, struct.pack(">H", int(self.name[6:])))
        if self.name in ("drop", "lost") and self.visit == 1:
            self.patch(join=["other"])
            return "lost"

    def whole(self):
        state = {"connectedUsers": [self.user], "shapes": list(self.shapes.values()),
                 "cursors": [{"userId": self.user, "x": 5, "y": 4, "timestamp": NOW}]}
        if self.name != "seed":
            state = {"type": "snapshot", "room": self.name, "version": self.version, "epoch": f"e{self.visit}",
                     "you": self.user, **state}
        self.say(state)

    def patch(self, **changes):
        self.version += 1
        empty = {"put": [], "full": [], "del": [], "cursors": [], "join": [], "leave": []}
        self.say({"type": "patch", "version": self.version, **empty, **changes})

    def react(self, message):
        kind, identity = message["type"], message.get("id")
        if self.name.startswith("deny-") or self.name == "rate" and self.refusals == 0:
            self.refusals += 1
            code = self.name[5:] or "RATE_LIMITED"
            return self.say({"type": "error", "id": identity, "code": code, "message": "Told to"})
        if kind == "flush":
            if self.name != "unstored":
                self.say({"type": "ack", "id": identity, "version": self.version, "persisted": True})
            return
        name = message.get("shapeId")
        if kind in ("shape_update", "shape_delete") and name not in self.shapes:
            return self.say({"type": "error", "id": identity, "code": "SHAPE_NOT_FOUND", "message": "Told to"})
        if kind == "shape_create":
            self.count += 1
            name = f"s{self.count}"
            self.shapes[name] = self.shape(name, message)
        if kind == "shape_update":
            changes = {key: value for key, value in message.items() if key not in ("type", "id", "shapeId")}
            self.shapes[name].update(changes)
            self.shapes[name] = {key: value for key, value in self.shapes[name].items() if value is not None}
        if kind == "shape_delete":
            del self.shapes[name]
        if self.name == "seed":
            return self.whole()
        self.version += kind != "cursor_move"
        ack = {"type": "ack", "id": identity, "version": self.version, "persisted": False}
        self.say(dict(ack, shapeId=name) if name else ack)

    @staticmethod
    def shape(name, message):
        shape = {"id": name, "type": message["shapeType"], "width": 0, "height": 0, "rotation": 0, "userId": "u",
                 "timestamp": NOW}
        return shape | {key: value for key, value in message.items() if key not in ("type", "id", "shapeType")}

    # Bytes.

    def say(self, message):
        self.frame(1, json.dumps(message).encode())

    def frame(self, opcode, payload):
        size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack(">H", len(payload))
        self.put(bytes([0x80 | opcode]) + size + payload)

    def put(self, data):
        self.stream.write(data)
        self.stream.flush()


main()
