import SessionBase
import SessionCodec

/// What a member's whole board lacks, has too much, and has otherwise than it must be.
struct BoardCheck: Equatable {
    var missing: UInt64 = 0
    var extra: UInt64 = 0
    var different: UInt64 = 0

    /// Whether the board is as it must be.
    var isRight: Bool { self == BoardCheck() }

    /// Compares the board in a message with what the members of a room wrote: the same shapes in the order in which they were
    /// made, each with what was written last and with all else as it was made.
    ///
    /// - Returns: `nil` where the message has no board.
    static func compare(_ message: Span<UInt8>, with room: borrowing BoardRoom) -> BoardCheck? {
        var reader = JSONReader()
        // What is no JSON has no board in it, wherever it goes wrong.
        return try? read(&reader, message, room)
    }

    private static func read(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ room: borrowing BoardRoom
    ) throws(JSONError) -> BoardCheck? {
        var check: BoardCheck?
        try reader.beginObject(in: message)
        while let key = try reader.nextKey(in: message) {
            if key.matches("shapes", in: message) {
                check = try readShapes(&reader, message, room)
            } else {
                try reader.skipValue(in: message)
            }
        }
        try reader.end(in: message)
        return check
    }

    private static func readShapes(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ room: borrowing BoardRoom
    ) throws(JSONError) -> BoardCheck {
        var check = BoardCheck()
        var found = Array(repeating: false, count: room.names.ids.count)
        var previous = -1
        try reader.beginArray(in: message)
        while try reader.nextElement(in: message) {
            let (shape, x, isAsMade) = try readShape(&reader, message, room)
            guard let shape, !found[shape] else {
                check.extra += 1
                continue
            }
            found[shape] = true
            let isInOrder = shape > previous
            previous = max(previous, shape)
            if !isAsMade || !isInOrder || x != room.changes.written[shape] { check.different += 1 }
        }
        check.missing = UInt64(found.count { !$0 })
        return check
    }

    /// Reads one shape: which one it is, the change that it shows, and whether all else is as it was made.
    private static func readShape(
        _ reader: inout JSONReader, _ message: Span<UInt8>, _ room: borrowing BoardRoom
    ) throws(JSONError) -> (shape: Int?, number: UInt32?, isAsMade: Bool) {
        var (shape, x, y, constants, isOwned) = (Int?.none, UInt64?.none, UInt64?.none, 0, false)
        try reader.beginObject(in: message)
        while let key = try reader.nextKey(in: message) {
            if key.matches("id", in: message) {
                shape = try SyncAnswer.text(&reader, message).flatMap { room.names.shape($0, in: message) }
            } else if key.matches("x", in: message) {
                x = try SyncAnswer.number(&reader, message)
            } else if key.matches("y", in: message) {
                y = try SyncAnswer.number(&reader, message)
            } else if key.matches("userId", in: message) {
                isOwned = try SyncAnswer.text(&reader, message)?.equals(room.creator, in: message) == true
            } else {
                let range = try reader.skipValue(in: message)
                if BoardWords.isConstant(key, range, in: message) { constants += 1 }
            }
        }
        let isAsMade =
            isOwned && constants == BoardWords.constants.count && shape.map { y == UInt64($0) } == true
        return (shape, BoardWords.number(ofX: x), isAsMade)
    }
}

extension BoardWords {
    /// Whether a member of a shape is one that never changes, with the value that it was made with.
    static func isConstant(_ key: JSONText, _ value: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let constant = constants.first(where: { key.equals(Array($0.key.utf8), in: bytes) }) else { return false }
        return bytes.extracting(value).isEqual(to: Array(constant.value.utf8).span)
    }
}
