import SessionBase

/// What a client of lockers says (PROTOCOLS §6.3).
package enum LockersClientMessage: Equatable, Sendable {
    /// Wants to hear a room, with the position of every message where `since` is given (EXT).
    case joinRoom(String, since: TopicSince? = nil)
    /// Wants to hear a room no more.
    case leaveRoom(String)
    /// Asks for a `pong` (4-13).
    case ping
    /// Tells that a command was received (EXT).
    case ack(command: String)

    /// The type on the wire.
    package var kind: LockersClientKind {
        switch self {
        case .joinRoom: .joinRoom
        case .leaveRoom: .leaveRoom
        case .ping: .ping
        case .ack: .ack
        }
    }
}

extension LockersClientMessage: WireMessage {
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<LockersClientMessage> {
        do {
            let request = try LockersRequest.decode(text)
            return Tagged(request.clientMessage(in: text), tag: request.tag(in: text))
        } catch {
            throw WireError(error)
        }
    }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        output.append(literal: #"{"type":""#)
        output.append(literal: kind.spelling)
        output.append(UInt8(ascii: "\""))
        switch self {
        case .joinRoom(let room, let since):
            output.appendMember(#","room":"#, room)
            if let since { since.appendMember(to: &output) }
        case .leaveRoom(let room): output.appendMember(#","room":"#, room)
        case .ping: break
        case .ack(let command): output.appendMember(#","commandId":"#, command)
        }
        output.appendTagMember(tag)
        output.append(UInt8(ascii: "}"))
    }
}

extension LockersRequest {
    /// The message, strings copied.
    fileprivate func clientMessage(in bytes: Span<UInt8>) -> LockersClientMessage {
        switch kind {
        case .joinRoom: .joinRoom(room(in: bytes), since: since(in: bytes))
        case .leaveRoom: .leaveRoom(room(in: bytes))
        case .ping: .ping
        case .ack: .ack(command: command(in: bytes))
        }
    }
}

extension WireError {
    /// The same refusal in the words of tools.
    fileprivate init(_ refusal: LockersRefusal) {
        switch refusal.code {
        case .invalidJSON: self = .notJSON(refusal.problem ?? JSONError(offset: 0, expected: .value))
        case .unknownType: self = .unknownType(refusal.type ?? "")
        case .invalidRoom: self = .invalidField("room")
        default: self = refusal.field.map { $0 == "type" ? .notAMessage : .invalidField($0) } ?? .notAMessage
        }
    }
}
