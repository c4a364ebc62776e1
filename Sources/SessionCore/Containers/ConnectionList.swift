import SessionBase

/// Connections in the order in which they came; one leaves as quickly from many as from few.
struct ConnectionList: Sendable {
    /// `nil` where one left.
    private var entries: [ConnectionID?] = []
    /// Where each is; empty while there are so few that a search is as quick.
    private var places: [ConnectionID: Int] = [:]
    /// How many there are.
    private(set) var count = 0

    /// How many entries are searched.
    private static let searchedMax = 16

    /// Starts with nobody.
    init() {}

    /// Whether there are none.
    var isEmpty: Bool { count == 0 }

    /// All of them, in their order.
    var all: [ConnectionID] { entries.compactMap { $0 } }

    /// Whether a connection is there.
    func contains(_ connection: ConnectionID) -> Bool { place(of: connection) != nil }

    /// Adds a connection, which must not be there, behind the others.
    mutating func append(_ connection: ConnectionID) {
        entries.append(connection)
        count += 1
        if !places.isEmpty {
            places[connection] = entries.count - 1
        } else if entries.count > Self.searchedMax {
            arrange()
        }
    }

    /// Takes out a connection, where it is there.
    mutating func remove(_ connection: ConnectionID) {
        guard let place = place(of: connection) else { return }
        entries[place] = nil
        places[connection] = nil
        count -= 1
        if entries.count >= 2 * count { arrange() }
    }

    private func place(of connection: ConnectionID) -> Int? {
        places.isEmpty ? entries.firstIndex(of: connection) : places[connection]
    }

    /// Closes the gaps, and notes where everybody is.
    private mutating func arrange() {
        entries = all
        places = [:]
        guard entries.count > Self.searchedMax else { return }
        for (place, connection) in all.enumerated() { places[connection] = place }
    }
}
