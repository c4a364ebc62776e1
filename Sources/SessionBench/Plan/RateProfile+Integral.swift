import SessionBase

/// A profile as a function of time, and its integral: how many requests are due, and when a given one is.
///
/// Request number 0 is due at the start. All are exact: no time is stepped through, so that a rate of a million a second
/// over an hour ends on the same request as the profile's area says.
extension RateProfile {
    /// Requests a second at a time after the start.
    package func rate(at time: Duration) -> Double {
        var seconds = time / .seconds(1)
        for stage in stages {
            let length = stage.duration / .seconds(1)
            if seconds < length { return stage.startRate + (stage.endRate - stage.startRate) * seconds / length }
            seconds -= length
        }
        return stages.last?.endRate ?? 0
    }

    /// How many requests are due up to a time after the start, as the area under the profile.
    package func count(until time: Duration) -> Double { RateIntegral(self).count(until: time / .seconds(1)) }

    /// When a request is due, after the start: the first time at which ``count(until:)`` reaches its number.
    ///
    /// - Parameter number: Its number, counted from 0; a broken one lies between two requests.
    /// - Returns: The longest duration there is where the profile ends with no rate before that many.
    package func time(of number: Double) -> Duration {
        .nanoseconds(RateIntegral(self).nanoseconds(of: number) ?? .max)
    }

    /// The same profile after a time at its first rate.
    func preceded(by warmUp: Duration) -> RateProfile {
        let first = stages.first?.startRate ?? 0
        return RateProfile(stages: [Stage(duration: warmUp, from: first, to: first)] + stages)
    }
}

/// The integral of a profile and its inverse, with everything computed once that all requests have in common.
struct RateIntegral {
    /// One stage: a straight line, its beginning and area.
    private struct Piece {
        var start: Double
        var length: Double
        var rate: Double
        var slope: Double
        /// The requests due before it, and in it.
        var before: Double
        var count: Double

        func count(until seconds: Double) -> Double { seconds * (rate + slope * seconds / 2) }

        /// The time after the start at which the area reaches `count`: the root of a quadratic equation in the form that
        /// loses no digits where the rate hardly changes.
        func seconds(of count: Double) -> Double {
            guard count > 0 else { return 0 }
            return 2 * count / (rate + max(0, rate * rate + 2 * slope * count).squareRoot())
        }
    }

    private let pieces: [Piece]
    /// Where the profile's own stages end, and its last rate goes on.
    private let tail: (start: Double, rate: Double, before: Double)

    /// Computes the areas of a profile's stages.
    init(_ profile: RateProfile) {
        var (start, before) = (0.0, 0.0)
        var pieces: [Piece] = []
        for stage in profile.stages {
            let length = stage.duration / .seconds(1)
            guard length > 0 else { continue }
            let count = length * (stage.startRate + stage.endRate) / 2
            pieces.append(
                Piece(
                    start: start, length: length, rate: stage.startRate,
                    slope: (stage.endRate - stage.startRate) / length, before: before, count: count))
            start += length
            before += count
        }
        self.pieces = pieces
        tail = (start, profile.stages.last?.endRate ?? 0, before)
    }

    /// How many requests are due up to a time after the start.
    func count(until seconds: Double) -> Double {
        for piece in pieces where seconds < piece.start + piece.length {
            return piece.before + piece.count(until: seconds - piece.start)
        }
        return tail.before + tail.rate * (seconds - tail.start)
    }

    /// When a request is due, in nanoseconds after the start; `nil` for never.
    func nanoseconds(of number: Double) -> Int64? {
        for piece in pieces where number <= piece.before + piece.count {
            return Int64((piece.start + piece.seconds(of: number - piece.before)) * 1e9)
        }
        if number <= tail.before { return Int64(tail.start * 1e9) }
        return tail.rate > 0 ? Int64((tail.start + (number - tail.before) / tail.rate) * 1e9) : nil
    }
}
