import SessionBase
import SessionCodec

/// JSON text and Protobuf, side by side (PROTOCOLS 1-1): the machine thinks in JSON and rewrites it at the edge of a
/// connection that speaks the other.
extension SyncMachine {
    /// Reads a client's message; what is no Protobuf is `INVALID_MESSAGE` (PROTOCOLS §3.5).
    func read(_ message: Span<UInt8>, from connection: ConnectionID) throws(SyncRefusal) -> SyncClientFrame {
        guard connections[Int(connection.slot)].isBinary else { return try SyncClientFrame.read(message) }
        return try SyncClientFrame.read(protobuf: message)
    }

    /// Encodes a message for one codec.
    static func encode(
        _ message: SyncServerMessage, _ envelope: SyncEnvelope, isBinary: Bool, _ effects: inout Effects
    ) -> EncodedMessage {
        guard isBinary else { return effects.encode { message.encode(envelope, to: &$0) } }
        var json: [UInt8] = []
        message.encode(envelope, to: &json)
        return encode(json.span, isBinary: true, &effects)
    }

    /// Encodes a message that is JSON already for one codec.
    static func encode(_ json: Span<UInt8>, isBinary: Bool, _ effects: inout Effects) -> EncodedMessage {
        guard isBinary else { return effects.encode { $0.append(copying: json) } }
        var bytes: [UInt8] = []
        do { try SyncProtobuf.append(json: json, to: &bytes) } catch {
            preconditionFailure("a message of our own is no JSON: \(error)")
        }
        var encoded = effects.encode { $0.append(contentsOf: bytes) }
        encoded.isBinary = true
        return encoded
    }
}
