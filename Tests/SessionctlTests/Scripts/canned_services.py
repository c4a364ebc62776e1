"""A server of channels and lockers that answers as it is told, for what a real one does only in trouble.

Over HTTP a path with 409-CODE is answered with that status and code, a batch item by item, any other request with an echo of
itself. On sockets names say what happens:
  channel say:N    N messages          drop:N   N messages, then the connection is lost; the next one recovers
  channel lost:N   the same, but nothing is recovered          close:CODE   a close          deny:CODE   an error
  report  ok, fail, cancelled, slow, over, none, drop
  room    deny-CODE; the command deny-CODE is refused when it is acknowledged
A bearer that is `bad` is refused with 401. Prints its port, and then, one a line, what clients send.
"""
import json, re, socket
import canned

connections = {}
NOW = "2026-11-21T10:00:00.000Z"


def serve(peer, stream, method, target, fields, body):
    if fields.get("authorization") == "Bearer bad":
        canned.answer(stream, 401, {"error": "INVALID_SESSION", "message": "Told to"})
    elif "upgrade" in fields:
        return Socket(peer, stream, target, fields).converse()
    else:
        respond(stream, method, target, fields, json.loads(body) if body else None)


def respond(stream, method, target, fields, body):
    told = re.search(r"/(\d{3})-(\w+)", target)
    if told:
        return canned.answer(stream, int(told[1]), {"error": told[2], "message": "Told to"})
    if target.endswith("/batch"):
        results = [{"error": "INVALID_CHANNEL", "message": "Told to"} if "bad" in item["message"]
                   else {"delivered": 1, "channel": item["channel"], "offset": place}
                   for place, item in enumerate(body["items"])]
        print(json.dumps(body), flush=True)
        return canned.answer(stream, 200, {"results": results})
    names = {name: fields[name] for name in ("authorization", "x-api-key", "idempotency-key") if name in fields}
    canned.answer(stream, 202, {"method": method, "target": target, "fields": names, "body": body, "delivered": 2})


class Socket(canned.Socket):
    def __init__(self, peer, stream, target, fields):
        self.target = target
        canned.show(target, fields, "authorization", "x-api-key", "sec-websocket-protocol")
        super().__init__(peer, stream, fields)
        self.visits = connections[target.split("?")[0]] = connections.get(target.split("?")[0], 0) + 1

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
            return self.close(int(rest))
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


canned.run(serve)
