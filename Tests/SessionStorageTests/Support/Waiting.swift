import SessionBase
import SessionIO
import Testing

/// Waiting for what other threads and processes do.
enum Waiting {
    /// Does nothing for a while.
    static func pause(milliseconds: Int) {
        guard var poller = try? Poller() else { return }
        let now = SystemClock.now()
        // Nothing is watched, so that only the time ends the wait.
        _ = try? poller.wait(until: now + .milliseconds(milliseconds), now: now)
    }

    /// Waits until something holds, for ten seconds at most; then the test fails.
    static func until(_ what: Comment, _ holds: () throws -> Bool) rethrows {
        let deadline = SystemClock.now() + .seconds(10)
        while try !holds() {
            guard SystemClock.now() < deadline else {
                Issue.record(what)
                return
            }
            pause(milliseconds: 5)
        }
    }

    /// Everything that a child prints until it ends.
    static func output(of child: ChildProcess) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case .received(let count) = buffer.withUnsafeMutableBytes({
            Descriptor.read(child.outputDescriptor, into: $0)
        }) {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
