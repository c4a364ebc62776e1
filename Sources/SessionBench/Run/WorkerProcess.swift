import SessionBase
import SessionClient
import SessionIO

/// The worker mode of this program, in which `bench --processes` starts it: not a command for people, so that help, man
/// pages and completions do not know it.
///
/// Standard input carries ``WorkerOrder`` lines, and its end means that the first process is gone; standard output
/// carries ``WorkerLine`` lines. Threads make the load, and this one only reads orders and writes lines.
package enum WorkerProcess {
    /// The one argument that chooses this mode.
    package static let word = "bench-worker"

    private static let inputToken: UInt64 = 0
    private static let groupToken: UInt64 = 1

    /// Works until the run is over or the first process is gone.
    ///
    /// - Returns: The exit status.
    package static func run() -> Int32 {
        do {
            // Control-C reaches all processes of a terminal; the first one decides what becomes of it.
            let signals = try Signals([.interrupt, .hangup])
            try serve()
            _ = signals.next()
            return 0
        } catch {
            return 70
        }
    }

    private static func serve() throws {
        Signals.ignoreBrokenPipes()
        try Descriptor.setNonBlocking(Descriptor.standardInput)
        var poller = try Poller()
        try poller.add(Descriptor.standardInput, token: inputToken, .readable)
        var lines = LineSplitter()
        var group: ThreadGroup?
        var remaining = 0
        while true {
            let count = try poller.wait(until: nil, now: SystemClock.now())
            for token in (0..<count).map({ poller.token(at: $0) }) {
                if token == inputToken {
                    guard readOrders(into: &lines) else { return }
                } else if let group {
                    for (worker, event) in group.takeAll() {
                        if case .finished = event { remaining -= 1 }
                        try Descriptor.writeAll(
                            WorkerLine.write(event, from: worker).span, to: Descriptor.standardOutput)
                    }
                    if remaining == 0 { return }
                }
            }
            while let line = lines.next() {
                switch try WorkerOrder(line: line.span) {
                case .open(let plan, let first):
                    let started = try ThreadGroup(plan, first: first)
                    try poller.add(started.descriptor, token: groupToken, .readable)
                    (group, remaining) = (started, plan.threads)
                case .start(let instant): group?.start(at: instant)
                case .stop: group?.stop()
                }
            }
        }
    }

    /// Reads what was ordered; `false` once the first process is gone.
    private static func readOrders(into lines: inout LineSplitter) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let result = buffer.withUnsafeMutableBytes { Descriptor.read(Descriptor.standardInput, into: $0) }
            switch result {
            case .received(let count): lines.append(buffer.span.extracting(first: count))
            case .wouldBlock: return true
            case .ended, .failed: return false
            }
        }
    }
}
