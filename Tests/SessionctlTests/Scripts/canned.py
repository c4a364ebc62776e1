"""What the servers that answer as they are told have in common: HTTP and WebSocket, from the server's side."""
import base64, hashlib, json, socket, struct, threading


def run(handle):
    """Serves on a free port, which is printed; `handle(peer, stream, method, target, fields, body)` answers each request,
    and returns something else than None where the connection is over."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        threading.Thread(target=serve, args=(peer, peer.makefile("rwb"), handle), daemon=True).start()


def serve(peer, stream, handle):
    try:
        while (line := stream.readline()):
            method, target, _ = line.decode().split(" ", 2)
            fields = {}
            while (line := stream.readline().decode().strip()):
                name, value = line.split(":", 1)
                fields[name.lower()] = value.strip()
            body = stream.read(int(fields.get("content-length", 0)))
            if handle(peer, stream, method, target, fields, body) is not None:
                return
    except OSError:
        pass  # The client has left.
    finally:
        stream.close()
        peer.close()


def answer(stream, status, result, extra=""):
    text = json.dumps(result).encode()
    stream.write(f"HTTP/1.1 {status} Told\r\n{extra}Content-Length: {len(text)}\r\n\r\n".encode() + text)
    stream.flush()


class Socket:
    """A WebSocket, whose subclasses say what is said: `greet()` at first, `react(message)` to each message; either ends the
    connection with "lost"."""

    def __init__(self, peer, stream, fields):
        self.peer, self.stream = peer, stream
        key = fields["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.put(f"HTTP/1.1 101 Told\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())

    def greet(self):
        pass

    def converse(self):
        """Returns how it ended."""
        if self.greet() == "lost":
            return "lost"
        while True:
            head = self.stream.read(2)
            if len(head) < 2:
                return "lost"
            size = head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.stream.read(2))[0]
            mask = self.stream.read(4)
            payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.stream.read(size)))
            if head[0] & 15 == 8:
                self.frame(8, payload)
                return "closed"
            if head[0] & 15 == 1:
                print(payload.decode(), flush=True)
                if self.react(json.loads(payload)) == "lost":
                    return "lost"

    def say(self, message):
        self.frame(1, json.dumps(message).encode())

    def close(self, code):
        self.frame(8, struct.pack(">H", code))

    def frame(self, opcode, payload):
        size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack(">H", len(payload))
        self.put(bytes([0x80 | opcode]) + size + payload)

    def put(self, data):
        self.stream.write(data)
        self.stream.flush()


def show(target, fields, *names):
    """Prints what a client came with."""
    print(json.dumps({"target": target, "fields": {name: fields[name] for name in names if name in fields}}), flush=True)
