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
import urllib.parse
import canned

NOW = "2026-11-21T10:00:00.000Z"
visits = {}


def serve(peer, stream, method, target, fields, body):
    if fields.get("authorization") == "Bearer bad":
        canned.answer(stream, 401, {"error": "UNAUTHORIZED", "message": "Told to"})
    elif "upgrade" in fields:
        return Room(peer, stream, target, fields).converse()
    else:
        canned.answer(stream, 200, {"method": method, "target": target, "items": [], "total": 0})


class Room(canned.Socket):
    def __init__(self, peer, stream, target, fields):
        self.query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
        self.name = self.query.get("roomId", "default")
        self.user = self.query.get("userId", "guest")
        self.version, self.count, self.refusals = int(self.query.get("since", 6)), 0, 0
        self.shapes = {"a": self.shape("a", {"shapeType": "rectangle", "x": 1, "y": 2, "width": 30, "height": 8})}
        visits[self.name] = self.visit = visits.get(self.name, 0) + 1
        canned.show(target, fields, "authorization", "sec-websocket-protocol")
        super().__init__(peer, stream, fields)

    def greet(self):
        if self.name == "silent":
            return None
        if self.name == "drop" and self.visit == 2:
            return self.patch(join=["again"])
        self.whole()
        if self.name.startswith("close-"):
            self.close(int(self.name[6:]))
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


canned.run(serve)
