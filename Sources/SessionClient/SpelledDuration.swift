import SessionBase

extension Duration {
    /// The duration for people, in the unit that suits it: `850 µs`, `12.3 ms`, `4.5 s`, `3 min 20 s`, `2 h 5 min`.
    package var spelled: String {
        let nanoseconds = max(nanoseconds, 0)
        switch nanoseconds {
        case ..<1_000_000: return "\(nanoseconds / 1000) µs"
        case ..<1_000_000_000: return "\(Self.tenths(nanoseconds, of: 1_000_000)) ms"
        case ..<60_000_000_000: return "\(Self.tenths(nanoseconds, of: 1_000_000_000)) s"
        default: return Self.long(seconds: nanoseconds / 1_000_000_000)
        }
    }

    /// A number with one decimal, which is left out where it is 0; cut, not rounded, so that 59.99 s is not 60 s.
    private static func tenths(_ value: Int64, of unit: Int64) -> String {
        let tenths = value / (unit / 10)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func long(seconds: Int64) -> String {
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
