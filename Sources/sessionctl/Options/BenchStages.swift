import CommandKit
import SessionBase
import SessionBench

/// The text of `--stages`: points such as `0s:1k,30s:20k,60s:20k` with straight lines between them.
enum BenchStages {
    /// What a point looks like, as the end of a sentence.
    private static let remedy =
        "write points such as 0s:1k,30s:20k,60s:20k, the first at 0s and each later than the one before"
    private static let rateRule = NumberText.Rule(0...1e9)
    private static let timeKind = ValueKind.duration(DurationText.Rule())

    /// Reads the points.
    ///
    /// - Throws: What to write instead.
    static func parse(_ text: String) throws(ValueError) -> RateProfile {
        var points: [(time: Duration, rate: Double)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2, case .duration(let time) = try timeKind.parse(halves[0]) else {
                throw ValueError(remedy)
            }
            points.append((time, try NumberText.parse(halves[1], rateRule)))
        }
        let times = points.map(\.time)
        guard times.first == .zero, zip(times, times.dropFirst()).allSatisfy(<) else { throw ValueError(remedy) }
        guard points.contains(where: { $0.rate > 0 }) else { throw ValueError("one rate must be more than 0") }
        return RateProfile(stages: stages(points))
    }

    private static func stages(_ points: [(time: Duration, rate: Double)]) -> [RateProfile.Stage] {
        guard points.count > 1 else { return RateProfile(constant: points[0].rate).stages }
        return zip(points, points.dropFirst()).map { begin, end in
            RateProfile.Stage(duration: end.time - begin.time, from: begin.rate, to: end.rate)
        }
    }
}
