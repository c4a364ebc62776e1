/// What a load on whiteboard rooms (seed 003) is made of: members who move cursors and change shapes, and see what all do.
///
/// All members of a room belong to one worker, which alone can then tell what each of them must see.
package struct BoardLoad: Equatable, Sendable {
    /// How members are told of what happens (PROTOCOLS 3-1, 3-2).
    package enum Mode: String, CaseIterable, Sendable {
        /// As the seed says: the whole board each time.
        case seed
        /// By the subprotocol of the second version: the board once, then what changes.
        case v2
    }

    /// How members are told.
    package var mode = Mode.seed
    /// How many rooms there are; the run's members are shared out over them in turn.
    package var rooms = 1
    /// Shapes of each room, which are there before the load begins.
    package var shapes = 500
    /// How often each member moves its cursor a second.
    package var cursorRate = 30.0
    /// How often each member changes a shape a second.
    package var changeRate = 1.0
    /// The secret that tokens are signed with; `nil` for a server that asks for none. Never written into a report.
    package var secret: [UInt8]?

    /// Describes a load with what is usual.
    package init(_ mode: Mode = .seed) { self.mode = mode }

    /// Requests of one member a second.
    package var memberRate: Double { cursorRate + changeRate }

    /// The most members that one room of a run has.
    ///
    /// - Parameter connections: The members of all rooms.
    package func members(of connections: Int) -> Int { (connections + rooms - 1) / rooms }

    /// When the requests of all members leave: every member's evenly spread over time.
    package func arrival(of connections: Int) -> Arrival {
        .open(RateProfile(constant: Double(connections) * memberRate))
    }

    /// The parts of a request that have times of their own, in the order of ``Interval/operations``.
    package var operations: [String] { mode == .v2 ? Self.allOperations : Self.allOperations.filter { $0 != "ack" } }

    /// The parts of all such loads: until a change is at the member who made it, at the last member of the room, until a
    /// cursor's move is at another member, and until the server has acknowledged a change.
    package static let allOperations = ["author", "last", "cursor", "ack"]
}
