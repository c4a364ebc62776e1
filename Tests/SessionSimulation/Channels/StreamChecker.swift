import SessionCodec

/// What one socket hears of its stream: rows that pass its filter, each once, none of another template.
struct StreamChecker {
    let template: String
    /// What rows must have, as the server has confirmed; `nil` for all.
    private(set) var ward: String?
    /// Filters that are asked for and not confirmed.
    private var asked: [String?] = []
    /// The rows since the last `initial_data`, and in it.
    private(set) var rows: Set<Int64> = []
    private(set) var hasBegun = false

    init(template: String) { self.template = template }

    /// Notes that a filter is asked for.
    mutating func ask(_ ward: String?) { asked.append(ward) }

    /// Takes an `initial_data`, newest row first.
    mutating func begin(_ data: [JSONValue]) throws {
        if hasBegun {
            guard !asked.isEmpty else { throw SimulationFailure("rows from the beginning that nobody asked for") }
            ward = asked.removeFirst()
        }
        hasBegun = true
        rows = []
        for row in data { try take(row) }
    }

    /// Takes a row.
    mutating func take(_ row: JSONValue) throws {
        guard hasBegun else { throw SimulationFailure("a row before initial_data") }
        guard let number = row["n"]?.integer, row["template"]?.string == template else {
            throw SimulationFailure("a row of another template")
        }
        if !rows.insert(number).inserted { throw SimulationFailure("row \(number) came twice") }
        let wards = [ward] + asked
        if !wards.contains(where: { $0 == nil || $0 == row["ward"]?.string }) {
            throw SimulationFailure("row \(number) does not pass the filter")
        }
    }
}
