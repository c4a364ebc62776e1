/// What members of whiteboard rooms were sent and what came of it, counted; nothing in other loads.
package struct BoardCounts: Equatable, Sendable {
    /// Whole boards that members were sent in the measured part, and changes of boards.
    package var snapshots: UInt64 = 0
    package var patches: UInt64 = 0
    /// Moves of cursors that members saw, each at each other member.
    package var moves: UInt64 = 0
    /// Changes and moves that members saw by a later one of the same shape or cursor alone; they are not lost.
    package var conflatedChanges: UInt64 = 0
    package var conflatedMoves: UInt64 = 0
    /// Versions that were missing between two messages to one member.
    package var gaps: UInt64 = 0
    /// Boards of members that were compared with what was written, at the end.
    package var compared: UInt64 = 0
    /// Shapes that those boards lacked, had too many, and had with other contents than were written last.
    package var missing: UInt64 = 0
    package var extra: UInt64 = 0
    package var different: UInt64 = 0

    /// Makes counts of nothing.
    package init() {}

    /// Adds other counts.
    package mutating func merge(_ other: BoardCounts) {
        snapshots &+= other.snapshots
        patches &+= other.patches
        moves &+= other.moves
        conflatedChanges &+= other.conflatedChanges
        conflatedMoves &+= other.conflatedMoves
        gaps &+= other.gaps
        compared &+= other.compared
        missing &+= other.missing
        extra &+= other.extra
        different &+= other.different
    }
}
