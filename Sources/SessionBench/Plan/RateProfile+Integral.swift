/// A profile as a function of time, and its integral: how many requests are due, and when a given one is.
///
/// Request number 0 is due at the start. All are exact: no time is stepped through, so that a rate of a million a second
/// over an hour ends on the same request as the profile's area says.
extension RateProfile {
    /// Requests a second at a time after the start.
    package func rate(at time: Duration) -> Double {
        var seconds = time / .seconds(1)
        for stage in stages {
            let length = stage.seconds
            if seconds < length { return stage.startRate + (stage.endRate - stage.startRate) * seconds / length }
            seconds -= length
        }
        return stages.last?.endRate ?? 0
    }

    /// How many requests are due up to a time after the start, as the area under the profile.
    package func count(until time: Duration) -> Double {
        var seconds = time / .seconds(1)
        var count = 0.0
        for stage in stages {
            if seconds < stage.seconds { return count + stage.count(until: seconds) }
            count += stage.count(until: stage.seconds)
            seconds -= stage.seconds
        }
        return count + (stages.last?.endRate ?? 0) * seconds
    }

    /// When a request is due, after the start: the first time at which ``count(until:)`` reaches its number.
    ///
    /// - Parameter number: Its number, counted from 0; a broken one lies between two requests.
    /// - Returns: The longest duration there is where the profile ends with no rate before that many.
    package func time(of number: Double) -> Duration {
        guard let seconds = seconds(of: number) else { return .nanoseconds(Int64.max) }
        return .nanoseconds(Int64(seconds * 1e9))
    }

    /// ``time(of:)`` in seconds; `nil` for never.
    func seconds(of number: Double) -> Double? {
        var (left, start) = (number, 0.0)
        for stage in stages {
            let total = stage.count(until: stage.seconds)
            if left <= total { return start + stage.seconds(of: left) }
            left -= total
            start += stage.seconds
        }
        if left <= 0 { return start }
        guard let rate = stages.last?.endRate, rate > 0 else { return nil }
        return start + left / rate
    }

    /// The same profile after a time at its first rate.
    func preceded(by warmUp: Duration) -> RateProfile {
        let first = stages.first?.startRate ?? 0
        return RateProfile(stages: [Stage(duration: warmUp, from: first, to: first)] + stages)
    }
}

extension RateProfile.Stage {
    /// How long the stage lasts.
    fileprivate var seconds: Double { duration / .seconds(1) }

    /// The area up to a time after the stage's start.
    fileprivate func count(until seconds: Double) -> Double {
        guard self.seconds > 0 else { return 0 }
        return seconds * (startRate + (endRate - startRate) * seconds / (2 * self.seconds))
    }

    /// The time after the stage's start at which the area reaches `count`, which it does.
    ///
    /// The root of a quadratic equation in the form that loses no digits where the rate hardly changes.
    fileprivate func seconds(of count: Double) -> Double {
        guard count > 0 else { return 0 }
        let slope = (endRate - startRate) / seconds
        let discriminant = max(0, startRate * startRate + 2 * slope * count)
        return 2 * count / (startRate + discriminant.squareRoot())
    }
}
