import Glibc
import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import Synchronization

/// An endpoint of an operator on loopback: takes one call a connection, answers with the statuses it is given, and remembers.
final class HookEndpoint: Sendable {
    /// A call as it arrived.
    struct Call: Sendable {
        var head: String
        var body: String

        /// The value of a field.
        func field(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    private struct State {
        var calls: [Call] = []
        /// The statuses of the next answers; 200 behind them.
        var statuses: [Int] = []
        var isHolding = false
    }

    private let listener: Listener
    /// What every answer holds.
    private let body: String
    private let state: Mutex<State>

    /// Everything that was called so far.
    var calls: [Call] { state.withLock { $0.calls } }

    /// `GET /path` of each.
    var lines: [String] { calls.map { $0.head.split(separator: " ").prefix(2).joined(separator: " ") } }

    init(statuses: [Int] = [], body: String = "") throws {
        self.body = body
        listener = try Listener(.loopback(port: 0))
        state = Mutex(State(statuses: statuses))
        // Ends with the process of the tests.
        let thread = try SystemThread(name: "hook-endpoint") { [self] in while answerOne() {} }
        thread.detach()
    }

    /// Keeps whoever calls waiting, or no longer.
    func hold(_ isHolding: Bool) { state.withLock { $0.isHolding = isHolding } }

    /// Its URL.
    var endpoint: Endpoint {
        guard let port = listener.address.port else { preconditionFailure("a listener on loopback has a port") }
        return Endpoint(address: .host("127.0.0.1", port: port), target: "/hook")
    }

    private func answerOne() -> Bool {
        guard waitUntil(listener.descriptor, POLLIN, until: SystemClock.now() + .seconds(60)) else { return false }
        guard case .accepted(let descriptor, _) = listener.accept() else { return true }
        let connection = OwnedDescriptor(adopting: descriptor)
        guard let call = Self.read(connection.rawValue) else { return true }
        while state.withLock({ $0.isHolding }) { usleep(1000) }
        let status = state.withLock { state in
            state.calls.append(call)
            return state.statuses.isEmpty ? 200 : state.statuses.removeFirst()
        }
        let answer = Array(
            "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
        _ = Socket.send(connection.rawValue, answer.span)
        return true
    }

    /// Reads head and body; `nil` where the caller gives up.
    private static func read(_ descriptor: CInt) -> Call? {
        var text = ""
        while true {
            if let end = text.firstRange(of: "\r\n\r\n") {
                let call = Call(head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
                if call.body.utf8.count >= call.field("Content-Length").flatMap({ Int($0) }) ?? 0 { return call }
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            guard waitUntil(descriptor, POLLIN, until: SystemClock.now() + .seconds(5)),
                case .received(let count) = Socket.receive(descriptor, into: &buffer)
            else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
