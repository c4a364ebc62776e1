import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// Just enough of channels and lockers for loads, on loopback and a thread of its own, which misbehaves as a test tells it.
final class ScriptedTopics: Sendable {
    /// What is to go wrong, each with the numbers of the publications that it happens to, counted from 0.
    struct Mischief: Sendable {
        /// How often the first subscriber of a topic gets it.
        var deliveries: @Sendable (Int) -> Int = { _ in 1 }
        /// Which the first subscriber gets only behind the next one.
        var delays: @Sendable (Int) -> Bool = { _ in false }
        /// Which are refused with 503.
        var refuses: @Sendable (Int) -> Bool = { _ in false }
        /// How many recipients more the answer has than there are.
        var exaggeration = 0
        /// Whether nothing is kept for those who come back.
        var forgets = false
        /// Whether channels have no history at all.
        var hasHistory = true
        /// Subscribers that are refused.
        var refusesSubscribers = false
    }

    private struct Peer {
        var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 1 << 20))
        /// What it hears, and whether with positions.
        var topics: [String: Bool] = [:]
        var path = ""
    }

    private struct World {
        var publications = 0
        /// What was published of each topic, from offset 1 on.
        var history: [String: [[UInt8]]] = [:]
        /// Who joined a topic first.
        var firsts: [String: Int32] = [:]
        var held: [(topic: String, message: [UInt8])] = []
        var recoveries = 0
        var sessions: Set<String> = []
    }

    private let listener: ScriptedListener
    private let mischief: Mischief
    private let world = Mutex(World())

    init(_ mischief: Mischief = Mischief()) throws {
        listener = try ScriptedListener()
        self.mischief = mischief
        let thread = try SystemThread(name: "topics") { [self] in
            listener.serve(Peer.init) { read($0, from: $1, &$2) }
        }
        _ = consume thread
    }

    var endpoint: Endpoint { listener.endpoint("/ws") }
    /// How many publications came, last words and refused ones included.
    var publications: Int { world.withLock { $0.publications } }
    /// How many asked for what they missed.
    var recoveries: Int { world.withLock { $0.recoveries } }
    /// The topics that anybody published to.
    var topics: Set<String> { world.withLock { Set($0.history.keys) } }
    /// The credentials of kiosks.
    var sessions: Set<String> { world.withLock { $0.sessions } }

    /// Ends the thread within 20 ms.
    func stop() { listener.stop() }

    // MARK: Sockets

    private func read(_ bytes: [UInt8], from descriptor: Int32, _ peers: inout [Int32: Peer]) {
        var received = bytes
        var (cursor, isOver) = (0, false)
        while cursor < bytes.count, !isOver, var peer = peers[descriptor] {
            var output: [UInt8] = []
            var span = received.mutableSpan
            switch peer.connection.receive(&span, from: &cursor, output: &output) {
            case .needsInput: cursor = bytes.count
            case .upgrade: upgrade(&peer, descriptor, &output)
            case .request:
                let response = answer(peer.connection.takeRequest(), &peers)
                peer.connection.respond(response, output: &output)
            case .message(_, let place):
                let bytes =
                    if case .input(let range) = place { Array(received[range]) } else { peer.connection.assembled }
                hear(bytes, &peer, descriptor, &peers, &output)
            case .closeReceived, .failed: isOver = true
            default: break
            }
            peers[descriptor] = peer
            write(output, to: descriptor)
        }
        if isOver {
            peers[descriptor] = nil
            Descriptor.close(descriptor)
        }
    }

    /// A client that is gone is told of by the next read.
    private func write(_ bytes: [UInt8], to descriptor: Int32) { try? Descriptor.writeAll(bytes.span, to: descriptor) }

    private func say(_ text: String, _ peer: inout Peer, _ output: inout [UInt8]) {
        peer.connection.send(.text, Array(text.utf8).span, output: &output)
    }

    // MARK: WebSocket

    private func upgrade(_ peer: inout Peer, _ descriptor: Int32, _ output: inout [UInt8]) {
        let head = peer.connection.takeRequest().head
        peer.path = head.target
        if let session = head.fields["authorization"] { world.withLock { _ = $0.sessions.insert(session) } }
        let isChannels = head.target == "/ws"
        peer.connection.accept(
            Acceptance(messageBytesMax: 1 << 20, compression: nil),
            subprotocol: isChannels ? ChannelsProtocol.json : LockersProtocol.json, output: &output)
        if isChannels { return say(#"{"type":"welcome","data":{"connectionId":"ws_1_a"}}"#, &peer, &output) }
        join(peer.path, nil, &peer, descriptor)
        say(#"{"type":"connection","data":{"connectionId":"1","namespace":"\#(peer.path)"}}"#, &peer, &output)
    }

    private func join(_ topic: String, _ isPositioned: Bool?, _ peer: inout Peer, _ descriptor: Int32) {
        peer.topics[topic] = isPositioned ?? false
        world.withLock { world in if world.firsts[topic] == nil { world.firsts[topic] = descriptor } }
    }

    private func hear(
        _ bytes: [UInt8], _ peer: inout Peer, _ descriptor: Int32, _ peers: inout [Int32: Peer],
        _ output: inout [UInt8]
    ) {
        guard let message = try? JSONValue.parse(bytes.span) else { return }
        let room = message["room"]?.string ?? ""
        switch message["type"]?.string {
        case "subscribe": subscribe(message, &peer, descriptor, &output)
        case "join_room":
            join("\(peer.path)#\(room)", nil, &peer, descriptor)
            say(#"{"type":"room_joined","data":{"room":"\#(room)"}}"#, &peer, &output)
        case "leave_room":
            peer.topics["\(peer.path)#\(room)"] = nil
            say(#"{"type":"room_left","data":{"room":"\#(room)"}}"#, &peer, &output)
        case "publish":
            let channel = message["channel"]?.string ?? ""
            let id = message["id"]?.string ?? ""
            let count = publish(message["message"]?.text() ?? "", to: channel, &peers)
            say(
                count.map { #"{"type":"published","channel":"\#(channel)","delivered":\#($0),"id":"\#(id)"}"# }
                    ?? #"{"type":"error","code":"STORE_UNAVAILABLE","id":"\#(id)"}"#, &peer, &output)
        default: break
        }
    }

    private func subscribe(
        _ message: JSONValue, _ peer: inout Peer, _ descriptor: Int32, _ output: inout [UInt8]
    ) {
        let channel = message["channel"]?.string ?? ""
        if mischief.refusesSubscribers {
            return say(#"{"type":"error","code":"FORBIDDEN","channel":"\#(channel)"}"#, &peer, &output)
        }
        let history = world.withLock { $0.history[channel] ?? [] }
        join(channel, message["since"] != nil && mischief.hasHistory, &peer, descriptor)
        let since = message["since"]?["offset"]?.integer
        var place = ""
        if message["since"] != nil, mischief.hasHistory { place = #","epoch":"e","offset":\#(history.count)"# }
        if since != nil { place += #","recovered":\#(!mischief.forgets)"# }
        say(#"{"type":"subscribed","channel":"\#(channel)"\#(place)}"#, &peer, &output)
        guard let since, !mischief.forgets else { return }
        world.withLock { $0.recoveries += 1 }
        for offset in Int(since)..<max(Int(since), history.count) {
            peer.connection.send(.text, Self.positioned(history[offset], offset + 1).span, output: &output)
        }
    }

    private static func positioned(_ message: [UInt8], _ offset: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        PositionedFrame.append(message.span, offset: UInt64(offset), to: &bytes)
        return bytes
    }

    // MARK: Publications

    /// - Returns: How many got it; `nil` where it is refused.
    private func publish(_ message: String, to topic: String, _ peers: inout [Int32: Peer]) -> Int? {
        let bytes = Array(message.utf8)
        let (number, offset, first) = world.withLock { world in
            defer { world.publications += 1 }
            guard !mischief.refuses(world.publications) else { return (world.publications, 0, nil as Int32?) }
            world.history[topic, default: []].append(bytes)
            return (world.publications, world.history[topic]?.count ?? 0, world.firsts[topic])
        }
        if mischief.refuses(number) { return nil }
        var count = 0
        for (descriptor, var peer) in peers {
            guard let isPositioned = peer.topics[topic] else { continue }
            count += 1
            let text = isPositioned ? Self.positioned(bytes, offset) : bytes
            var output: [UInt8] = []
            if descriptor != first {
                peer.connection.send(.text, text.span, output: &output)
            } else if mischief.delays(number) {
                world.withLock { $0.held.append((topic, text)) }
            } else {
                for _ in 0..<mischief.deliveries(number) { peer.connection.send(.text, text.span, output: &output) }
                let held = world.withLock { world in
                    defer { world.held.removeAll { $0.topic == topic } }
                    return world.held.filter { $0.topic == topic }
                }
                for late in held { peer.connection.send(.text, late.message.span, output: &output) }
            }
            peers[descriptor] = peer
            write(output, to: descriptor)
        }
        return count + mischief.exaggeration
    }

    private func answer(_ request: HTTPRequest, _ peers: inout [Int32: Peer]) -> HTTPResponse {
        // What is no JSON is answered as an empty object would be.
        let body = (try? JSONValue.parse(request.body.span)) ?? .null
        let path = request.head.target
        var topic = body["channel"]?.string ?? body["namespace"]?.string ?? ""
        if let room = body["room"]?.string { topic += "#\(room)" }
        var message = body["message"]?.text() ?? #"{"type":"bench","data":\#(body["data"]?.text() ?? "null")}"#
        if path.contains("/events/") {
            let namespaces = ["locker-state": "lockers", "help-requested": "help", "command-applied": "events"]
            topic = "/ws/" + (namespaces[path.split(separator: "/").last.map(String.init) ?? ""] ?? "")
            message = #"{"type":"typed","data":\#(body.text())}"#
        }
        guard let count = publish(message, to: topic, &peers) else {
            return .error(.serviceUnavailable, "STORE_UNAVAILABLE", "later")
        }
        let name = path.hasPrefix("/api/v1/") ? "delivered" : "recipients"
        return .json(.ok, Array(#"{"\#(name)":\#(count)}"#.utf8))
    }
}
