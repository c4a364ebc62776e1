import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import TestSupport
import Testing

@testable import SessionServer

/// A loop without a thread: its connections are real sockets, and the test is its machine and ends its turns.
final class GroupFixture {
    /// The other end of a connection.
    final class Member {
        let id: ConnectionID
        private let socket: OwnedDescriptor
        private var connection: Connection
        private var input: [UInt8] = []
        private var cursor = 0

        fileprivate init(_ id: ConnectionID, _ socket: consuming OwnedDescriptor, _ deflate: DeflateParameters?) {
            self.id = id
            self.socket = socket
            connection = Connection(
                establishedAs: .client(maskKeys: SipHash(key0: 1, key1: 2)), limits: ConnectionLimits(),
                deflate: deflate)
        }

        /// The next message, `nil` where nothing comes within `time`; a Close frame is its code.
        func hear(within time: Duration) -> String? {
            let deadline = SystemClock.now() + time
            while true {
                if let text = take() { return text }
                guard waitUntil(socket.rawValue, POLLIN, until: deadline) else { return nil }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                guard case .received(let count) = Socket.receive(socket.rawValue, into: &buffer) else { return nil }
                input += buffer[..<count]
            }
        }

        /// The next messages, which must come.
        func hear(_ count: Int, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
            try (0..<count).map { _ in try #require(hear(within: patience), sourceLocation: sourceLocation) }
        }

        /// Whether nothing has come, now that all that was to come has been sent.
        var hearsNothing: Bool { hear(within: .zero) == nil }

        private func take() -> String? {
            var output: [UInt8] = []
            var span = input.mutableSpan
            let event = connection.receive(&span, from: &cursor, output: &output)
            defer {
                input.removeFirst(cursor)
                cursor = 0
            }
            switch event {
            case .message(_, .input(let range)): return String(decoding: input[range], as: UTF8.self)
            case .message: return String(decoding: connection.assembled, as: UTF8.self)
            case .closeReceived(let code): return "close \(code.rawValue)"
            default: return nil
            }
        }
    }

    private let folder = TemporaryFolder()
    private let server: Server
    private let listener: Listener
    var loop: ServerLoop

    init(_ change: (inout ServerConfiguration) -> Void = { _ in }) throws {
        var configuration = RunningServer.configuration([.awareness], threads: 2)
        configuration.adminSocketPath = folder.path + "/admin.sock"
        change(&configuration)
        server = try Server(configuration)
        listener = try Listener(.loopback(port: 0))
        loop = try ServerLoop(index: 0, node: server.node, configuration: configuration, seed: 1)
    }

    deinit { loop.closeEverything() }

    /// Opens a connection that has done its handshake.
    ///
    /// - Parameter bufferBytes: Size of the kernel's buffers of both ends, for a member that is soon stuck.
    func member(deflate: DeflateParameters? = nil, bufferBytes: Int32? = nil) throws -> Member {
        let socket = try Socket.connect(to: listener.address)
        if let bufferBytes { Socket.setReceiveBuffer(socket.rawValue, bytes: bufferBytes) }
        var accepted = listener.accept()
        while accepted == .wouldBlock { accepted = listener.accept() }
        guard case .accepted(let descriptor, let peer) = accepted else { throw TestClient.Failure.ended }
        if let bufferBytes { Socket.setSendBuffer(descriptor, bytes: bufferBytes) }
        var connection = ServerConnection(
            serial: server.node.makeSerial(), descriptor: descriptor, listener: 0,
            wire: Connection(establishedAs: .server, limits: ConnectionLimits(), deflate: deflate), address: peer,
            openedAt: loop.moment, deadline: .distantFuture)
        connection.phase = .webSocket
        connection.profile = .awareness
        connection.isPlain = deflate == nil
        let id = loop.connections.insert(connection)
        let isWatched = loop.watch(id)
        #expect(isWatched)
        loop.serviceOpened(id, .awareness, Handshake())
        return Member(id, socket, deflate)
    }

    /// The loop's side of a member, as it is now.
    func connection(of member: Member) -> ServerConnection { loop.connections[slot: member.id.slot] }

    /// What the loop has counted.
    var counters: LoopCounters { loop.counters }

    /// What `GET /admin/slow` names.
    var slow: [ConnectionRecord] { loop.report(.slow).connections }

    /// Carries out effects, as those of one event.
    func perform(_ make: (inout Effects) -> Void) {
        make(&loop.effects)
        loop.performEffects()
    }

    /// Ends the turn: hands out what waits.
    func endTurn() {
        loop.distribute()
        loop.flushDirty()
    }

    /// Lets a member that was stuck read everything, the loop writing as its socket has room, until `count` messages came.
    func drain(_ member: Member, _ count: Int) -> [String] {
        var heard: [String] = []
        eventually("the stuck member hears all") {
            while let text = member.hear(within: .milliseconds(1)) { heard.append(text) }
            if loop.connections.contains(member.id) { loop.flush(member.id, isReady: true) }
            return heard.count >= count
        }
        return heard
    }

    /// Sends messages to a group, a turn each, until a member's socket takes no more.
    ///
    /// - Returns: How many messages that took.
    func block(_ member: Member, in group: GroupID, _ policy: OverflowPolicy = .disconnect) throws -> Int {
        var count = 0
        while !loop.connections[slot: member.id.slot].isWriting {
            try #require(count < 10_000, "the socket takes everything")
            perform { $0.multicast("fill \(count)" + String(repeating: ".", count: 1000), to: group, policy: policy) }
            endTurn()
            count += 1
        }
        return count
    }
}

extension Effects {
    /// Sends a text to one connection.
    mutating func send(_ text: String, to id: ConnectionID) {
        let message = encode { $0 += Array(text.utf8) }
        send(message, to: id)
    }

    /// Sends a text to a group.
    mutating func multicast(
        _ text: String, to group: GroupID, except: ConnectionID? = nil, policy: OverflowPolicy = .disconnect
    ) {
        let message = encode { $0 += Array(text.utf8) }
        multicast(Multicast(message, to: group, except: except, policy: policy))
    }
}
