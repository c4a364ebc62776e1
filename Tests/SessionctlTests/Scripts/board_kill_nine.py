"""usage: board_kill_nine.py SESSIONCTL FOLDER alone|backend|memory ROUNDS [SEED]

Draws in several rooms, kills the server with SIGKILL at a random moment, starts it again, and looks whether everything
that was acknowledged is there, and everything that anybody had seen: drawn by clients of the second version, which get
acknowledgements, and by clients of the seed, whose shapes show in snapshots alone.

`alone` keeps boards in the embedded store, `backend` in a backend that fails now and then, `memory` nowhere, so that
this test must fail. Prints one line; status 1 where something is missing, 2 where the test itself cannot go on.
"""
import random, selectors, time
import trial
from board_tools import Backend, Client, Server, wait_until
from trial import Broken

ROOMS = 5
SHAPES_EACH = 8
WINDOW = 4


class Shape:
    """A shape, and what is known of it. Its text names whose it is, its number there, and its last change."""

    def __init__(self, drawer, number):
        self.name = f"{drawer}:{number}"
        self.id = None
        self.issued = 0  # the last change that was sent; 0 is the shape's creation
        self.sure = None  # the last change that was acknowledged or seen
        self.removal = None  # which change removes it
        self.is_gone = False

    def note(self, change):
        self.sure = change if self.sure is None else max(self.sure, change)


class Room:
    """What its drawers did, and what is known to have come of it."""

    def __init__(self, name):
        self.name = name
        self.shapes = {}  # by Shape.name
        self.by_id = {}
        self.version = 0

    def saw(self, record):
        """Somebody saw a shape, or the part of it that changed."""
        if "text" not in record:
            return None
        name, change = record["text"].rsplit(":", 1)
        shape = self.shapes.get(name)
        if shape is None:
            raise Broken(f"{self.name} shows a shape that nobody drew: {record}")
        if shape.id is None:
            shape.id = record["id"]
            self.by_id[shape.id] = shape
        shape.note(int(change))
        return shape

    def saw_removal(self, shape):
        if shape.removal is None:
            raise Broken(f"{self.name} lost {shape.name} while it was served")
        shape.note(shape.removal)


class Drawer:
    """A client that draws in one room; the shapes it changes are its own."""

    def __init__(self, name, room, version):
        self.name, self.room, self.version = name, room, version
        self.count = 0
        self.shapes = []
        self.client = None

    def join(self, place):
        self.client = Client(place, self.room.name, self.name, self.version)
        self.waiting = {}  # acknowledgements that are due: id to shape and change
        self.shown = set()
        self.see(self.client.snapshot())
        for message in self.client.unread:
            self.see(message)
        self.client.unread = []
        self.shapes = [shape for shape in self.shapes if not shape.is_gone and shape.removal is None]

    def draw(self):
        """Sends one change, if there is room for one."""
        if len(self.waiting) >= WINDOW:
            return
        known = [shape for shape in self.shapes if shape.id]
        dice = random.random()
        if len(self.shapes) < SHAPES_EACH and (dice < 0.4 or not known):
            shape = Shape(self.name, self.count)
            self.count += 1
            self.shapes.append(shape)
            self.room.shapes[shape.name] = shape
            change = {"type": "shape_create", "shapeType": "rectangle", "y": 0}
        elif not known:
            return
        else:
            shape = random.choice(known)
            shape.issued += 1
            change = {"type": "shape_update", "shapeId": shape.id}
            if dice > 0.85:
                change["type"] = "shape_delete"
                shape.removal = shape.issued
                self.shapes.remove(shape)
        if change["type"] != "shape_delete":
            pad = "" if dice < 0.9 else "x" * 500
            change.update(x=shape.issued, text=f"{shape.name}:{shape.issued}", fill="#" + "0" * 6, stroke="#fff")
            if pad:
                change["width"] = len(pad)
        if self.version == 2:
            identifier = f"{shape.name}:{shape.issued}"
            self.waiting[identifier] = (shape, shape.issued)
            change["id"] = identifier
        self.client.send(change)
        if random.random() < 0.3:
            self.client.send({"type": "cursor_move", "x": random.random() * 100, "y": 1})

    def read(self):
        """Takes what has come."""
        for message in self.client.receive():
            self.see(message)

    def see(self, message):
        kind = message.get("type")
        if kind == "ack":
            shape, change = self.waiting.pop(message["id"])
            if shape.id is None and "shapeId" in message:
                shape.id = message["shapeId"]
                self.room.by_id[shape.id] = shape
            shape.note(change)
            self.room.version = max(self.room.version, message["version"])
            return 1
        if kind == "error":
            raise Broken(f"{self.name} was refused: {message}")
        if kind == "patch":
            self.room.version = max(self.room.version, message["version"])
            for record in message["put"]:
                if shape := self.room.saw(record):
                    self.shown.add(shape)
            for identifier in message["del"]:
                if shape := self.room.by_id.get(identifier):
                    self.shown.discard(shape)
                    self.room.saw_removal(shape)
        elif "shapes" in message:
            shown = {self.room.saw(record) for record in message["shapes"]}
            for shape in self.shown - shown:
                self.room.saw_removal(shape)
            self.shown = shown
        return 0


class Test:
    def __init__(self, program, folder, kind, rounds):
        self.kind, self.rounds = kind, rounds
        self.backend = Backend() if kind == "backend" else None
        arguments = ["--board-debounce", "60ms", "--board-debounce-max", "200ms", "--store",
                     "memory" if kind == "memory" else f"sqlite:{folder}/store.db"]
        if self.backend:
            arguments += ["--board-backend", self.backend.url, "--board-backend-timeout", "400ms"]
        self.server = Server(program, folder, *arguments)
        self.rooms = [Room(f"room-{number}") for number in range(ROOMS)]
        self.drawers = [
            Drawer(f"{kind}{number}", room, version)
            for number, room in enumerate(self.rooms) for kind, version in [("a", 2), ("b", 2), ("s", 1), ("t", 1)]]
        self.acknowledged = self.seen = self.lost = self.undead = self.wrong = self.backwards = 0

    def draw(self, seconds):
        """Draws for a while, and kills the server in the middle of it."""
        with selectors.DefaultSelector() as selector:
            for drawer in self.drawers:
                drawer.join(self.server.place)
                selector.register(drawer.client, selectors.EVENT_READ, drawer)
            end = time.time() + seconds
            while time.time() < end:
                for drawer in self.drawers:
                    drawer.draw()
                for key, _ in selector.select(0.002):
                    key.data.read()
            self.server.kill()
            self.drain(selector)

    def drain(self, selector):
        """Takes what was said before the server died: the kernel still has it."""
        while selector.get_map():
            for key, _ in selector.select(5) or [(key, 0) for key in list(selector.get_map().values())]:
                try:
                    key.data.read()
                except OSError:
                    selector.unregister(key.fileobj)
                    key.data.client.close()

    def check(self):
        for room in self.rooms:
            client = Client(self.server.place, room.name, "looker")
            snapshot = client.snapshot()
            client.close()
            self.compare(room, snapshot["shapes"])
            if snapshot["version"] < room.version:
                self.backwards += 1
            room.version = snapshot["version"]

    def compare(self, room, records):
        """Holds a board against what is known of its room; what it shows is then what is known."""
        found = {}
        for record in records:
            name, change = record["text"].rsplit(":", 1)
            if name not in room.shapes or name in found or record["x"] != int(change):
                self.wrong += 1
            found[name] = (int(change), record["id"])
        for name, shape in room.shapes.items():
            if shape.sure is not None:
                self.acknowledged += 1
            change, identifier = found.get(name, (None, None))
            if change is None:
                if shape.sure is not None and shape.removal is None:
                    self.lost += 1
                shape.is_gone = True
            elif shape.sure is not None and change < shape.sure:
                if shape.removal is not None and shape.sure >= shape.removal:
                    self.undead += 1
                else:
                    self.lost += 1
            elif change > shape.issued or identifier != (shape.id or identifier):
                self.wrong += 1
            if change is not None:
                shape.id, shape.sure, shape.issued, shape.removal = identifier, change, change, None
        room.shapes = {name: shape for name, shape in room.shapes.items() if not shape.is_gone}
        room.by_id = {shape.id: shape for shape in room.shapes.values()}
        for drawer in self.drawers:
            if drawer.room is room:
                drawer.shapes = [shape for shape in room.shapes.values() if shape.name.startswith(drawer.name + ":")]

    def trouble(self):
        """Lets the backend fail in one of its ways, in some rooms, or dies for a moment."""
        mode = random.choice(["fine", "fine", "slow", "hang", "drop", "half", 500, 503, "conflict"])
        rooms = {room.name for room in self.rooms if random.random() < 0.5}
        # A load that fails would close the room: only what is stored gets into trouble.
        self.backend.mode = lambda method, room: mode if method == "PUT" and room in rooms else "fine"

    def check_backend(self):
        """Without anybody joining, the backend gets what the journal holds (PROTOCOLS 3-18)."""
        self.backend.mode = lambda method, room: "fine"
        self.draw(0.3)
        self.backend.die()
        self.server.start()
        time.sleep(1)
        self.backend.live()
        wait_until("nothing is left to be stored", lambda: self.server.get("/admin/boards")["items"] == [], 60)
        for room in self.rooms:
            self.compare(room, self.backend.boards.get(room.name, {"shapes": []})["shapes"])

    def run(self):
        try:
            self.server.start()
            for _ in range(self.rounds):
                if self.backend:
                    self.trouble()
                self.draw(random.uniform(0.05, 0.5))
                if self.backend:
                    self.backend.mode = lambda method, room: "fine"
                self.server.start()
                self.check()
            if self.backend:
                self.check_backend()
        finally:
            self.server.end()
        stored = f", {self.backend.requests['PUT']} stores" if self.backend else ""
        print(
            f"board kill -9, {self.kind}: {self.rounds} rounds, {self.acknowledged} shapes held to{stored}, "
            f"{self.lost} lost, {self.undead} undead, {self.wrong} wrong, {self.backwards} versions backwards")
        if self.backend and self.backend.strangers:
            print("\n".join(self.backend.strangers[:5]))
            return 1
        return 1 if self.lost or self.undead or self.wrong or self.backwards or not self.acknowledged else 0


trial.run(
    __doc__, "board kill -9", 4, 4, lambda program, folder, kind, rounds: Test(program, folder, kind, int(rounds)))
