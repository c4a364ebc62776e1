import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// Just enough of whiteboard rooms for loads, in both versions, on loopback and a thread of its own, which misbehaves as a
/// test tells it. The victim of all mischief is the member whose user's name ends in 1.
final class ScriptedBoard: Sendable {
    /// What is to go wrong.
    struct Mischief: Sendable {
        /// What is done to the boards that the victim gets once anything was changed.
        enum Spoiling: Sendable { case nothing, missing, extra, different, disordered }

        /// Which changes, counted from 0, the victim is not told of; a later one of the same shape is. Each of these has a
        /// version of its own, so that nothing else is hidden with it, however slow all this is.
        var hides: @Sendable (Int) -> Bool = { _ in false }
        /// Which changes are refused; in seed mode that is silence.
        var refuses: @Sendable (Int) -> Bool = { _ in false }
        /// Which changes are never acknowledged.
        var isSilent: @Sendable (Int) -> Bool = { _ in false }
        var spoiling = Spoiling.nothing
        /// Whether members are refused with an error of the second version.
        var refusesMembers = false
        /// Whether rooms have a shape of somebody else's.
        var hasStranger = false
        /// How long changes are gathered before members are told; those in between are conflated.
        var interval = Duration.zero
        /// The change at which the victim is cut off.
        var cutsAt: Int?
    }

    /// A shape as it is stored.
    private struct Shape {
        var id: String
        var x: Int
        var y: Int
        var owner: String

        func record(text: String = "Hello World") -> String {
            ##"{"id":"\##(id)","type":"rectangle","x":\##(x),"y":\##(y),"width":150,"height":100,"userId":"\##(owner)","##
                + ##""timestamp":"2024-01-01T12:00:00.000Z","text":"\##(text)","fill":"#3b82f6","stroke":"#1d4ed8","##
                + ##""rotation":0}"##
        }
    }

    private struct Peer {
        var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 1 << 20))
        var user = ""
        var room = ""
        var isSecond = false
        /// What the victim believes of shapes whose changes were hidden.
        var beliefs: [String: Int] = [:]
        var isVictim: Bool { user.hasSuffix("1") }
    }

    private struct Room {
        var shapes: [Shape] = []
        var users: [String] = []
        var cursors: [(user: String, x: Int, y: Int)] = []
        var version = 0
        // What is to be told: shapes, cursors, members.
        var changed: [String] = []
        var made: [String] = []
        var moved: Set<String> = []
        var joined: [String] = []
        var acknowledgements: [(peer: Int32, text: String)] = []
        var isDirty: Bool { !changed.isEmpty || !made.isEmpty || !moved.isEmpty || !joined.isEmpty }
    }

    private let listener: ScriptedListener
    private let mischief: Mischief
    private let targets = Mutex<[String]>([])

    init(_ mischief: Mischief = Mischief()) throws {
        listener = try ScriptedListener()
        self.mischief = mischief
        let thread = try SystemThread(name: "board") { [self] in
            var world = World(server: self)
            world.serve()
        }
        _ = consume thread
    }

    var endpoint: Endpoint { listener.endpoint("/") }
    /// The targets of all handshakes.
    var handshakes: [String] { targets.withLock { $0 } }

    /// Ends the thread within 20 ms.
    func stop() { listener.stop() }

    /// Everything that the thread alone knows.
    private struct World {
        let server: ScriptedBoard
        var peers: [Int32: Peer] = [:]
        var rooms: [String: Room] = [:]
        var changes = 0
        var told = Instant.zero

        var mischief: Mischief { server.mischief }

        // MARK: Sockets

        mutating func serve() {
            let listener = server.listener
            listener.serve(every: .milliseconds(5)) { event in
                switch event {
                case .opened(let descriptor): peers[descriptor] = Peer()
                case .received(let descriptor, let bytes): read(bytes, from: descriptor)
                case .ended(let descriptor): drop(descriptor)
                case .turned(let now): tell(at: now)
                }
            }
            for descriptor in peers.keys { Descriptor.close(descriptor) }
        }

        private mutating func read(_ bytes: [UInt8], from descriptor: Int32) {
            var received = bytes
            var cursor = 0
            while cursor < bytes.count, var peer = peers[descriptor] {
                var output: [UInt8] = []
                var span = received.mutableSpan
                let event = peer.connection.receive(&span, from: &cursor, output: &output)
                peers[descriptor] = peer
                switch event {
                case .needsInput: cursor = bytes.count
                case .upgrade: upgrade(descriptor)
                case .message(_, let place):
                    if case .input(let range) = place { hear(Array(received[range]), descriptor) }
                case .closeReceived, .failed:
                    write(output, to: descriptor)
                    drop(descriptor)
                default: break
                }
                write(output, to: descriptor)
            }
        }

        private mutating func drop(_ descriptor: Int32) {
            guard peers.removeValue(forKey: descriptor) != nil else { return }
            Descriptor.close(descriptor)
        }

        /// A client that is gone is told of by the next read.
        private func write(_ bytes: [UInt8], to descriptor: Int32) {
            guard peers[descriptor] != nil else { return }
            try? Descriptor.writeAll(bytes.span, to: descriptor)
        }

        private mutating func say(_ text: String, to descriptor: Int32) {
            guard var peer = peers[descriptor] else { return }
            var output: [UInt8] = []
            peer.connection.send(.text, Array(text.utf8).span, output: &output)
            peers[descriptor] = peer
            write(output, to: descriptor)
        }

        // MARK: Members

        private mutating func upgrade(_ descriptor: Int32) {
            guard var peer = peers[descriptor] else { return }
            let head = peer.connection.takeRequest().head
            server.targets.withLock { $0.append(head.target) }
            for part in head.target.split(separator: "?").last?.split(separator: "&") ?? [] {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                if pair.count == 2, pair[0] == "userId" { peer.user = pair[1] }
                if pair.count == 2, pair[0] == "roomId" { peer.room = pair[1] }
            }
            peer.isSecond = head.fields["sec-websocket-protocol"] == "sessionctl.board.v2"
            var output: [UInt8] = []
            peer.connection.accept(
                Acceptance(messageBytesMax: 1 << 20, compression: nil),
                subprotocol: peer.isSecond ? "sessionctl.board.v2" : nil, output: &output)
            peers[descriptor] = peer
            write(output, to: descriptor)
            if mischief.refusesMembers {
                return say(#"{"type":"error","code":"FORBIDDEN","message":"no"}"#, to: descriptor)
            }
            if rooms[peer.room] == nil, mischief.hasStranger {
                rooms[peer.room] = Room(shapes: [Shape(id: "strange00001", x: 1, y: 0, owner: "somebody")])
            }
            rooms[peer.room, default: Room()].users.append(peer.user)
            rooms[peer.room]?.joined.append(peer.user)
            say(board(for: peer), to: descriptor)
        }

        private mutating func hear(_ bytes: [UInt8], _ descriptor: Int32) {
            guard let message = try? JSONValue.parse(bytes.span), let peer = peers[descriptor] else { return }
            switch message["type"]?.string {
            case "cursor_move": move(message, peer)
            case "shape_create": create(message, peer)
            case "shape_update": change(message, peer, descriptor)
            case "resync": say(board(for: peer), to: descriptor)
            default: break
            }
        }

        private mutating func move(_ message: JSONValue, _ peer: Peer) {
            let (x, y) = (Int(message["x"]?.integer ?? 0), Int(message["y"]?.integer ?? 0))
            rooms[peer.room]?.cursors.removeAll { $0.user == peer.user }
            rooms[peer.room]?.cursors.append((peer.user, x, y))
            rooms[peer.room]?.moved.insert(peer.user)
        }

        private mutating func create(_ message: JSONValue, _ peer: Peer) {
            let number = (rooms[peer.room]?.shapes.count ?? 0) + 1
            let id = "shape" + String(repeating: "0", count: 7 - "\(number)".count) + "\(number)"
            let shape = Shape(
                id: id, x: Int(message["x"]?.integer ?? 0), y: Int(message["y"]?.integer ?? 0), owner: peer.user)
            rooms[peer.room]?.shapes.append(shape)
            rooms[peer.room]?.made.append(id)
        }

        private mutating func change(_ message: JSONValue, _ peer: Peer, _ descriptor: Int32) {
            let (id, tag) = (message["shapeId"]?.string ?? "", message["id"]?.string ?? "")
            defer { changes += 1 }
            if mischief.cutsAt == changes, let victim = peers.first(where: { $0.value.isVictim })?.key { drop(victim) }
            if mischief.refuses(changes) {
                if peer.isSecond { say(#"{"type":"error","id":"\#(tag)","code":"STORE_UNAVAILABLE"}"#, to: descriptor) }
                return
            }
            let isHidden = mischief.hides(changes)
            if isHidden { tell(at: SystemClock.now()) }
            defer { if isHidden { tell(at: SystemClock.now()) } }
            guard let place = rooms[peer.room]?.shapes.firstIndex(where: { $0.id == id }) else { return }
            let before = rooms[peer.room]?.shapes[place].x
            rooms[peer.room]?.shapes[place].x = Int(message["x"]?.integer ?? 0)
            rooms[peer.room]?.changed.append(id)
            let belief = isHidden ? before : nil
            for other in Array(peers.keys) where peers[other]?.room == peer.room && peers[other]?.isVictim == true {
                peers[other]?.beliefs[id] = belief
            }
            guard peer.isSecond, !mischief.isSilent(changes) else { return }
            rooms[peer.room]?.acknowledgements.append((descriptor, tag))
        }

        // MARK: What members are told

        private mutating func tell(at now: Instant) {
            guard now - told >= mischief.interval else { return }
            told = now
            for (name, room) in rooms where room.isDirty {
                let hasChanges = !room.changed.isEmpty || !room.made.isEmpty || !room.joined.isEmpty
                if hasChanges { rooms[name]?.version += 1 }
                let members = peers.filter { $0.value.room == name }
                for (descriptor, peer) in members {
                    if !peer.isSecond {
                        say(board(for: peer), to: descriptor)
                    } else if let patch = patch(for: peer) {
                        say(patch, to: descriptor)
                    }
                }
                for (descriptor, tag) in room.acknowledgements {
                    say(#"{"type":"ack","id":"\#(tag)","version":1,"persisted":false}"#, to: descriptor)
                }
                rooms[name]?.changed = []
                rooms[name]?.made = []
                rooms[name]?.moved = []
                rooms[name]?.joined = []
                rooms[name]?.acknowledgements = []
            }
        }

        private func cursors(_ room: Room, among users: Set<String>? = nil) -> String {
            room.cursors.filter { users?.contains($0.user) ?? true }.map {
                #"{"userId":"\#($0.user)","x":\#($0.x),"y":\#($0.y),"timestamp":"2024-01-01T12:00:00.000Z"}"#
            }.joined(separator: ",")
        }

        private func board(for peer: Peer) -> String {
            let room = rooms[peer.room] ?? Room()
            let users = room.users.map { "\"\($0)\"" }.joined(separator: ",")
            let head =
                peer.isSecond
                ? #""type":"snapshot","room":"\#(peer.room)","version":\#(room.version),"epoch":"e","you":"\#(peer.user)","#
                : ""
            let shapes = records(room, for: peer).joined(separator: ",")
            return #"{\#(head)"connectedUsers":[\#(users)],"cursors":[\#(cursors(room))],"shapes":[\#(shapes)]}"#
        }

        private func records(_ room: Room, for peer: Peer) -> [String] {
            var shapes = room.shapes
            for place in shapes.indices { shapes[place].x = peer.beliefs[shapes[place].id] ?? shapes[place].x }
            var records = shapes.map { $0.record() }
            guard peer.isVictim, changes > 0, let last = shapes.last else { return records }
            switch mischief.spoiling {
            case .nothing: break
            case .missing: records.removeLast()
            case .extra: records.append(Shape(id: "strange00001", x: 1, y: 0, owner: "somebody").record())
            case .different: records[records.count - 1] = last.record(text: "Other")
            case .disordered: records.swapAt(0, 1)
            }
            return records
        }

        private func patch(for peer: Peer) -> String? {
            guard let room = rooms[peer.room] else { return nil }
            let known = Set(room.made)
            let changed = Set(room.changed).subtracting(known)
            if peer.isVictim, changed.contains(where: { peer.beliefs[$0] != nil }) { return nil }
            let put =
                room.shapes.filter { known.contains($0.id) }.map { $0.record() }
                + room.shapes.filter { changed.contains($0.id) }.map { #"{"id":"\#($0.id)","x":\#($0.x)}"# }
            let full = room.made.map { "\"\($0)\"" }.joined(separator: ",")
            let joined = room.joined.map { "\"\($0)\"" }.joined(separator: ",")
            let shapes = #""put":[\#(put.joined(separator: ","))],"full":[\#(full)],"del":[]"#
            return #"{"type":"patch","version":\#(room.version),\#(shapes),"#
                + #""cursors":[\#(cursors(room, among: room.moved))],"join":[\#(joined)],"leave":[]}"#
        }
    }
}
