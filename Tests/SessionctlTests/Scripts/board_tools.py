"""What the tests of boards share: a server of their own, WebSocket clients, and a backend that misbehaves as told."""
import base64, collections, hashlib, hmac, http.client, http.server, json, os, random, select, signal, socket, struct
import subprocess, threading, time, urllib.parse
from trial import Broken

SECRET = "a secret that only the tests of boards know, 32 bytes"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(user, room, **claims):
    """A token as the seed's backend would make it."""
    claims = {"userId": user, "roomId": room, "exp": int(time.time()) + 3600, **claims}
    body = encoded(b'{"alg":"HS256","typ":"JWT"}') + b"." + encoded(json.dumps(claims).encode())
    return (body + b"." + encoded(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())).decode()


def claims_of(bearer):
    """The claims of a token with a right signature; None otherwise."""
    try:
        head, payload, signature = bearer.removeprefix("Bearer ").split(".")
    except ValueError:
        return None
    code = encoded(hmac.new(SECRET.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest())
    if not hmac.compare_digest(code.decode(), signature):
        return None
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


class Client:
    """A member of a room; nothing waits but `until`."""

    def __init__(self, place, room, user, version=2, timeout=10):
        self.room, self.user, self.version = room, user, version
        self.frames = b""
        self.unread = []
        self.socket = socket.create_connection(place, timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        query = f"token={token(user, room)}" + ("&v=2" if version == 2 else "")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /?{query} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.frames:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("no answer to the handshake")
            self.frames += data
        head, self.frames = self.frames.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(f"the handshake was answered {head.decode()}")

    def fileno(self):
        return self.socket.fileno()

    def send(self, message):
        self.write(1, json.dumps(message).encode())

    def write(self, opcode, payload):
        length = len(payload)
        head = bytes([0x80 | opcode])
        head += bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack(">H", length) if length < 65536 \
            else b"\xff" + struct.pack(">Q", length)
        # Masked with zeros, which is as good as anything on loopback.
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def receive(self):
        """Reads once; the messages that are complete then."""
        self.read()
        messages, self.unread = self.unread, []
        return messages

    def read(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the connection ended")
        self.frames += data
        self.parse()

    def parse(self):
        while (frame := self.frame()) is not None:
            opcode, payload = frame
            if opcode == 1:
                self.unread.append(json.loads(payload))
            elif opcode == 8:
                self.code = struct.unpack(">H", payload[:2])[0] if payload else 1005
                raise ConnectionError(f"closed with {self.code}")
            elif opcode == 9:
                self.write(10, payload)

    def frame(self):
        data = self.frames
        if len(data) < 2:
            return None
        length, start = data[1] & 0x7F, 2
        if length == 126:
            length, start = struct.unpack(">H", data[2:4])[0] if len(data) >= 4 else 1 << 62, 4
        elif length == 127:
            length, start = struct.unpack(">Q", data[2:10])[0] if len(data) >= 10 else 1 << 62, 10
        if len(data) < start + length:
            return None
        self.frames = data[start + length:]
        return data[0] & 15, data[start:start + length]

    def until(self, wanted, timeout=20):
        """Reads until a message is wanted, and returns it; those behind it stay unread."""
        deadline = time.time() + timeout
        self.parse()
        while True:
            while self.unread:
                message = self.unread.pop(0)
                if wanted(message):
                    return message
            if not select.select([self.socket], [], [], max(0, deadline - time.time()))[0]:
                raise Broken(f"{self.user} in {self.room} waited in vain")
            self.read()

    def snapshot(self, timeout=20):
        """Waits for the first snapshot."""
        return self.until(lambda message: "connectedUsers" in message, timeout)

    def ask(self, message, timeout=20):
        """Sends a message, and waits until it is acknowledged or refused; what comes before is dropped."""
        identifier = f"q{random.getrandbits(40)}"
        self.send({**message, "id": identifier})
        return self.until(lambda reply: reply.get("id") == identifier, timeout)

    def close(self):
        self.socket.close()


class Server:
    """`sessionctl serve --profile board`, on a port and in a folder of its own."""

    def __init__(self, program, folder, *arguments):
        self.program, self.folder, self.arguments = program, folder, arguments
        self.process = None

    def start(self):
        environment = {
            name: value for name, value in os.environ.items() if name not in ("PORT", "HOST", "BACKEND_URL")}
        self.errors = open(f"{self.folder}/errors", "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "--profile", "board", "--listen", "board=127.0.0.1:0", "--lb-wait", "0",
             "--drain-duration", "0", "--rate-limit", "off", "--data-dir", f"{self.folder}/data",
             "--admin-socket", f"{self.folder}/admin.sock", *self.arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors,
            env={**environment, "JWT_SECRET": SECRET})
        while not (line := self.next_line()).startswith(b"listening "):
            if not line:
                raise Broken("the server did not start: " + open(f"{self.folder}/errors").read())
        host, port = line.split()[-1].decode().rsplit(":", 1)
        self.place = (host, int(port))

    def next_line(self):
        """A line that the server prints; empty at its end, or after half a minute without one."""
        return self.process.stdout.readline() if select.select([self.process.stdout], [], [], 30)[0] else b""

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it as an operator does; its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def get(self, target, method="GET"):
        """What the administration answers, as an object."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(f"{self.folder}/admin.sock")
            connection.sendall(
                f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
            response = http.client.HTTPResponse(connection)
            response.begin()
            body = response.read()
            if response.status not in (200, 202, 204):
                raise Broken(f"{target} was answered {response.status} {body.decode()}")
            return json.loads(body) if body.startswith((b"{", b"[")) else body.decode()

    def memory(self):
        """Resident memory in bytes."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Backend:
    """A backend that remembers what it was asked, and answers as `mode(method, room)` says.

    `fine`; `slow` answers after half a second; `missing` has no boards; `conflict` answers 409; a number is a status;
    `hang` never answers; `half` ends inside of an answer; `drop` ends without one. `die` and `live` end and begin it.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.boards = {}  # room: object that was stored last
        self.begun = collections.defaultdict(list)  # room: when each write came
        self.under_way = collections.Counter()
        self.overlaps = 0  # requests that came while another one of their room was under way
        self.quick = 0  # writes that came less than 2 s behind the one before
        # How far apart two writes of a room must be seen; that one is seen late is not its sender's fault.
        self.spacing = 1.7
        self.strangers = []  # what is wrong with requests: tokens, keys, fields
        self.requests = collections.Counter()
        self.mode = lambda method, room: "fine"
        self.server = None
        self.port = 0
        self.live()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def live(self):
        backend = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60
            do_GET = do_PUT = lambda self: backend.handle(self)

            def log_message(self, *_):
                pass

        class HTTPServer(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 1024

            def handle_error(self, *_):
                pass

        self.sockets = set()
        self.server = HTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self):
        """Ends with all its connections, as a process does that is killed."""
        server, self.server = self.server, None
        server.shutdown()
        server.server_close()
        with self.lock:
            sockets, self.sockets = self.sockets, set()
        for connection in sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def handle(self, request):
        parts = request.path.split("/")
        room = urllib.parse.unquote(parts[3]) if len(parts) == 5 else None
        length = int(request.headers.get("Content-Length", 0))
        body = request.rfile.read(length)
        if len(body) < length:
            return  # Its sender was killed, and what it began to say is nothing.
        with self.lock:
            if self.server is None:
                return
            self.sockets.add(request.connection)
            self.requests[request.command] += 1
            self.check(request, room, body)
            mode = self.mode(request.command, room)
            if self.under_way[room]:
                self.overlaps += 1
            self.under_way[room] += 1
            # One that is dropped may come again at once, on another connection (RFC 9110 9.2.2).
            if request.command == "PUT" and mode != "drop":
                now = time.monotonic()
                if self.begun[room] and now - self.begun[room][-1] < self.spacing:
                    self.quick += 1
                self.begun[room].append(now)
        try:
            self.answer(request, room, body, mode)
        finally:
            with self.lock:
                self.under_way[room] -= 1

    def check(self, request, room, body):
        headers = request.headers
        claims = claims_of(headers.get("Authorization", ""))
        wrong = []
        if room is None or request.path.upper() != f"/API/ROOMS/{urllib.parse.quote(room, safe='')}/BOARD".upper():
            wrong.append("path")
        if not claims or claims.get("roomId") != room or claims.get("iss") != "sessionctl" \
                or claims.get("aud") != "backend" or not -5 < claims.get("exp", 0) - time.time() <= 61:
            wrong.append("token")
        if not headers.get("traceparent", "").startswith("00-"):
            wrong.append("traceparent")
        if request.command == "PUT" and not wrong:
            stored = json.loads(body)
            if urllib.parse.unquote(headers.get("Idempotency-Key", "")) != f"{room}:{stored['version']}":
                wrong.append("Idempotency-Key")
            if set(stored) != {"roomId", "shapes", "version", "updatedAt"} or stored["roomId"] != room:
                wrong.append(f"members {sorted(stored)}")
            if b"cursor" in body or b"connectedUsers" in body:
                wrong.append("cursors")
        if wrong:
            self.strangers.append(f"{request.command} {request.path}: {', '.join(wrong)}")

    def answer(self, request, room, body, mode):
        if mode == "hang":
            # Until whoever asks gives up.
            select.select([request.connection], [], [], 60)
            request.close_connection = True
            return
        if mode == "drop":
            request.close_connection = True
            return
        if mode == "slow":
            time.sleep(0.5)
        if mode == "half":
            request.close_connection = True
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"shapes\":[")
            return
        if mode == "conflict" and request.command == "PUT":
            return self.respond(request, 409)
        if isinstance(mode, int):
            return self.respond(request, mode)
        if request.command == "GET":
            with self.lock:
                board = self.boards.get(room)
            found = board is not None and mode != "missing"
            return self.respond(request, 200 if found else 404, json.dumps(board).encode() if found else b"")
        with self.lock:
            if self.server is None:
                return  # Killed before it was written.
            stored, before = json.loads(body), self.boards.get(room)
            is_late = before is not None and stored["version"] < before["version"]
            if not is_late:
                self.boards[room] = stored
        self.respond(request, 409 if is_late else 200)

    def respond(self, request, status, body=b""):
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def wait_until(what, holds, timeout=30):
    """Waits until something holds."""
    deadline = time.time() + timeout
    while not holds():
        if time.time() > deadline:
            raise Broken(f"never: {what}")
        time.sleep(0.02)
