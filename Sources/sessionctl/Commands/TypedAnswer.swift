import CommandKit
import SessionClient
import SessionConsole
import SessionIO

/// One line that a person types as the answer to a question.
enum TypedAnswer {
    private enum Token {
        static let input: UInt64 = 0
        static let interruption: UInt64 = 1
    }

    /// Waits for the line; the end of the input is an empty answer.
    ///
    /// - Parameter interruption: Becomes readable when a signal comes, which ends the wait with status 130.
    static func read(_ input: Int32, interruption: Int32) throws(CommandError) -> String {
        do throws(SystemError) {
            var poller = try Poller()
            try poller.add(input, token: Token.input, .readable)
            try poller.add(interruption, token: Token.interruption, .readable)
            while try poller.wait(until: nil, now: SystemClock.now()) == 0 {}
            if poller.token(at: 0) == Token.input { return line(input) }
        } catch {
            throw CommandError(.internal, error.description)
        }
        throw CommandError(HTTPFailure.interrupted)
    }

    /// A terminal gives whole lines.
    private static func line(_ input: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 1024)
        guard case .received(let count) = bytes.withUnsafeMutableBytes({ Descriptor.read(input, into: $0) }) else {
            return ""
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
