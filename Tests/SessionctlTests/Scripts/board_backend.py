"""usage: board_backend.py SESSIONCTL FOLDER [SECONDS] [SEED]

Draws in rooms whose backend is slow, says 404, 409 and 500, hangs, dies and comes back, for SECONDS (12), then lets it
be and looks: what the backend holds at the end equals the rooms, it never had two requests for one room at once nor two
writes within two seconds, and no cursor came there. Prints one line; status 1 where that is not so.
"""
import collections, random, time
import trial
from board_tools import Backend, Client, Server, wait_until
from trial import Broken

MODES = ["fine", "slow", "missing", "hang", "drop", "half", "conflict", 500, 503, 429]
# After one of these half a minute passes before the next attempt (PROTOCOLS 5.4): only where there is the time.
REFUSALS = [404, 422, 301]
ROOMS = 8


class Test:
    def __init__(self, program, folder, seconds):
        self.seconds = seconds
        self.choice = MODES + (REFUSALS if seconds >= 60 else [])
        self.backend = Backend()
        self.server = Server(
            program, folder, "--board-backend", self.backend.url, "--board-backend-timeout", "2s",
            "--board-debounce", "500ms", "--board-debounce-max", "2s", "--store", f"sqlite:{folder}/store.db")
        self.modes = collections.Counter()
        self.acknowledged = self.turns = self.deaths = 0

    def turn(self):
        """Gives each room another trouble of the backend, or kills it, or brings it back."""
        if self.backend.server is None:
            return self.backend.live()
        self.turns += 1
        if self.turns % 4 == 0:
            self.deaths += 1
            return self.backend.die()
        modes = {f"room-{number}/é": random.choice(self.choice) for number in range(ROOMS)}
        self.modes.update(modes.values())
        self.backend.mode = lambda method, room: modes.get(room, "fine")

    def draw(self, clients):
        """Each client changes something in its room, and moves its cursor."""
        for client in clients:
            dice = random.random()
            if dice < 0.3 or not client.shapes:
                reply = client.ask({
                    "type": "shape_create", "shapeType": "ellipse", "x": 1, "y": 2, "text": f"{client.user} {dice}"})
                client.shapes.append(reply["shapeId"])
            elif dice < 0.9:
                shape = random.choice(client.shapes)
                reply = client.ask({"type": "shape_update", "shapeId": shape, "x": round(dice * 1e6), "fill": "#abc"})
            else:
                reply = client.ask({"type": "shape_delete", "shapeId": client.shapes.pop()})
            if reply["type"] != "ack":
                raise Broken(f"a change was answered {reply}")
            self.acknowledged += 1
            client.send({"type": "cursor_move", "x": dice, "y": dice})

    def join(self, room, user):
        client = Client(self.server.place, room, user)
        client.shapes = []
        client.snapshot()
        return client

    def differences(self):
        """How many rooms the backend has otherwise than their members."""
        count = 0
        for number in range(ROOMS):
            watcher = Client(self.server.place, f"room-{number}/é", "watcher", version=1)
            shown = watcher.snapshot()["shapes"]
            watcher.close()
            stored = self.backend.boards.get(f"room-{number}/é", {}).get("shapes", [])
            # Members that the board does not know are the backend's, and nobody's to see.
            count += [{key: shape[key] for key in shape if key != "link"} for shape in stored] != shown
        return count

    def run(self):
        try:
            self.server.start()
            self.backend.boards["room-0/é"] = {"version": 40, "shapes": [{
                "id": "old", "type": "text", "x": 1, "y": 2, "width": 0, "height": 0, "userId": "u", "rotation": 0,
                "timestamp": "2024-01-01T12:00:00.000Z", "link": {"of": ["another", "program"]}}]}
            clients = [self.join(f"room-{number}/é", f"user-{side}") for number in range(ROOMS) for side in "ab"]
            end, next_turn = time.time() + self.seconds, 0
            while time.time() < end:
                if time.time() >= next_turn:
                    next_turn = time.time() + random.uniform(0.2, 1)
                    self.turn()
                self.draw(clients)
                time.sleep(0.02)
            if self.backend.server is None:
                self.backend.live()
            self.backend.mode = lambda method, room: "fine"
            for client in clients:
                # Those that were refused with a 4xx are tried again after half a minute (PROTOCOLS §5.4).
                reply = client.ask({"type": "flush"}, timeout=45)
                if reply.get("persisted") is not True:
                    raise Broken(f"a flush was answered {reply}")
            differences = self.differences()
            for client in clients:
                client.close()
            wait_until("all rooms are forgotten", lambda: self.server.get("/admin/boards")["items"] == [])
            old = [shape for shape in self.backend.boards["room-0/é"]["shapes"] if shape["id"] == "old"]
            kept = bool(old) and old[0].get("link") == {"of": ["another", "program"]}
            status = self.server.stop()
        finally:
            self.server.end()
        backend = self.backend
        print(
            f"board backend: {self.acknowledged} changes acknowledged in {ROOMS} rooms, "
            f"{backend.requests['PUT']} writes, {self.deaths} deaths, {differences} rooms differ, {backend.overlaps} requests overlap, "
            f"{backend.quick} writes too soon, {len(backend.strangers)} requests wrong, members of others "
            f"{'kept' if kept else 'lost'}, exit {status}")
        for line in backend.strangers[:5]:
            print(line)
        is_right = not (differences or backend.overlaps or backend.quick or backend.strangers or status) and kept
        return 0 if is_right and backend.requests["PUT"] else 1


trial.run(__doc__, "board backend", 2, 3, lambda program, folder, seconds="12": Test(program, folder, float(seconds)))
