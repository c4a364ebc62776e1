"""A server of sync that answers as it is told, for the errors that a real one gives only in trouble.

GET /session/409-VERSION_CONFLICT is answered with that status and code, any other request with 200 and an echo of itself.
On the socket a token that is an AUTH_FAILURE code is refused with it, a STATE_UPDATE whose key is an ERROR code too,
and the key `close-4409` closes; every other change is acknowledged as version 7. Prints its port, and then, one a line,
what clients send.
"""
import json, re
import canned

DETAILS = {"VERSION_CONFLICT": {"server_version": 3, "conflicting_keys": ["mood"], "server_state": {"mood": "calm"}},
           "HANDOFF_PENDING": {"expires_at": "2026-11-21T11:27:47.000Z", "token": "secret-token"}}
SESSION = "550e8400-e29b-41d4-a716-446655440000"


def serve(peer, stream, method, target, fields, body):
    if "upgrade" in fields:
        return Socket(peer, stream, fields).converse()
    answer(stream, method, target, fields, body)


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
    canned.answer(stream, status, result, extra)


class Socket(canned.Socket):
    def react(self, message):
        payload = message["payload"]
        if message["type"] == 7:
            token = payload.get("token", "")
            if token.isupper():
                return self.tell(9, {"code": token, "message": "Told to"})
            return self.tell(8, {
                "session_id": SESSION, "user_id": "u", "device_id": payload["device_id"], "roles": [],
                "expires_at": None, "heartbeat_interval": 30000, "version": 6, "devices_online": 1, "server_time": 0,
                "epoch": "e", "seq": 0})
        key = payload["key"]
        if key.startswith("close-"):
            return self.close(int(key[6:]))
        correlation = {"correlation_id": message["correlation_id"]}
        if key.isupper():
            return self.tell(6, {"code": key, "message": "Told to", "details": DETAILS.get(key, {})}, correlation)
        self.tell(5, dict(payload, version=7, device_id="d", ack=True), correlation)

    def tell(self, kind, payload, more={}):
        self.say(dict(type=kind, payload=payload, **more))


canned.run(serve)
