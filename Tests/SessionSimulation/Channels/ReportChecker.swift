import SessionCodec

/// What one socket hears of one report: it never goes back (PROTOCOLS 2-21; nobody resets one here).
struct ReportChecker {
    private(set) var state: String?
    private(set) var progress: Int64 = 0
    private var isComplete = false

    /// Takes a `report_status`.
    mutating func take(_ data: JSONValue) throws {
        guard let state = data["status"]?.string, let progress = data["progress"]?.integer else {
            throw SimulationFailure("a report status without status or progress")
        }
        if let before = self.state, Self.rank(state) < Self.rank(before) || (Self.rank(before) == 2 && state != before)
        {
            throw SimulationFailure("a report went from \(before) to \(state)")
        }
        if progress < self.progress { throw SimulationFailure("a report went from \(self.progress) to \(progress)") }
        (self.state, self.progress) = (state, progress)
    }

    /// Takes a `report_completed`.
    mutating func complete() throws {
        if state != "completed" { throw SimulationFailure("a report is announced before its status says completed") }
        isComplete = true
    }

    private static func rank(_ state: String) -> Int { state == "pending" ? 0 : state == "running" ? 1 : 2 }
}
