import CommandKit
import SessionBase
import SessionClient
import SessionConsole
import SessionIO

/// Waits of a command outside of any request, which a signal ends with status 130.
enum Interruptible {
    private enum Token {
        static let input: UInt64 = 0
        static let interruption: UInt64 = 1
    }

    /// Waits for one line that a person types; the end of the input is an empty one.
    ///
    /// - Parameter interruption: Becomes readable when a signal comes.
    static func readLine(_ input: Int32, interruption: Int32) throws(CommandError) -> String {
        try wait(for: interruption, or: input, until: nil)
        var bytes = [UInt8](repeating: 0, count: 1024)
        // A terminal gives whole lines.
        guard case .received(let count) = bytes.withUnsafeMutableBytes({ Descriptor.read(input, into: $0) }) else {
            return ""
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Waits for a descriptor or an instant.
    static func wait(
        for interruption: Int32, or input: Int32? = nil, until instant: Instant?
    ) throws(CommandError) {
        do throws(SystemError) {
            var poller = try Poller()
            // epoll watches no files, which never make anybody wait.
            if let input, !Self.canWatch(input, with: &poller) { return }
            try poller.add(interruption, token: Token.interruption, .readable)
            while true {
                let count = try poller.wait(until: instant, now: SystemClock.now())
                if count == 0, let instant, SystemClock.now() >= instant { return }
                if count > 0, poller.token(at: 0) == Token.input { return }
                if count > 0 { break }
            }
        } catch {
            throw CommandError(.internal, error.description)
        }
        throw CommandError(HTTPFailure.interrupted)
    }

    private static func canWatch(_ input: Int32, with poller: inout Poller) -> Bool {
        do throws(SystemError) { try poller.add(input, token: Token.input, .readable) } catch { return false }
        return true
    }
}
