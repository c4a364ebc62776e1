import SessionBase
import SessionCodec

/// One room of a load: which shapes it has, and what each member has seen of shapes and cursors.
struct BoardRoom {
    /// What a message of the server to a member was.
    struct News {
        /// The types of the second version; `nil` for a bare board, and for what a load has nothing to do with.
        enum Kind { case snapshot, patch, ack, error }

        var kind: Kind?
        /// Whether it had all shapes.
        var hasBoard = false
        /// What the request carried that it answers.
        var tag: UInt64?
        var code: JSONText?
        var version: UInt64?
        /// Whether anything but cursors changed.
        var hasChanges = false
    }

    let number: Int
    let roster: BoardRoster
    var names: ShapeNames
    var changes: ChangeBook
    var cursors: CursorBook
    var layout: ShapeLayout
    /// Shapes of others at each member.
    var strangers: [Int]
    /// The version that each member has, where versions are told.
    var versions: [UInt64?]
    /// The shape that is looked at next where none need be.
    var sample = 0
    /// Which shapes the array has that is being read.
    var found: [Bool]

    /// Makes a room without shapes.
    ///
    /// - Parameter depth: How many moves of each cursor are waited for.
    init(_ number: Int, _ roster: BoardRoster, depth: Int) {
        self.number = number
        self.roster = roster
        let members = roster.members(in: number)
        let shapes = roster.load.shapes
        names = ShapeNames(count: shapes)
        changes = ChangeBook(shapes: shapes, members: members, isAcknowledging: roster.load.mode == .v2)
        cursors = CursorBook(members: members, depth: depth)
        layout = ShapeLayout(count: shapes)
        strangers = Array(repeating: 0, count: members)
        versions = Array(repeating: nil, count: members)
        found = Array(repeating: false, count: shapes)
    }

    /// How many changes and moves are not over.
    var underWay: Int { changes.underWay + cursors.underWay }

    /// Whether a member has what the room begins with, and nothing else.
    func isReady(_ member: Int) -> Bool { changes.isWhole(at: member) && strangers[member] == 0 }

    /// Whether what a member has seen makes the board that was written.
    func hasWritten(at member: Int) -> Bool {
        isReady(member) && changes.written.indices.allSatisfy { changes.seen($0, at: member) == changes.written[$0] }
    }

    /// Notes a shape at a member as it was after a change.
    @inline(__always)
    mutating func see(_ shape: Int, x: UInt64?, by member: Int, at now: Instant, _ recorder: inout Recorder) {
        let author = roster.owner(of: shape, in: number)
        guard let value = BoardWords.number(ofX: x),
            changes.see(value, of: shape, by: member, author: author, at: now, &recorder)
        else { return Self.fault("a shape that nobody made so", &recorder) }
    }

    /// Notes that a member is gone.
    mutating func leave(_ member: Int, at now: Instant, _ recorder: inout Recorder) {
        changes.leave(member, at: now, &recorder)
        cursors.leave(member, at: now, &recorder)
    }

    /// Counts something that no right server says.
    static func fault(_ words: String, _ recorder: inout Recorder) {
        recorder.count { counts in
            counts.wrong &+= 1
            counts.faults[words, default: 0] &+= 1
        }
    }
}
