import SessionBase

/// What a client of board says (PROTOCOLS §5.3).
package enum BoardClientMessage: Equatable, Sendable {
    /// Tells where the user's cursor is.
    case cursorMove(x: Double, y: Double)
    /// Draws a shape.
    case create(NewShape)
    /// Changes fields of a shape.
    case update(String, ShapeChange)
    /// Takes a shape away.
    case delete(String)
    /// Asks for a `pong` (EXT).
    case ping
    /// Asks for a whole `snapshot` (EXT).
    case resync
    /// Asks for an `ack` as soon as everything up to now is in the backend (EXT).
    case flush

    /// The type on the wire.
    package var kind: BoardClientKind {
        switch self {
        case .cursorMove: .cursorMove
        case .create: .shapeCreate
        case .update: .shapeUpdate
        case .delete: .shapeDelete
        case .ping: .ping
        case .resync: .resync
        case .flush: .flush
        }
    }
}

extension BoardClientMessage: WireMessage {
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<BoardClientMessage> {
        do { return try BoardRequest.decode(text) } catch { throw WireError(error) }
    }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        output.append(literal: #"{"type":""#)
        output.append(literal: kind.spelling)
        output.append(UInt8(ascii: "\""))
        switch self {
        case .cursorMove(let x, let y):
            output.appendMember(#","x":"#, x)
            output.appendMember(#","y":"#, y)
        case .create(let shape): shape.appendMembers(to: &output)
        case .update(let id, let change):
            output.appendMember(#","shapeId":"#, id)
            change.appendMembers(to: &output)
        case .delete(let id): output.appendMember(#","shapeId":"#, id)
        case .ping, .resync, .flush: break
        }
        output.appendTagMember(tag)
        output.append(UInt8(ascii: "}"))
    }
}

extension NewShape {
    /// Appends the fields, each with a comma before it; what has its default value is left out.
    fileprivate func appendMembers(to output: inout [UInt8]) {
        output.appendMember(#","shapeType":"#, type)
        output.appendMember(#","x":"#, x)
        output.appendMember(#","y":"#, y)
        if width != 0 { output.appendMember(#","width":"#, width) }
        if height != 0 { output.appendMember(#","height":"#, height) }
        if let text { output.appendMember(#","text":"#, text) }
        if let fill { output.appendMember(#","fill":"#, fill) }
        if let stroke { output.appendMember(#","stroke":"#, stroke) }
        if rotation != 0 { output.appendMember(#","rotation":"#, rotation) }
        if let clientID { output.appendMember(#","clientId":"#, clientID) }
    }
}

extension WireError {
    /// The same refusal in the words of tools.
    fileprivate init(_ refusal: BoardRefusal) {
        switch refusal.code {
        case .invalidJSON: self = .notJSON(refusal.problem ?? JSONError(offset: 0, expected: .value))
        case .unknownType: self = .unknownType(refusal.type ?? "")
        default: self = refusal.field.map { $0 == "type" ? .notAMessage : .invalidField($0) } ?? .notAMessage
        }
    }
}
