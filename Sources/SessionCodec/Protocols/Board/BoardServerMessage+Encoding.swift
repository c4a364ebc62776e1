import SessionBase

/// How the server's messages are written: the seed's board with exactly its keys, the others with `type` before all.
extension BoardServerMessage: WireMessage {
    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        switch self {
        case .board(let state): state.append(to: &output, form: .seed)
        case .snapshot(let snapshot): snapshot.append(tag: tag, to: &output)
        case .patch(let patch): patch.append(tag: tag, to: &output)
        case .ack(let ack): ack.append(tag: tag, to: &output)
        case .error(let code, let message):
            output.beginMessage(.error, tag)
            output.append(literal: #","code":""#)
            output.append(literal: code.spelling)
            output.appendMember(#"","message":"#, message)
            output.append(UInt8(ascii: "}"))
        case .pong(let time):
            output.beginMessage(.pong, tag)
            output.appendMember(#","timestamp":"#, time)
            output.append(UInt8(ascii: "}"))
        case .storage(let storage):
            output.beginMessage(.storage, tag)
            output.appendMember(#","status":"#, storage.rawValue)
            output.append(UInt8(ascii: "}"))
        }
    }
}

// MARK: Whole rooms

extension BoardState {
    /// Appends a room as clients of the seed get it: exactly its keys, always all three.
    ///
    /// - Parameter shapes: Appends the shapes, with commas between them.
    package static func append(
        users: [String], cursors: [BoardCursor], to output: inout [UInt8], shapes: (inout [UInt8]) -> Void
    ) {
        output.append(UInt8(ascii: "{"))
        appendMembers(users: users, cursors: cursors, to: &output, shapes: shapes)
        output.append(UInt8(ascii: "}"))
    }

    /// Appends the three members of a room.
    fileprivate static func appendMembers(
        users: [String], cursors: [BoardCursor], to output: inout [UInt8], shapes: (inout [UInt8]) -> Void
    ) {
        output.appendMember(#""connectedUsers":"#, users)
        output.append(literal: #","cursors":"#)
        output.appendCursors(cursors, withTimes: true)
        output.append(literal: #","shapes":["#)
        shapes(&output)
        output.append(UInt8(ascii: "]"))
    }

    fileprivate func append(to output: inout [UInt8], form: Shape.Form) {
        Self.append(users: users, cursors: cursors, to: &output) { $0.appendItems(shapes, form: form) }
    }
}

extension BoardSnapshot {
    /// Appends a room as clients of the second version get it.
    ///
    /// - Parameter shapes: Appends the shapes in the form ``Shape/Form/extended``, with commas between them.
    package static func append(
        room: String, version: UInt64, epoch: String, you: String, users: [String], cursors: [BoardCursor],
        to output: inout [UInt8], shapes: (inout [UInt8]) -> Void
    ) {
        let head = BoardSnapshot(room: room, version: version, epoch: epoch, you: you)
        head.appendHead(tag: nil, to: &output)
        BoardState.appendMembers(users: users, cursors: cursors, to: &output, shapes: shapes)
        output.append(UInt8(ascii: "}"))
    }

    fileprivate func append(tag: MessageTag?, to output: inout [UInt8]) {
        appendHead(tag: tag, to: &output)
        BoardState.appendMembers(users: state.users, cursors: state.cursors, to: &output) {
            $0.appendItems(state.shapes, form: .extended)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Appends what stands before the members of the room, and a comma.
    private func appendHead(tag: MessageTag?, to output: inout [UInt8]) {
        output.beginMessage(.snapshot, tag)
        output.appendMember(#","room":"#, room)
        output.append(literal: #","version":"#)
        output.appendDecimal(version)
        output.appendMember(#","epoch":"#, epoch)
        output.appendMember(#","you":"#, you)
        output.append(UInt8(ascii: ","))
    }
}

// MARK: Changes

extension BoardPatch {
    /// Appends the patch; all its members are always there.
    fileprivate func append(tag: MessageTag?, to output: inout [UInt8]) {
        output.beginMessage(.patch, tag)
        output.append(literal: #","version":"#)
        output.appendDecimal(version)
        output.append(literal: #","put":["#)
        for (place, put) in put.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            switch put {
            case .full(let shape): shape.append(to: &output, form: .extended)
            case .changed(let changed): changed.append(to: &output)
            }
        }
        output.append(literal: #"],"full":["#)
        var isFirst = true
        for case .full(let shape) in put {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.appendJSON(shape.id)
        }
        output.appendMember(#"],"del":"#, deleted)
        output.append(literal: #","cursors":"#)
        output.appendCursors(cursors, withTimes: false)
        output.appendMember(#","join":"#, joined)
        output.appendMember(#","leave":"#, left)
        output.append(UInt8(ascii: "}"))
    }
}

extension ChangedShape {
    /// Appends the entry of a patch: the id, the fields that changed, and who changed them when.
    package func append(to output: inout [UInt8]) {
        output.appendMember(#"{"id":"#, id)
        change.appendMembers(to: &output)
        output.appendMember(#","timestamp":"#, timestamp)
        output.appendMember(#","updatedBy":"#, updatedBy)
        output.append(literal: #","version":"#)
        output.appendDecimal(version)
        output.append(UInt8(ascii: "}"))
    }
}

extension BoardCursor {
    /// Appends the cursor as an object.
    ///
    /// - Parameter withTime: Whether it says when the cursor came there: in whole rooms, not in patches.
    package func append(to output: inout [UInt8], withTime: Bool) {
        output.appendMember(#"{"userId":"#, user)
        output.appendMember(#","x":"#, x)
        output.appendMember(#","y":"#, y)
        if withTime, let timestamp { output.appendMember(#","timestamp":"#, timestamp) }
        output.append(UInt8(ascii: "}"))
    }
}

extension BoardAck {
    fileprivate func append(tag: MessageTag?, to output: inout [UInt8]) {
        output.beginMessage(.ack, tag)
        output.append(literal: #","version":"#)
        output.appendDecimal(version)
        if let shape { output.appendMember(#","shapeId":"#, shape) }
        if let clientID { output.appendMember(#","clientId":"#, clientID) }
        output.append(literal: #","persisted":"#)
        output.append(literal: isPersisted ? "true}" : "false}")
    }
}

// MARK: Pieces

extension [UInt8] {
    /// Appends the opening brace, the type, and the correlation id where there is one.
    fileprivate mutating func beginMessage(_ kind: BoardServerKind, _ tag: MessageTag?) {
        append(literal: #"{"type":""#)
        append(literal: kind.spelling)
        append(UInt8(ascii: "\""))
        appendTagMember(tag)
    }

    /// Appends an array of cursors.
    fileprivate mutating func appendCursors(_ cursors: [BoardCursor], withTimes: Bool) {
        append(UInt8(ascii: "["))
        for (place, cursor) in cursors.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            cursor.append(to: &self, withTime: withTimes)
        }
        append(UInt8(ascii: "]"))
    }
}
