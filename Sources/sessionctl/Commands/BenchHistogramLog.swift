import CommandKit
import SessionBase
import SessionBench
import SessionIO

/// The log of histograms that `--hdr` asks for: a line a second, as soon as the second is over; the runs of one command
/// follow each other in time.
final class BenchHistogramLog {
    private let file: BenchFile
    /// When the first run's measured part began.
    private var startedAt: Timestamp?
    /// Whole seconds between that and the begin of the present run's.
    private var offset = 0

    /// Opens the log, where one is wanted.
    static func make(_ settings: Settings, _ context: CommandContext) throws(CommandError) -> BenchHistogramLog? {
        guard let path = settings[BenchOptions.hdr] else { return nil }
        return BenchHistogramLog(try BenchFile(path, output: context.output))
    }

    private init(_ file: BenchFile) { self.file = file }

    /// Writes what happened.
    func handle(_ event: RunEvent) throws(CommandError) {
        switch event {
        case .measuring: try begin(Timestamp(milliseconds: SystemClock.wallNanoseconds() / 1_000_000))
        case .second(var interval) where interval.second >= 0:
            interval.second += offset
            try file.append(HdrLog.lines(of: interval))
        default: break
        }
    }

    private func begin(_ now: Timestamp) throws(CommandError) {
        guard let startedAt else {
            startedAt = now
            try file.write(HdrLog.head(startedAt: now, remark: "sessionctl \(Program.version) bench"))
            return
        }
        offset = Int((now.milliseconds - startedAt.milliseconds) / 1000)
    }
}
