import SessionBase

/// Who is who in one worker's share of a load on whiteboard rooms: which connection is which member of which room, whose
/// shapes are whose, and what all are called.
///
/// The worker's connections go round its rooms in turn. Shape `s` of a room is changed by member `s` modulo the members
/// alone, so that what must be on the board in the end is what that member wrote last.
struct BoardRoster: Sendable {
    let load: BoardLoad
    /// The worker's rooms.
    let rooms: Int
    /// All members of the worker, and of the run.
    let connections: Int
    private let allConnections: Int
    private let workers: Int
    private let worker: Int
    private let letters: String

    /// Reads a share of a run.
    ///
    /// - Parameter moment: Different for each run on one server, so that each has rooms of its own: boards are kept.
    init(_ share: WorkerShare, _ load: BoardLoad, moment: UInt64) {
        self.load = load
        connections = share.connections
        allConnections = share.plan.connections
        workers = share.plan.workers
        worker = share.index
        rooms = max(1, share.part(of: load.rooms))
        var random = SeededRandom(seed: share.plan.seed ^ moment)
        let word = random.next()
        letters = String(
            decoding: (0..<8).map { UInt8(ascii: "a") + UInt8(truncatingIfNeeded: word >> ($0 * 8) & 15) },
            as: UTF8.self)
    }

    // MARK: Places

    /// The worker's own number of a connection's room, and the member that it is there.
    @inline(__always)
    func place(of connection: Int) -> (room: Int, member: Int) { (connection % rooms, connection / rooms) }

    /// The connection of a room's member.
    @inline(__always)
    func connection(of member: Int, in room: Int) -> Int { member * rooms + room }

    /// How many members a room has.
    func members(in room: Int) -> Int { (connections + rooms - 1 - room) / rooms }

    /// The member whose user's name ends in these digits; `nil` where it is not of that room.
    @inline(__always)
    func member(ofUser digits: UInt64, in room: Int) -> Int? {
        guard digits < UInt64(allConnections) else { return nil }
        let number = Int(digits)
        guard number % workers == worker else { return nil }
        let place = place(of: number / workers)
        return place.room == room ? place.member : nil
    }

    // MARK: Requests

    /// Whether a member's n-th request changes a shape; the others move its cursor.
    ///
    /// The changes of all members are spread evenly over time.
    func isChange(_ turn: Int, of member: Int, in room: Int) -> Bool {
        let part = load.changeRate / load.memberRate
        let shift = (Double(member) + 0.5) / Double(members(in: room))
        return (Double(turn + 1) * part + shift).rounded(.down) > (Double(turn) * part + shift).rounded(.down)
    }

    /// The shape of a member's n-th change: each of its own in turn.
    func shape(of turn: Int, by member: Int, in room: Int) -> Int {
        let members = members(in: room)
        let own = (load.shapes - member + members - 1) / members
        precondition(own > 0, "a member without shapes was to change one")
        return member + turn % own * members
    }

    /// Who changes a shape.
    func owner(of shape: Int, in room: Int) -> Int { shape % members(in: room) }

    // MARK: Names

    /// What a room is called.
    func name(ofRoom room: Int) -> String {
        "bench-\(letters)-\(SyncRoster.digits(UInt64(room * workers + worker)))"
    }

    /// What a connection's user is called, its number in the run being the last eight digits.
    func user(of connection: Int) -> String {
        "bench-\(letters)-\(SyncRoster.digits(UInt64(connection * workers + worker)))"
    }
}
