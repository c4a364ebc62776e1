/// Requests that a later one's answer has overtaken: theirs may still come.
///
/// Kept apart from the others, because over one TCP connection a right server never lets it happen.
struct MissingReplies {
    private struct Key: Hashable {
        var link: Int
        var sequence: UInt64
    }

    private var flights: [Key: Flight] = [:]

    /// How many there are.
    var count: Int { flights.count }

    /// Adds one.
    mutating func insert(_ flight: Flight, link: Int, sequence: UInt64) {
        flights[Key(link: link, sequence: sequence)] = flight
    }

    /// Takes one whose answer has come; `nil` where it was not missing.
    mutating func remove(link: Int, sequence: UInt64) -> Flight? {
        flights.isEmpty ? nil : flights.removeValue(forKey: Key(link: link, sequence: sequence))
    }

    /// Takes all.
    mutating func removeAll() -> [Flight] {
        defer { flights = [:] }
        return Array(flights.values)
    }
}
