import Glibc
import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// Another service that knows sessions, on loopback: answers `POST` with `{"sessionId":…}`, a connection a request, on several
/// threads, and keeps what it was asked.
final class SessionService: Sendable {
    private struct State {
        var answers: [String: (status: Int, body: String)] = [:]
        var asked: [String] = []
        var isHolding = false
        var isFailing = false
    }

    private let listener: Listener
    private let state = Mutex(State())

    /// The sessions that it was asked for, in order.
    var asked: [String] { state.withLock { $0.asked } }

    init(threads: Int = 2) throws {
        listener = try Listener(.loopback(port: 0))
        for _ in 0..<threads {
            let thread = try SystemThread(name: "session-service") { [self] in while answerOne() {} }
            thread.detach()
        }
    }

    /// What it says of a session from now on.
    func answer(_ id: String, _ status: Int, _ body: String) {
        state.withLock { $0.answers[id] = (status, body) }
    }

    /// Keeps whoever asks waiting, or no longer.
    func hold(_ isHolding: Bool) { state.withLock { $0.isHolding = isHolding } }

    /// Closes connections without an answer, or no longer.
    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    var endpoint: Endpoint {
        guard let port = listener.address.port else { preconditionFailure("a listener on loopback has a port") }
        return Endpoint(address: .host("127.0.0.1", port: port), target: "/introspect")
    }

    private func answerOne() -> Bool {
        guard waitUntil(listener.descriptor, POLLIN, until: SystemClock.now() + .seconds(60)) else { return false }
        guard case .accepted(let descriptor, _) = listener.accept() else { return true }
        let connection = OwnedDescriptor(adopting: descriptor)
        var request = ""
        while !request.hasSuffix("}") {
            guard waitUntil(connection.rawValue, POLLIN, until: SystemClock.now() + .seconds(5)) else { return true }
            var buffer = [UInt8](repeating: 0, count: 8192)
            guard case .received(let count) = Socket.receive(connection.rawValue, into: &buffer) else { return true }
            request += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let body = request.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) ?? ""
        let id = (try? JSONValue.parse(Array(body.utf8).span))?["sessionId"]?.string ?? ""
        let isPost = request.hasPrefix("POST /introspect HTTP/1.1\r\n")
        state.withLock { $0.asked.append(isPost ? id : "no POST") }
        while state.withLock({ $0.isHolding }) { usleep(1000) }
        let (answer, isFailing) = state.withLock { ($0.answers[id] ?? (404, "{}"), $0.isFailing) }
        if isFailing { return true }
        let text =
            "HTTP/1.1 \(answer.0) X\r\nContent-Length: \(answer.1.utf8.count)\r\nConnection: close\r\n\r\n\(answer.1)"
        let bytes = Array(text.utf8)
        _ = Socket.send(connection.rawValue, bytes.span)
        return true
    }
}
