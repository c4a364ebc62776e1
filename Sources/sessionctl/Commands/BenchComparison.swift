import SessionBench
import SessionCodec

/// What `--vs` concludes from the rounds of both servers.
enum BenchComparison {
    /// Adds the comparison of the runs with label A with those with label B; nothing where one side has none.
    static func conclude(_ document: inout BenchDocument) {
        guard let left = side("A", document), let right = side("B", document) else { return }
        document.sections.append(RunComparison(left, right, isPaired: true).section)
    }

    private static func side(_ label: String, _ document: BenchDocument) -> RunComparison.Side? {
        let runs = document.runs.filter { $0.label == label && !$0.wasInterrupted }
        guard let first = runs.first else { return nil }
        return RunComparison.Side(first.plan.targets.map(\.description).joined(separator: " "), runs)
    }
}
