import CommandKit
import SessionBase
import SessionClient
import SessionIO

/// Standard input as lines, taken as they come: a slow pipe gives one at a time, a fast one many.
final class InputLines {
    private let input: Int32
    private let interruption: Int32
    private var splitter = LineSplitter()
    private var hasEnded = false

    /// Reads a descriptor.
    ///
    /// - Parameter interruption: Becomes readable when a signal comes, which ends a wait with status 130.
    init(_ input: Int32, interruption: Int32) {
        self.input = input
        self.interruption = interruption
    }

    /// Waits for whole lines, and returns those that are there; `nil` at the end.
    func next() throws(CommandError) -> [[UInt8]]? {
        while !hasEnded {
            let lines = try read()
            if !lines.isEmpty { return lines }
        }
        return nil
    }

    private func read() throws(CommandError) -> [[UInt8]] {
        try Interruptible.wait(for: interruption, or: input, until: nil)
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let input = input
        switch chunk.withUnsafeMutableBytes({ Descriptor.read(input, into: $0) }) {
        case .received(let count): splitter.append(chunk.span.extracting(0..<count))
        case .wouldBlock: break
        case .ended: hasEnded = true
        case .failed(let code):
            throw CommandError(.noInput, "cannot read standard input: \(SystemError.reason(code))")
        }
        var lines: [[UInt8]] = []
        while let line = splitter.next() { lines.append(line) }
        if hasEnded, let line = splitter.finish() { lines.append(line) }
        return lines
    }
}
