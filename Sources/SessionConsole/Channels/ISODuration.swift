import SessionBase

/// Durations as ISO 8601 writes them (RFC 3339 appendix A).
package enum ISODuration {
    /// `PT30M`, `P1DT2H`, `PT1.5S`.
    package static func text(of duration: Duration) -> String {
        let milliseconds = duration.nanoseconds / 1_000_000
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest % 60_000)
        var time = ""
        if hours > 0 { time += "\(hours)H" }
        if minutes > 0 { time += "\(minutes)M" }
        if seconds > 0 { time += spelled(seconds) + "S" }
        let date = days > 0 ? "\(days)D" : ""
        if time.isEmpty { return date.isEmpty ? "PT0S" : "P" + date }
        return "P\(date)T\(time)"
    }

    /// Seconds with as many decimals as they need.
    private static func spelled(_ milliseconds: Int64) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(seconds)" }
        var decimals = String(rest + 1000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return "\(seconds).\(decimals)"
    }
}
