import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import Synchronization

/// An echo server on loopback that misbehaves as a test tells it, on a thread of its own.
final class MischievousServer: Sendable {
    /// What the server does with a message.
    enum Action: Sendable {
        /// Sends these bytes as a message of the kind that came.
        case send([UInt8])
        /// Sends these bytes as text.
        case say(String)
        /// Sends a Ping.
        case ping
        /// Does nothing for a while, with any connection.
        case stall(Duration)
        /// Closes with a code.
        case close(CloseCode)
        /// Ends the connection as a crash does.
        case reset
    }

    /// Decides by the number of the message on its connection, counted from 0, and its bytes.
    typealias Behaviour = @Sendable (_ number: Int, _ message: [UInt8]) -> [Action]

    let address: SocketAddress
    private let listener: Listener
    private let behaviour: Behaviour
    private let refusal: HTTPStatus?
    private let subprotocol: String?
    private let tls: TLSContext?
    private let isStopping = Atomic<Bool>(false)
    private let counts = Mutex(Counts())

    private struct Counts {
        var pongs = 0
        var closes: [UInt16] = []
        var peers: [String: Int] = [:]
    }

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - refusal: The answer to handshakes; `nil` accepts them.
    ///   - subprotocol: What it speaks.
    ///   - tls: Makes it a server of `wss`.
    ///   - behaviour: What it does with messages; sends them back unless told otherwise.
    init(
        refusing refusal: HTTPStatus? = nil, subprotocol: String? = nil, tls: TLSContext? = nil,
        behaviour: @escaping Behaviour = { _, message in [.send(message)] }
    ) throws {
        listener = try Listener(.loopback(port: 0))
        address = listener.address
        self.behaviour = behaviour
        self.refusal = refusal
        self.subprotocol = subprotocol
        self.tls = tls
        let thread = try SystemThread(name: "mischief") { [self] in serve() }
        _ = consume thread
    }

    var endpoint: Endpoint {
        Endpoint(address: .host(address.host, port: address.port ?? 0), isSecure: tls != nil)
    }
    /// How many connections came from each address.
    var peers: [String: Int] { counts.withLock { $0.peers } }
    var pongs: Int { counts.withLock { $0.pongs } }
    /// The codes of the Close frames that came.
    var closes: [UInt16] { counts.withLock { $0.closes } }

    /// Ends the thread within 20 ms; without it the server lives as long as the tests do.
    func stop() { isStopping.store(true, ordering: .releasing) }

    private func serve() {
        var peers: [Int32: Peer] = [:]
        // A machine without descriptors fails the test by its silence.
        guard var poller = try? Poller(), (try? poller.add(listener.descriptor, token: 0, .readable)) != nil else {
            return
        }
        while !isStopping.load(ordering: .acquiring) {
            let now = SystemClock.now()
            // A failed wait is the end of the server, and of the test by the server's silence.
            guard let ready = try? poller.wait(until: now + .milliseconds(20), now: now) else { return }
            for position in 0..<ready {
                let token = Int32(poller.token(at: position))
                if token == 0 { accept(&peers, poller) } else { read(token, &peers) }
            }
        }
        for descriptor in peers.keys { Descriptor.close(descriptor) }
    }

    private func accept(_ peers: inout [Int32: Peer], _ poller: borrowing Poller) {
        while case .accepted(let descriptor, let address) = listener.accept() {
            counts.withLock { $0.peers[address.host, default: 0] += 1 }
            // A context that was made for a server makes sessions; a client would notice if not.
            peers[descriptor] = Peer(tls: tls.flatMap { try? TLSSession($0) })
            // A socket that cannot be watched is never answered, which its client notices.
            try? poller.add(descriptor, token: UInt64(descriptor), .readable)
        }
    }

    private func read(_ descriptor: Int32, _ peers: inout [Int32: Peer]) {
        guard var peer = peers[descriptor] else { return }
        var input = [UInt8](repeating: 0, count: 65_536)
        guard case .received(let count) = Socket.receive(descriptor, into: &input) else {
            peers[descriptor] = nil
            return Descriptor.close(descriptor)
        }
        input = peer.decrypt(Array(input[..<count]), for: descriptor)
        var output: [UInt8] = []
        var isOver = false
        var cursor = 0
        while cursor < input.count, !isOver {
            var received = input.mutableSpan
            let event = peer.connection.receive(&received, from: &cursor, output: &output)
            isOver = handle(event, of: &peer, descriptor, input, &output)
        }
        peer.write(output, to: descriptor)
        peers[descriptor] = isOver ? nil : peer
        if isOver { Descriptor.close(descriptor) }
    }

    /// - Returns: Whether the connection is over.
    private func handle(
        _ event: ConnectionEvent, of peer: inout Peer, _ descriptor: Int32, _ input: [UInt8], _ output: inout [UInt8]
    ) -> Bool {
        switch event {
        case .upgrade:
            guard refusal == nil else {
                peer.connection.respond(HTTPResponse(status: refusal!), closes: true, output: &output)
                return true
            }
            peer.connection.accept(
                Acceptance(messageBytesMax: 1 << 20, compression: .client), subprotocol: subprotocol, output: &output)
        case .message(let kind, let place):
            let message = if case .input(let range) = place { Array(input[range]) } else { peer.connection.assembled }
            let actions = behaviour(peer.messages, message)
            peer.messages += 1
            return actions.contains { perform($0, kind, &peer, descriptor, &output) }
        case .pong: counts.withLock { $0.pongs += 1 }
        case .closeReceived(let code):
            counts.withLock { $0.closes.append(code.rawValue) }
            return true
        case .failed, .request: return true
        default: break
        }
        return false
    }

    private func perform(
        _ action: Action, _ kind: MessageKind, _ peer: inout Peer, _ descriptor: Int32, _ output: inout [UInt8]
    ) -> Bool {
        switch action {
        case .send(let bytes): peer.connection.send(kind, bytes.span, output: &output)
        case .say(let text): peer.connection.send(.text, Array(text.utf8).span, output: &output)
        case .ping: peer.connection.ping([UInt8]("still there?".utf8).span, output: &output)
        case .close(let code):
            peer.connection.close(code, output: &output)
        case .stall(let duration):
            // What came before the stall is to be there before it.
            peer.write(output, to: descriptor)
            output = []
            let end = SystemClock.now() + duration
            while SystemClock.now() < end {}
        case .reset:
            Socket.resetOnClose(descriptor)
            return true
        }
        return false
    }

    private struct Peer {
        var connection = Connection(role: .server, limits: ConnectionLimits(messageBytesMax: 1 << 20))
        var messages = 0
        var tls: TLSSession?

        /// Takes TLS off what came; a client that breaks it hears no more.
        func decrypt(_ bytes: [UInt8], for descriptor: Int32) -> [UInt8] {
            guard let tls else { return bytes }
            var (plaintext, output): ([UInt8], [UInt8]) = ([], [])
            // The alert is in the output, and the client's failure is what a test looks at.
            try? tls.receive(bytes.span, plaintext: &plaintext, output: &output)
            try? Descriptor.writeAll(output.span, to: descriptor)
            return plaintext
        }

        /// Sends bytes, under TLS where there is TLS; the client may be gone already, which the next read tells.
        func write(_ bytes: [UInt8], to descriptor: Int32) {
            var sealed = bytes
            if let tls, !bytes.isEmpty {
                sealed = []
                try? tls.send(bytes.span, output: &sealed)
            }
            try? Descriptor.writeAll(sealed.span, to: descriptor)
        }
    }
}
