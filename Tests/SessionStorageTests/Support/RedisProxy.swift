import SessionBase
import SessionIO
import SessionStorage
import Synchronization

/// Stands between an engine and Redis, and loses replies when it is told to: commands go through, nothing comes back, and
/// the connection ends.
final class RedisProxy: Sendable {
    private let target: String
    private let listener: Listener
    private let losesReplies = Atomic(false)
    private let isEnding = Atomic(false)
    private let thread = Mutex<ProxyThread?>(nil)

    private struct ProxyThread: ~Copyable { var thread: SystemThread }

    /// Starts to listen at `path` for one connection after the other, for the Redis at `target`.
    init(_ path: String, to target: String) throws {
        self.target = target
        listener = try Listener(.unix(path: path))
    }

    /// Starts to carry bytes.
    func start() throws {
        try thread.withLock { thread in
            thread = ProxyThread(thread: try SystemThread(name: "proxy") { [self] in run() })
        }
    }

    /// Ends the thread.
    func stop() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        let ended = thread.withLock { $0.take() }
        if let ended { ended.thread.join() }
    }

    /// Loses the replies to what comes next, and the connection with them; the next connection is whole again.
    func loseReplies() { losesReplies.store(true, ordering: .sequentiallyConsistent) }

    private func run() {
        while !isEnding.load(ordering: .sequentiallyConsistent) {
            if case .accepted(let descriptor, _) = listener.accept() {
                carry(OwnedDescriptor(adopting: descriptor))
            } else {
                Waiting.pause(milliseconds: 1)
            }
        }
    }

    private func carry(_ client: consuming OwnedDescriptor) {
        guard let server = try? Socket.connect(to: .unix(path: target)) else { return }
        while !isEnding.load(ordering: .sequentiallyConsistent) {
            let isLossy = losesReplies.load(ordering: .sequentiallyConsistent)
            guard let sent = pass(from: client.rawValue, to: server.rawValue) else { return }
            guard let answer = take(from: server.rawValue) else { return }
            if isLossy, !answer.isEmpty {
                // Redis has carried out what it was sent; nobody will hear of it.
                losesReplies.store(false, ordering: .sequentiallyConsistent)
                return
            }
            guard write(answer, to: client.rawValue) else { return }
            if sent == 0, answer.isEmpty { Waiting.pause(milliseconds: 1) }
        }
    }

    /// Carries what is there; `nil` where an end is gone.
    private func pass(from source: Int32, to target: Int32) -> Int? {
        guard let bytes = take(from: source) else { return nil }
        return write(bytes, to: target) ? bytes.count : nil
    }

    private func take(from source: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        switch Socket.receive(source, into: &buffer) {
        case .received(let count): return Array(buffer[..<count])
        case .wouldBlock: return []
        case .ended, .failed: return nil
        }
    }

    private func write(_ bytes: [UInt8], to target: Int32) -> Bool {
        do throws(SystemError) {
            try Descriptor.writeAll(bytes.span, to: target)
            return true
        } catch {
            return false
        }
    }
}
