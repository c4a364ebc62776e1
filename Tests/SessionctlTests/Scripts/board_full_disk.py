"""usage: board_full_disk.py SESSIONCTL FOLDER

Draws until the store's file may grow no more, as on a full disk: what is refused says so, cursors and snapshots go on, the
log has a line; and when there is room again, so does drawing. A server that is started anew has every shape that was
acknowledged, and no other. Prints one line; status 1 where that is not so.
"""
import resource, sys
from board_tools import Broken, Client, Server, wait_until

ROOM = "full"
BYTES = 400_000
TEXT = "x" * 20_000


class Test:
    def __init__(self, program, folder):
        self.folder = folder
        self.server = Server(program, folder, "--store", f"sqlite:{folder}/store.db")
        self.acknowledged = set()

    def draw(self, client):
        """Draws a shape; the answer's code, or None where it was acknowledged."""
        reply = client.ask({"type": "shape_create", "shapeType": "text", "x": 0, "y": 0, "text": TEXT})
        if reply["type"] == "ack":
            self.acknowledged.add(reply["shapeId"])
        return reply.get("code")

    def limit(self, count):
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (count, resource.RLIM_INFINITY))

    def fill(self, client):
        for _ in range(100):
            code = self.draw(client)
            if code:
                return code
        raise Broken("the file grew as if there was no limit")

    def shapes(self):
        client = Client(self.server.place, ROOM, "guest")
        shapes = {shape["id"] for shape in client.snapshot()["shapes"]}
        client.close()
        return shapes

    def run(self):
        problems = []
        try:
            self.server.start()
            client = Client(self.server.place, ROOM, "ann")
            client.snapshot()
            self.limit(BYTES)
            code = self.fill(client)
            if code != "STORE_UNAVAILABLE":
                problems.append(f"a change was refused with {code}")
            if client.ask({"type": "cursor_move", "x": 1, "y": 2})["type"] != "ack":
                problems.append("cursors do not move")
            if self.shapes() != self.acknowledged:
                problems.append("a snapshot has other shapes than were acknowledged")
            wait_until("the log says so", lambda: "the store cannot be used" in open(f"{self.folder}/errors").read())
            self.limit(resource.RLIM_INFINITY)
            wait_until("drawing goes on", lambda: self.draw(client) is None)
            self.server.kill()
            self.server.start()
            if self.shapes() != self.acknowledged:
                problems.append("after a restart there are other shapes than were acknowledged")
            status = self.server.stop()
        finally:
            self.server.end()
        print(f"board full disk: {len(self.acknowledged)} shapes acknowledged, {len(problems)} problems, exit {status}")
        for problem in problems:
            print(problem)
        return 1 if problems or status else 0


if len(sys.argv) < 3:
    sys.exit(__doc__)
try:
    status = Test(sys.argv[1], sys.argv[2]).run()
except (Broken, OSError) as reason:
    print(f"board full disk: {type(reason).__name__} {reason}")
    status = 2
sys.exit(status)
