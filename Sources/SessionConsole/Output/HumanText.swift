import SessionBase

/// Figures as tables show them: short, so that columns stay narrow. Programs read `--json`.
enum HumanText {
    /// `512B`, `1.5KiB`, `3MiB`.
    static func bytes(_ count: Double) -> String {
        var (value, unit) = (count, "B")
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
            value /= 1024
            unit = next
        }
        return tenths(value) + unit
    }

    /// `12ms`, `3.4s`, `5m12s`, `2h5m`, `3d4h`, from milliseconds.
    static func duration(_ milliseconds: Double) -> String {
        let whole = Int(milliseconds)
        switch whole {
        case ..<1000: return "\(max(whole, 0))ms"
        case ..<60_000: return tenths(milliseconds / 1000) + "s"
        case ..<3_600_000: return "\(whole / 60_000)m\(whole / 1000 % 60)s"
        case ..<86_400_000: return "\(whole / 3_600_000)h\(whole / 60_000 % 60)m"
        default: return "\(whole / 86_400_000)d\(whole / 3_600_000 % 24)h"
        }
    }

    /// At most one decimal, which is left out where it is 0; cut, not rounded, so that 1023.99 is not 1024.
    private static func tenths(_ value: Double) -> String {
        let tenths = Int(value * 10)
        return value >= 100 || tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
