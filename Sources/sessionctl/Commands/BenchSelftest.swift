import CommandKit
import SessionBench
import SessionCodec

/// `bench selftest`: measures servers whose latency is known.
enum BenchSelftest {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let context = invocation.context
        let report: SelftestReport
        do throws(SelftestError) {
            report = try Selftest.run(observe: observer(context.errors))
        } catch {
            throw CommandError(.unavailable, error.description)
        }
        if invocation.settings[BenchOptions.json] {
            var writer = JSONWriter()
            writer.value(report.json)
            try context.output.writeLine(&writer)
        } else {
            try context.output.write(report.text)
        }
        return report.hasPassed ? .success : .failed
    }

    /// Tells a person who waits how far it is.
    private static func observer(_ errors: Output) -> (SelftestResult) -> Void {
        var count = 0
        return { result in
            count += 1
            guard errors.isTerminal else { return }
            // A terminal that is gone is no reason to end the measurement.
            try? errors.write("cell \(count) of \(Selftest.cells.count): \(result.hasPassed ? "right" : "wrong")\n")
        }
    }
}
