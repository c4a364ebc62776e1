import SessionBase
import SessionCodec
import SessionCrypto
import SessionIO
import Synchronization

/// A backend of boards on loopback, on a thread of its own, which answers as a test tells it, and remembers what came.
final class ScriptedBackend: Sendable {
    /// A request as it arrived.
    struct Call: Sendable {
        var request: HTTPRequest
        /// Which connection brought it, counted from 0.
        var connection: Int

        /// `GET /path`.
        var line: String { "\(request.head.method) \(request.head.target)" }

        /// The value of a field.
        func field(_ name: String) -> String? { request.head.fields[name] }
    }

    /// What is done about a request, one after the other.
    enum Step: Sendable {
        case bytes([UInt8])
        case pause(Duration)
        /// Ends the connection, as a whole or by a reset that forgets what was not sent.
        case end
        case reset

        static func text(_ text: String) -> Step { .bytes(Array(text.utf8)) }

        /// A whole answer.
        static func answer(_ status: Int, _ body: String = "", _ fields: HTTPFields = HTTPFields()) -> Step {
            let response = HTTPResponse(status: HTTPStatus(rawValue: status), fields: fields, body: Array(body.utf8))
            var bytes: [UInt8] = []
            response.append(to: &bytes)
            return .bytes(bytes)
        }
    }

    typealias Script = @Sendable (Call) -> [Step]

    private let core: ScriptedCore
    private let address: SocketAddress
    private let tls: TLSContext?
    private let thread = Mutex<SystemThread?>(nil)

    /// Begins to listen.
    init(tls: TLSContext? = nil, _ script: @escaping Script) throws {
        self.tls = tls
        core = try ScriptedCore(script)
        let listener = try Listener(.loopback(port: 0))
        address = listener.address
        try serve(listener)
    }

    deinit { kill() }

    /// Its URL without a path.
    var endpoint: Endpoint {
        Endpoint(address: .host("127.0.0.1", port: address.port ?? 0), isSecure: tls != nil)
    }

    /// Everything that came so far.
    var calls: [Call] { core.state.withLock { $0.calls } }
    /// The most requests that were unanswered at once.
    var inFlightMax: Int { core.state.withLock { $0.inFlightMax } }
    /// How many connections there were.
    var connections: Int { core.state.withLock { $0.connections } }

    /// Answers otherwise from now on.
    func turn(to script: @escaping Script) { core.state.withLock { $0.script = script } }

    /// Ends all connections, and listens no longer.
    func kill() {
        core.state.withLock { $0.isStopping = true }
        core.waker.wake()
        let ending = thread.withLock { $0.take() }
        if let ending { ending.join() }
    }

    /// Listens again, on the same port.
    func revive() throws {
        core.state.withLock { $0.isStopping = false }
        try serve(try Listener(address))
    }

    private func serve(_ listener: consuming Listener) throws {
        let loop = try BackendLoop(listener, core, tls)
        try thread.withLock { $0 = try SystemThread(name: "backend", body: loop.run) }
    }
}

/// What a scripted backend and its thread share; the thread holds nothing else, so that it never joins itself.
private final class ScriptedCore: Sendable {
    struct State {
        var calls: [ScriptedBackend.Call] = []
        var inFlightMax = 0
        var connections = 0
        var script: ScriptedBackend.Script
        var isStopping = false
    }

    let state: Mutex<State>
    let waker: Waker

    init(_ script: @escaping ScriptedBackend.Script) throws {
        state = Mutex(State(script: script))
        waker = try Waker()
    }

    func came(_ request: HTTPRequest, on connection: Int, inFlight: Int) -> [ScriptedBackend.Step] {
        let call = ScriptedBackend.Call(request: request, connection: connection)
        let script = state.withLock { state in
            state.calls.append(call)
            state.inFlightMax = max(state.inFlightMax, inFlight)
            return state.script
        }
        return script(call)
    }

    func connected() -> Int {
        state.withLock { state in
            defer { state.connections += 1 }
            return state.connections
        }
    }
}

/// The loop of a scripted backend; its thread alone uses it.
private final class BackendLoop: @unchecked Sendable {
    // Unchecked, because starting the thread orders what was before it.

    private final class Peer {
        let socket: OwnedDescriptor
        let number: Int
        let tls: TLSSession?
        var parser = HTTPMessageParser(role: .server, limits: HTTPLimits(bodyBytesMax: 64 << 20))
        /// What is still to be done; the answers of several requests would come one after the other.
        var steps: [ScriptedBackend.Step] = []
        var resumesAt = Instant.zero
        var output: [UInt8] = []
        var isEnded = false

        init(_ descriptor: Int32, number: Int, _ tls: TLSSession?) {
            socket = OwnedDescriptor(adopting: descriptor)
            self.number = number
            self.tls = tls
        }

        var isBusy: Bool { !steps.isEmpty || !output.isEmpty }
    }

    private let listener: Listener
    private let core: ScriptedCore
    private let tls: TLSContext?
    private var poller: Poller
    private var peers: [Peer?] = []
    private var input = [UInt8](repeating: 0, count: 65_536)

    init(_ listener: consuming Listener, _ core: ScriptedCore, _ tls: TLSContext?) throws {
        self.listener = listener
        self.core = core
        self.tls = tls
        poller = try Poller()
        try poller.add(self.listener.descriptor, token: UInt64.max, .readable)
        try poller.add(core.waker.descriptor, token: UInt64.max - 1, .readable)
    }

    func run() {
        while !core.state.withLock({ $0.isStopping }) {
            core.waker.acknowledge()
            turn()
        }
        peers = []
    }

    private func turn() {
        for peer in peers { if let peer { act(peer) } }
        for index in peers.indices where peers[index]?.isEnded == true { peers[index] = nil }
        // Short enough that pauses end on time, and that output which the kernel did not take goes on.
        let now = SystemClock.now()
        guard let count = try? poller.wait(until: now + .milliseconds(2), now: now) else { return }
        for event in 0..<count {
            let token = poller.token(at: event)
            if token == UInt64.max { accept() } else if token < UInt64(peers.count) { read(Int(token)) }
        }
    }

    private func accept() {
        while case .accepted(let descriptor, _) = listener.accept() {
            let peer = Peer(descriptor, number: core.connected(), tls.flatMap { try? TLSSession($0) })
            guard (try? poller.add(descriptor, token: UInt64(peers.count), .readable)) != nil else { continue }
            peers.append(peer)
        }
    }

    private func read(_ index: Int) {
        guard let peer = peers[index] else { return }
        guard case .received(let count) = Socket.receive(peer.socket.rawValue, into: &input) else {
            peers[index] = nil
            return
        }
        var bytes = Array(input[..<count])
        if let tls = peer.tls {
            var plaintext: [UInt8] = []
            // A handshake that fails shows on the other side.
            try? tls.receive(bytes.span, plaintext: &plaintext, output: &peer.output)
            bytes = plaintext
        }
        var cursor = 0
        while cursor < bytes.count, case .request(let request)? = try? peer.parser.parse(bytes.span, from: &cursor) {
            let inFlight = peers.count { $0?.isBusy ?? false } + 1
            peer.steps += core.came(request, on: peer.number, inFlight: inFlight)
        }
        act(peer)
    }

    /// Does what is to be done now.
    private func act(_ peer: Peer) {
        while SystemClock.now() >= peer.resumesAt, !peer.isEnded, !peer.steps.isEmpty {
            switch peer.steps.removeFirst() {
            case .bytes(let bytes):
                if let tls = peer.tls { try? tls.send(bytes.span, output: &peer.output) } else { peer.output += bytes }
            case .pause(let duration): peer.resumesAt = SystemClock.now() + duration
            case .reset:
                Socket.resetOnClose(peer.socket.rawValue)
                peer.isEnded = true
            case .end:
                flush(peer)
                peer.isEnded = true
            }
        }
        flush(peer)
    }

    private func flush(_ peer: Peer) {
        guard !peer.output.isEmpty, case .sent(let count) = Socket.send(peer.socket.rawValue, peer.output.span) else {
            return
        }
        peer.output.removeFirst(count)
    }
}
