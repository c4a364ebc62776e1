"""A server of channels and lockers that answers as it is told, for what a real one does only in trouble.

Over HTTP a path with 409-CODE is answered with that status and code, a batch item by item, any other request with an echo of
itself. On sockets names say what happens:
  channel say:N    N messages          drop:N   N messages, then the connection is lost; the next one recovers
  channel lost:N   the same, but nothing is recovered          close:CODE   a close          deny:CODE   an error
  report  ok, fail, cancelled, slow, over, none, drop
  room    deny-CODE; the command deny-CODE is refused when it is acknowledged
A bearer that is `bad` is refused with 401. Prints its port, and then, one a line, what clients send.
"""
import base64, hashlib, json, re, socket, struct, threading

connections = {}
NOW = "2026-11-21T10:00:00.000Z"


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=serve, args=(peer, peer.makefile("rwb")), daemon=True).start()


def serve(peer, stream):
    try:
        while (line := stream.readline()):
            method, target, _ = line.decode().split(" ", 2)
            fields = {}
            while (line := stream.readline().decode().strip()):
                name, value = line.split(":", 1)
                fields[name.lower()] = value.strip()
            body = stream.read(int(fields.get("content-length", 0)))
            if fields.get("authorization") == "Bearer bad":
                answer(stream, 401, {"error": "INVALID_SESSION", "message": "Told to"})
            elif "upgrade" in fields:
                return Socket(peer, stream, target, fields).converse()
            else:
                respond(stream, method, target, fields, json.loads(body) if body else None)
    except OSError:
        pass  # The client has left.
    finally:
        stream.close()
        peer.close()


def respond(stream, method, target, fields, body):
    told = re.search(r"/(\d{3})-(\w+)", target)
    if told:
        return answer(stream, int(told[1]), {"error": told[2], "message": "Told to"})
    if target.endswith("/batch"):
        results = [{"error": "INVALID_CHANNEL", "message": "Told to"} if "bad" in item["message"]
                   else {"delivered": 1, "channel": item["channel"], "offset": place}
                   for place, item in enumerate(body["items"])]
        print(json.dumps(body), flush=True)
        return answer(stream, 200, {"results": results})
    names = {name: fields[name] for name in ("authorization", "x-api-key", "idempotency-key") if name in fields}
    answer(stream, 202, {"method": method, "target": target, "fields": names, "body": body, "delivered": 2})


def answer(stream, status, result):
    text = json.dumps(result).encode()
    stream.write(f"HTTP/1.1 {status} Told\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
    stream.flush()


class Socket:
    def __init__(self, peer, stream, target, fields):
        self.peer, self.stream, self.target = peer, stream, target
        key = fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        shown = {name: fields[name] for name in ("authorization", "x-api-key", "sec-websocket-protocol") if name in fields}
        print(json.dumps({"target": target, "fields": shown}), flush=True)
        self.put(f"HTTP/1.1 101 Told\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        self.visits = connections[target.split("?")[0]] = connections.get(target.split("?")[0], 0) + 1

    def converse(self):
        self.greet()
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
                if self.react(json.loads(payload)) == "lost":
                    return

    # What is said.

    def greet(self):
        path = self.target.split("?")[0]
        if path == "/ws" or path.startswith("/api/"):
            self.say({"type": "welcome", "timestamp": NOW, "data": {
                "connectionId": "ws_1", "serverTime": NOW, "availableChannels": []}})
            if "/progress/" in path:
                self.report(path.split("/")[-1])
            if "/stream/" in path:
                self.say({"type": "initial_data", "data": [{"v": 2, "s": "a"}, {"v": 1, "s": "b"}]})
        else:
            since = re.search(r"since=(.*)", self.target)
            data = {"connectionId": "c1", "namespace": path, "userId": "u1", "timestamp": NOW}
            if since:
                data.update({"epoch": "e", "offset": 5})
                if since[1] != "now":
                    data["recovered"] = True
            self.say({"type": "connection", "data": data})
            if since and self.visits == 2:
                self.say({"type": "event", "data": 2, "offset": 6})

    def react(self, message):
        kind = message["type"]
        if kind == "subscribe":
            return self.subscribe(message["channel"], message.get("since"))
        if kind == "publish":
            if message["channel"].startswith("deny:"):
                return self.refuse(message["channel"][5:])
            self.say({"type": "published", "channel": message["channel"], "delivered": 3, "id": message["id"]})
        if kind == "cancel_report":
            if self.target.endswith("/over"):
                return self.refuse("REPORT_NOT_CANCELLABLE")
            self.status("cancelled", 40)
        if kind == "apply_filter":
            self.say({"type": "initial_data", "data": [{"v": 2, "s": "a"}]})
            self.say({"type": "data_update", "data": {"v": 3, "s": "a"}})
        if kind == "update_interval" and 0 < message["interval"] < 250:
            self.refuse("INVALID_INTERVAL")
        if kind == "join_room":
            if message["room"].startswith("deny-"):
                return self.say({"type": "error", "data": {"code": message["room"][5:], "message": "Told to"}})
            self.say({"type": "room_joined", "data": {"room": message["room"]}})
            self.say({"type": "locker_state_changed", "data": {"lockerId": "l1"}, "timestamp": NOW})
            if message["room"] == "drop" and self.visits == 1:
                return "lost"
        if kind == "ack":
            if message["commandId"].startswith("deny-"):
                return self.say({"type": "error", "data": {"code": message["commandId"][5:], "message": "Told to"}})
            self.say({"type": "ack_received", "data": {"commandId": message["commandId"]}})

    def subscribe(self, channel, since):
        word, _, rest = channel.partition(":")
        if word == "deny":
            return self.refuse(rest, channel)
        told = {"type": "subscribed", "channel": channel}
        first = 0
        if word == "drop" and since is not None:
            told.update({"epoch": "e", "offset": 0})
            if "epoch" in since:
                first = since["offset"]
                told.update({"offset": first + 1, "recovered": True})
        if word == "lost" and since is not None:
            told.update({"epoch": f"e{self.visits}", "offset": 0})
            if "epoch" in since:
                told["recovered"] = False
        self.say(told)
        if word == "close":
            return self.frame(8, struct.pack(">H", int(rest)))
        if rest.isdigit():
            for place in range(int(rest) if self.visits == 1 else 1):
                message = {"type": "m", "data": {"n": first + place + 1}, "channel": channel, "timestamp": NOW}
                if word == "drop" and since is not None:
                    message["offset"] = first + place + 1
                self.say(message)
        return "lost" if word in ("drop", "lost") and self.visits == 1 else None

    def report(self, name):
        if name == "none":
            return self.refuse("REPORT_NOT_FOUND")
        self.status("pending", 0, "Waiting")
        if name == "drop" and self.visits == 1:
            return self.peer.shutdown(socket.SHUT_RDWR)
        if name in ("ok", "fail", "drop"):
            self.status("running", 50, "Reading data")
        if name == "fail":
            self.status("error", 50, "No data")
            self.refuse("REPORT_FAILED")
        if name == "cancelled":
            self.status("cancelled", 50)
        if name in ("ok", "drop"):
            self.status("completed", 100)
            self.say({"type": "report_completed", "data": {
                "reportId": "r", "downloadUrl": "/files/r.pdf", "format": "pdf", "fileSize": 7}})

    def status(self, state, progress, message=None):
        data = {"reportId": "r", "status": state, "progress": progress}
        self.say({"type": "report_status", "data": dict(data, message=message) if message else data})

    def refuse(self, code, channel=None):
        error = {"type": "error", "code": code, "message": "Told to", "timestamp": NOW}
        self.say(dict(error, channel=channel) if channel else error)

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
