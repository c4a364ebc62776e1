"""An administration socket that answers as it is told, for traces that a real server gives only under load.

Usage: canned_admin.py PATH. Listens on that Unix socket. GET /varz and the list of connections are answered, the
configuration never is; the trace of connection N is N frames, some at once and some one by one, and then its close; that of `endless` never ends, that of `cut`
breaks off, that of `garbage` holds lines that are no JSON and frames that would steer a terminal.
"""
import json, os, socket, sys, threading, time


def main():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=serve, args=(peer,), daemon=True).start()
        del peer


def serve(peer):
    with peer, peer.makefile("rwb") as stream:
        answer(stream)


def answer(stream):
    try:
        while (line := stream.readline()):
            target = line.decode().split(" ")[1]
            while stream.readline().strip():
                pass
            if target == "/admin/config":
                time.sleep(600)
            if target.endswith("/trace"):
                return trace(stream, target.split("/")[3])
            items = [{"id": "7", "user_id": "dr.house"}, {"id": "12", "user_id": "nurse"}]
            body = {"version": "0", "pid": os.getpid(), "connections": {"sync": 2}} if target == "/varz" else {
                "items": items, "next_cursor": None, "total": 2}
            text = json.dumps(body).encode()
            stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
            stream.flush()
    except OSError:
        pass  # The client has left.


def trace(stream, name):
    stream.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n\r\n")
    tell(stream, {"event": "start", "id": name, "profile": "sync", "user_id": "dr.house"})
    if name == "cut":
        return
    if name == "garbage":
        send(stream, b"no JSON\n\n[1]\n")
        frame(stream, 0, "\x1b]0;owned\x07\nadmin> quit")
    for number in range(int(name) if name.isdigit() else 0):
        frame(stream, number, json.dumps({"type": 5, "n": number}))
        if number % 100 == 99:
            time.sleep(0.02)
    while name == "endless":
        tell(stream, {"event": "idle"})
        time.sleep(0.05)
    tell(stream, {"event": "closed", "code": 1000, "reason": "bye"})
    stream.write(b"0\r\n\r\n")
    stream.flush()


def frame(stream, number, data):
    at = "2026-11-21T10:00:00.%03dZ" % (number % 1000)
    tell(stream, {"event": "frame", "at": at, "direction": "in", "kind": "text", "bytes": len(data), "data": data})


def tell(stream, event):
    send(stream, json.dumps(event).encode() + b"\n")


def send(stream, data):
    stream.write(b"%x\r\n%s\r\n" % (len(data), data))
    stream.flush()


main()
