import SessionBase

extension BoardServerMessage {
    /// Reads one message as a client's tools do; unknown fields are ignored.
    ///
    /// - Complexity: O(n), two passes; boards are read without a tree.
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<BoardServerMessage> {
        try BoardServerFields(text).message(text)
    }
}

/// The top level of a server's message.
private struct BoardServerFields {
    private var members: [(name: ShortText, value: FoundValue)] = []

    /// Reads a whole text.
    init(_ bytes: Span<UInt8>) throws(WireError) {
        do {
            var reader = JSONReader()
            guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
                try reader.skipValue(in: bytes)
                try reader.end(in: bytes)
                return
            }
            try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                members.append((ShortText(key, in: bytes), try FoundValue(&reader, bytes)))
            }
            try reader.end(in: bytes)
        } catch {
            throw .notJSON(error)
        }
    }

    /// A member; the last of a repeated key counts.
    private subscript(_ name: StaticString) -> FoundValue {
        let name = ShortText(name)
        return members.last { $0.name == name }?.value ?? .absent
    }

    /// Makes the message of what was found.
    func message(_ bytes: Span<UInt8>) throws(WireError) -> Tagged<BoardServerMessage> {
        guard self["type"].isPresent else {
            guard self["connectedUsers"].isPresent else { throw .notAMessage }
            return Tagged(.board(try state(bytes)))
        }
        guard let type = self["type"].string(in: bytes) else { throw .notAMessage }
        guard let kind = BoardServerKind(name: type), kind != .board else { throw .unknownType(type) }
        let tag = self["id"].tag(in: bytes)
        guard tag != nil || !self["id"].isPresent else { throw .invalidField("id") }
        return Tagged(try message(kind, bytes), tag: tag)
    }

    private func message(_ kind: BoardServerKind, _ bytes: Span<UInt8>) throws(WireError) -> BoardServerMessage {
        switch kind {
        case .board: preconditionFailure("a board without a type has one")
        case .snapshot:
            return .snapshot(
                BoardSnapshot(
                    room: try text("room", bytes), version: try version(bytes), epoch: try text("epoch", bytes),
                    you: try text("you", bytes), state: try state(bytes)))
        case .patch: return .patch(try patch(bytes))
        case .ack:
            var ack = BoardAck(version: try version(bytes))
            ack.shape = try optionalText("shapeId", bytes)
            ack.clientID = try optionalText("clientId", bytes)
            ack.isPersisted = try flag("persisted", bytes)
            return .ack(ack)
        case .error:
            guard let code = BoardErrorCode(name: try text("code", bytes)) else { throw .invalidField("code") }
            return .error(code, message: try text("message", bytes))
        case .pong:
            guard let time = self["timestamp"].time(in: bytes) else { throw .invalidField("timestamp") }
            return .pong(time)
        case .storage:
            guard let storage = BoardStorage(rawValue: try text("status", bytes)) else { throw .invalidField("status") }
            return .storage(storage)
        }
    }
}

// MARK: Rooms and changes

extension BoardServerFields {
    private func state(_ bytes: Span<UInt8>) throws(WireError) -> BoardState {
        var shapes: [Shape] = []
        try forEachObject("shapes", bytes) { fields throws(ShapeFields.Problem) in
            shapes.append(try fields.shape(in: bytes, at: Timestamp(milliseconds: 0), isStored: false))
        }
        return BoardState(users: try texts("connectedUsers", bytes), cursors: try cursors(bytes), shapes: shapes)
    }

    private func patch(_ bytes: Span<UInt8>) throws(WireError) -> BoardPatch {
        let full = Set(try texts("full", bytes))
        var patch = BoardPatch(version: try version(bytes))
        try forEachObject("put", bytes) { fields throws(ShapeFields.Problem) in
            if full.contains(try fields.identifier(in: bytes)) {
                patch.put.append(
                    .full(try fields.shape(in: bytes, at: Timestamp(milliseconds: 0), isStored: false)))
            } else {
                patch.put.append(.changed(try fields.changed(in: bytes)))
            }
        }
        patch.deleted = try texts("del", bytes)
        patch.cursors = try cursors(bytes)
        patch.joined = try texts("join", bytes)
        patch.left = try texts("leave", bytes)
        return patch
    }

    private func cursors(_ bytes: Span<UInt8>) throws(WireError) -> [BoardCursor] {
        var cursors: [BoardCursor] = []
        try forEachObject("cursors", bytes) { fields throws(ShapeFields.Problem) in
            cursors.append(try fields.cursor(in: bytes))
        }
        return cursors
    }

    /// Calls `body` with the members of each element of an array of objects.
    private func forEachObject(
        _ name: StaticString, _ bytes: Span<UInt8>, _ body: (ShapeFields) throws(ShapeFields.Problem) -> Void
    ) throws(WireError) {
        var isArray = false
        do throws(ShapeFields.Problem) {
            isArray = try self[name].forEachElement(in: bytes) { reader throws(ShapeFields.Problem) in
                guard let fields = ShapeFields(reading: &reader, in: bytes) else {
                    throw ShapeFields.Problem(field: "")
                }
                try body(fields)
            }
        } catch {
            throw .invalidField(error.field.isEmpty ? name.description : "\(name).\(error.field)")
        }
        guard isArray else { throw .invalidField(name.description) }
    }
}

// MARK: Values

extension BoardServerFields {
    private func text(_ name: StaticString, _ bytes: Span<UInt8>) throws(WireError) -> String {
        guard let text = self[name].string(in: bytes) else { throw .invalidField(name.description) }
        return text
    }

    private func optionalText(_ name: StaticString, _ bytes: Span<UInt8>) throws(WireError) -> String? {
        self[name].isAbsentValue ? nil : try text(name, bytes)
    }

    private func version(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        guard let version = self["version"].version(in: bytes) else { throw .invalidField("version") }
        return version
    }

    private func flag(_ name: StaticString, _ bytes: Span<UInt8>) throws(WireError) -> Bool {
        let value = self[name]
        guard value.kind == .other else { throw .invalidField(name.description) }
        switch bytes[value.range.lowerBound] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw .invalidField(name.description)
        }
    }

    private func texts(_ name: StaticString, _ bytes: Span<UInt8>) throws(WireError) -> [String] {
        guard let texts = self[name].texts(in: bytes) else { throw .invalidField(name.description) }
        return texts
    }
}

extension FoundValue {
    /// The strings of an array of a text that was read before; `nil` where this is none, or has another value in it.
    func texts(in bytes: Span<UInt8>) -> [String]? {
        var texts: [String] = []
        do {
            let isArray = try forEachElement(in: bytes) { reader throws(JSONError) in
                texts.append(try reader.string(in: bytes).string(in: bytes))
            }
            return isArray ? texts : nil
        } catch {
            return nil
        }
    }
}
