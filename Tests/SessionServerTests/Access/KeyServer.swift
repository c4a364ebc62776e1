import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage
import Synchronization

/// Serves one JWK Set on loopback, a connection a request, and counts how often it was asked.
final class KeyServer: Sendable {
    private struct State {
        var body = #"{"keys":[]}"#
        var status = 200
        var requests = 0
        var isHolding = false
    }

    private let listener: Listener
    private let state = Mutex(State())

    /// How often the set was asked for.
    var requests: Int { state.withLock { $0.requests } }

    init(_ keys: [String] = []) throws {
        listener = try Listener(.loopback(port: 0))
        serve(keys)
        // Listening sockets of this program do not block; the thread ends with the test's process.
        let thread = try SystemThread(name: "key-server") { [self] in while answerOne() {} }
        thread.detach()
    }

    /// Serves these keys from now on.
    func serve(_ keys: [String], status: Int = 200) {
        state.withLock { ($0.body, $0.status) = ("{\"keys\":[\(keys.joined(separator: ","))]}", status) }
    }

    /// Keeps whoever asks waiting, or no longer.
    func hold(_ isHolding: Bool) { state.withLock { $0.isHolding = isHolding } }

    /// The URL of the set.
    var endpoint: Endpoint {
        guard let port = listener.address.port else { preconditionFailure("a listener on loopback has a port") }
        return Endpoint(address: .host("127.0.0.1", port: port), target: "/jwks.json")
    }

    private func answerOne() -> Bool {
        guard waitUntil(listener.descriptor, POLLIN, until: SystemClock.now() + .seconds(60)) else { return false }
        guard case .accepted(let descriptor, _) = listener.accept() else { return true }
        let connection = OwnedDescriptor(adopting: descriptor)
        _ = waitUntil(connection.rawValue, POLLIN, until: SystemClock.now() + .seconds(5))
        var buffer = [UInt8](repeating: 0, count: 4096)
        _ = Socket.receive(connection.rawValue, into: &buffer)
        while state.withLock({ $0.isHolding }) { usleep(1000) }
        let (body, status) = state.withLock { state in
            state.requests += 1
            return (state.body, state.status)
        }
        let text = "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        let bytes = Array(text.utf8)
        _ = Socket.send(connection.rawValue, bytes.span)
        return true
    }
}

/// A store that answers when it is told to, or never.
final class StubbornEngine: StorageEngine {
    private let memory = MemoryEngine()
    private struct State {
        var isDown = false
        var held: [([StoreCall], Int)]?
        var sink: (@Sendable (Int, [StoreAnswer]) -> Void)?
    }
    private let state = Mutex(State())

    /// Whether every call is refused.
    func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    /// Keeps calls from now on.
    func hold() { state.withLock { $0.held = [] } }

    /// Carries out what was kept.
    func release() {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held ?? []
        }
        for (calls, asker) in held { submit(calls, from: asker) }
    }

    func start(_ sink: @escaping @Sendable (Int, [StoreAnswer]) -> Void) {
        state.withLock { $0.sink = sink }
        memory.start(sink)
    }

    func submit(_ calls: [StoreCall], from asker: Int) {
        let (isHeld, isDown, sink) = state.withLock { state in
            state.held?.append((calls, asker))
            return (state.held != nil, state.isDown, state.sink)
        }
        if isHeld { return }
        guard isDown else { return memory.submit(calls, from: asker) }
        sink?(asker, calls.map { StoreAnswer(ticket: $0.ticket, reply: .unavailable("down")) })
    }

    func stop() { memory.stop() }

    var health: StorageHealth { .up }

    var figures: StorageFigures { memory.figures }
}
