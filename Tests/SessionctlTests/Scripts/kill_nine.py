"""usage: kill_nine.py SESSIONCTL FOLDER sqlite|redis ROUNDS [SEED]

Writes snapshots over many connections, kills the server with SIGKILL at a random moment, starts it again, and looks
whether everything that was acknowledged is there: no version lost, none going back, and each with its own content.
With redis, redis-server (appendfsync always) is killed too: alone in one round of three, together with the server in
another one. Prints one line; status 1 where something is missing, 2 where the test itself cannot go on.
"""
import json, os, random, select, selectors, signal, socket, subprocess, time, uuid
import trial
from trial import Broken

CONNECTIONS = 48
SESSIONS_EACH = 2


class Session:
    """A session, and what is known of it."""

    def __init__(self, number):
        self.id = str(uuid.UUID(int=random.getrandbits(128), version=4))
        self.user = f"user-{number}"
        self.version = 0  # acknowledged, or seen after a restart
        self.content = 0  # what that version holds
        self.issued = 0  # the last content that was sent


class Connection:
    """A keep-alive connection with one request under way."""

    def __init__(self, place, sessions):
        self.sessions = sessions
        self.turn = 0
        self.buffer = b""
        self.session = None
        self.socket = socket.create_connection(place, timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self):
        self.session = session = self.sessions[self.turn % len(self.sessions)]
        self.turn += 1
        session.issued += 1
        pad = "x" * random.choice((10, 200, 1000, 9000))
        body = json.dumps({
            "session_id": session.id, "user_id": session.user, "state_data": {"n": session.issued, "pad": pad}})
        head = f"POST /session/snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall((head + body).encode())

    def read(self):
        """The status and the body of an answer that is complete; None before, and at the end of the stream."""
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError
        self.buffer += data
        return self.take()

    def take(self):
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.buffer[:end].decode()
        length = next(
            int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length"))
        if len(self.buffer) < end + 4 + length:
            return None
        body = self.buffer[end + 4:end + 4 + length]
        self.buffer = self.buffer[end + 4 + length:]
        return int(head.split(" ")[1]), body

    def get(self, session):
        target = f"/session/{session.id}?user_id={session.user}"
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while True:
            answer = self.read()
            if answer:
                return answer


class Test:
    def __init__(self, program, folder, kind, rounds):
        self.program, self.folder, self.kind, self.rounds = program, folder, kind, rounds
        self.server = self.redis = None
        self.sessions = [Session(number) for number in range(CONNECTIONS * SESSIONS_EACH)]
        self.acknowledged = self.refused = self.lost = self.disordered = self.wrong = 0
        self.slowest = 0.0

    def start_redis(self):
        path = f"{self.folder}/redis.sock"
        self.redis = subprocess.Popen(
            ["/usr/bin/redis-server", "--port", "0", "--unixsocket", path, "--dir", self.folder, "--save", "",
             "--appendonly", "yes", "--appendfsync", "always", "--logfile", f"{self.folder}/redis.log"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.time() + 10
        while time.time() < deadline:
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(path)
                    probe.sendall(b"PING\r\n")
                    if probe.recv(64).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            time.sleep(0.005)
        raise Broken("redis-server did not start")

    def start(self):
        store = f"redis+unix:{self.folder}/redis.sock" if self.kind == "redis" else f"sqlite:{self.folder}/store.db"
        began = time.time()
        self.server = subprocess.Popen(
            [self.program, "serve", "--dev", "--profile", "sync", "--listen", "sync=127.0.0.1:0", "--store", store,
             "--data-dir", f"{self.folder}/data", "--rate-limit", "off", "--lb-wait", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(f"{self.folder}/errors", "ab"))
        while not (line := self.next_line()).startswith(b"listening "):
            if not line:
                raise Broken("the server did not start: " + open(f"{self.folder}/errors").read())
        host, port = line.split()[-1].decode().rsplit(":", 1)
        self.place = (host, int(port))
        # Whoever restarts it waits until it answers.
        self.get_ready()
        self.slowest = max(self.slowest, time.time() - began)

    def next_line(self):
        """A line that the server prints; empty at its end, or after half a minute without one."""
        return self.server.stdout.readline() if select.select([self.server.stdout], [], [], 30)[0] else b""

    def get_ready(self):
        deadline = time.time() + 20
        while time.time() < deadline:
            probe = Connection(self.place, self.sessions)
            status, _ = probe.get(self.sessions[0])
            probe.socket.close()
            if status in (200, 404):
                return
        raise Broken("the server does not serve")

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        process.wait()

    def load(self, seconds):
        """Writes for a while; the connections stay as they are then, each with a request under way."""
        connections = []
        with selectors.DefaultSelector() as selector:
            for number in range(CONNECTIONS):
                own = self.sessions[number * SESSIONS_EACH:(number + 1) * SESSIONS_EACH]
                connection = Connection(self.place, own)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connections.append(connection)
                connection.write()
            self.serve_until(selector, time.time() + seconds)
        return connections

    def serve_until(self, selector, end, is_ending=False):
        """Reads answers and writes on until a time; without writing on where the end has come."""
        while selector.get_map() and (left := end - time.time()) > 0:
            for key, _ in selector.select(left):
                try:
                    answer = key.data.read()
                except OSError:
                    selector.unregister(key.fileobj)
                    continue
                if answer:
                    self.note(key.data.session, *answer)
                    if not is_ending:
                        key.data.write()

    def drain(self, connections):
        """Takes what was answered before the server died: the kernel still has it."""
        with selectors.DefaultSelector() as selector:
            for connection in connections:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            self.serve_until(selector, time.time() + 5, is_ending=True)
        for connection in connections:
            connection.socket.close()

    def note(self, session, status, body):
        if status == 503:
            self.refused += 1
            return
        if status not in (200, 201):
            raise Broken(f"a write was answered {status} {body.decode()}")
        version = json.loads(body)["version"]
        self.acknowledged += 1
        if version <= session.version:
            self.disordered += 1
        session.version, session.content = version, session.issued

    def check(self):
        connection = Connection(self.place, self.sessions)
        for session in self.sessions:
            status, body = connection.get(session)
            if status == 404 and session.version == 0:
                continue
            if status == 404:
                self.lost += 1
                continue
            if status != 200:
                raise Broken(f"a read was answered {status} {body.decode()}")
            found = json.loads(body)
            version, content = found["version"], found["state_data"]["n"]
            if version < session.version:
                self.lost += session.version - version
            elif version == session.version and content != session.content:
                self.wrong += 1
            elif version > session.version and not session.content < content <= session.issued:
                self.wrong += 1
            session.version, session.content = version, content
        connection.socket.close()

    def round(self, number):
        target = number % 3 if self.kind == "redis" else 0
        connections = self.load(random.uniform(0.05, 0.5))
        if target == 0:
            self.kill(self.server)
        elif target == 1:
            self.kill(self.redis)
            self.start_redis()
            with selectors.DefaultSelector() as selector:
                for connection in connections:
                    selector.register(connection.socket, selectors.EVENT_READ, connection)
                self.serve_until(selector, time.time() + 0.3)
            self.kill(self.server)
        else:
            for process in random.sample([self.server, self.redis], 2):
                self.kill(process)
            self.start_redis()
        self.drain(connections)
        self.start()
        self.check()

    def is_store_used(self):
        if self.kind == "sqlite":
            return os.path.exists(f"{self.folder}/store.db")
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(f"{self.folder}/redis.sock")
            probe.sendall(b"DBSIZE\r\n")
            return probe.recv(64).strip() != b":0"

    def run(self):
        try:
            if self.kind == "redis":
                self.start_redis()
            self.start()
            for number in range(self.rounds):
                self.round(number)
            if not self.is_store_used():
                raise Broken("the server kept its documents elsewhere")
        finally:
            for process in (self.server, self.redis):
                if process and process.poll() is None:
                    self.kill(process)
        print(
            f"kill -9, {self.kind}: {self.rounds} rounds, {self.acknowledged} acknowledged writes of "
            f"{len(self.sessions)} sessions, {self.refused} refused, {self.lost} lost, {self.disordered} out of order, "
            f"{self.wrong} with wrong content, slowest restart {self.slowest:.2f} s")
        return 1 if self.lost or self.disordered or self.wrong or not self.acknowledged else 0


trial.run(__doc__, "kill -9", 4, 4, lambda program, folder, kind, rounds: Test(program, folder, kind, int(rounds)))
