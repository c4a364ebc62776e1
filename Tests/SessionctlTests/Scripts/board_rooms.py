"""usage: board_rooms.py SESSIONCTL FOLDER ROOMS

Opens as many rooms, a few at a time, draws in them and leaves, while the backend fails for half of them; then it is
there again, and a second such wave follows. No room may be left, nothing in the journal, every board in the backend, and
the memory must be back to where it was. Prints one line; status 1 where that is not so.
"""
import sqlite3, time
import trial
from board_tools import Backend, Client, Server, wait_until

ABREAST = 100
SHAPES = 3
# What a wave may leave: the list of closed connections, buffers that are used again, and the allocator's pieces.
SLACK = 16 << 20
# How long the server may take to give memory back.
PATIENCE = 10


class Test:
    def __init__(self, program, folder, rooms):
        self.folder, self.rooms = folder, rooms
        self.backend = Backend()
        self.server = Server(
            program, folder, "--board-backend", self.backend.url, "--store", f"sqlite:{folder}/store.db",
            "--board-debounce", "100ms")
        self.before, self.most = 0, 0

    def visit(self, names):
        """Opens some rooms, draws in each, and leaves them all."""
        clients = [Client(self.server.place, name, "user", timeout=60) for name in names]
        for client in clients:
            client.snapshot(60)
            for number in range(SHAPES):
                client.send({"type": "shape_create", "shapeType": "line", "x": number, "y": 0, "id": str(number)})
        for client in clients:
            last = str(SHAPES - 1)
            client.until(lambda reply: reply.get("id") == last, 60)
            client.close()

    def wave(self, name):
        """Opens and empties all rooms; the backend takes those with even numbers, and the rest when it is told to."""
        self.backend.mode = lambda method, room: 503 if method == "PUT" and int(room.split("-")[1]) % 2 else "fine"
        for start in range(0, self.rooms, ABREAST):
            self.visit([f"{name}-{number}" for number in range(start, min(start + ABREAST, self.rooms))])
        left = self.server.get("/admin/boards?limit=1")["total"]
        if left < self.rooms // 2:
            raise Broken(f"{left} rooms are left where {self.rooms // 2} could not be stored")
        self.most = max(self.most, self.server.memory())
        self.backend.mode = lambda method, room: "fine"
        wait_until(
            "no room is left", lambda: self.server.get("/admin/boards?limit=1")["total"] == 0, 60 + self.rooms / 50)
        return self.memory_at_rest()

    def memory_at_rest(self):
        """The least memory in use before patience ends, or before it is back to where it was."""
        least = self.server.memory()
        end = time.time() + PATIENCE
        while least > self.before + SLACK and time.time() < end:
            time.sleep(0.1)
            least = min(least, self.server.memory())
        return least

    def stored(self):
        """How many boards of both waves the backend has whole."""
        return sum(
            len(self.backend.boards.get(f"{name}-{number}", {"shapes": []})["shapes"]) == SHAPES
            for name in ("first", "second") for number in range(self.rooms))

    def journal(self):
        """How many documents of boards are left in the store's file."""
        with sqlite3.connect(f"file:{self.folder}/store.db?mode=ro", uri=True) as store:
            tables = ("boards", "board_changes")
            return sum(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    def run(self):
        began = time.time()
        self.backend.spacing = 0
        try:
            self.server.start()
            self.visit(["warm-0"])
            wait_until("the first room is gone", lambda: self.server.get("/admin/boards?limit=1")["total"] == 0)
            self.before = self.server.memory()
            first = self.wave("first")
            second = self.wave("second")
            status = self.server.stop()
        finally:
            self.server.end()
        stored, left = self.stored(), self.journal()
        million = 1e6
        print(
            f"board rooms: 2 x {self.rooms} rooms opened and emptied in {time.time() - began:.0f} s, "
            f"{stored} boards stored, {left} documents left, {self.backend.overlaps} requests overlap; "
            f"memory {self.before / million:.1f} MB before, {self.most / million:.1f} MB at most, "
            f"{first / million:.1f} MB and {second / million:.1f} MB after a wave, exit {status}")
        for line in self.backend.strangers[:5]:
            print(line)
        is_right = stored == 2 * self.rooms and not left and not self.backend.overlaps and not self.backend.strangers
        return 0 if is_right and not status and max(first, second) <= self.before + SLACK else 1


trial.run(__doc__, "board rooms", 3, 3, lambda program, folder, rooms: Test(program, folder, int(rooms)))
