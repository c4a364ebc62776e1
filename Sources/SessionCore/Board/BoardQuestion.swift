/// What was asked of the store or the backend and is not answered.
struct OpenBoardQuestion: TableRecord {
    static let vacant = OpenBoardQuestion(serial: 0, question: .scan, room: noIndex)

    /// Tells a late reply from one to the call that has the slot now.
    var serial: UInt32
    var question: BoardQuestion
    /// Slot of the room that it is about; ``noIndex`` for none.
    var room: UInt32
}

/// What the store or the backend is asked.
enum BoardQuestion: Sendable {
    /// Which room has something to store from before.
    case scan
    /// The board as the embedded store has it whole.
    case checkpoint
    /// The board as the backend has it.
    case board
    /// What changed since either was stored.
    case journal
    /// To keep a batch of changes.
    case commit
    /// To store the board: in the backend, or else the embedded store.
    case store
    /// Which version the backend has, after it refused an older one.
    case version
    /// To keep the board whole in the embedded store, while the backend does not take it.
    case keep
    /// To forget the board that the embedded store has whole, now that the backend has it.
    case removal
    /// To forget the journal up to what is stored.
    case trim
}
