import SessionBase

/// What stands around the payload of every message of sync (PROTOCOLS §3.4).
///
/// An empty string counts as none, in JSON as in Protobuf, whose fields have no other way to be absent.
package struct SyncEnvelope: Equatable, Sendable {
    /// The session, a UUID in lower case.
    package var sessionID: String?
    /// Whose session it is.
    package var userID: String?
    /// The sender's device.
    package var deviceID: String?
    /// When it was sent, in whole seconds since 1970 (PROTOCOLS 1-8).
    package var timestamp: Int64?
    /// What the client chose to know the reply by; only replies repeat it.
    package var correlationID: String?
    /// The place of a push in the session's order, for `resume` (EXT).
    package var sequence: UInt64?

    /// Describes an envelope.
    package init(
        sessionID: String? = nil, userID: String? = nil, deviceID: String? = nil, timestamp: Int64? = nil,
        correlationID: String? = nil, sequence: UInt64? = nil
    ) {
        self.sessionID = sessionID
        self.userID = userID
        self.deviceID = deviceID
        self.timestamp = timestamp
        self.correlationID = correlationID
        self.sequence = sequence
    }

    /// Appends a whole message.
    ///
    /// - Parameter payload: Appends the payload, an object.
    @inline(__always)
    func append(_ kind: SyncKind, to output: inout [UInt8], payload: (inout [UInt8]) -> Void) {
        output.append(literal: #"{"type":"#)
        output.appendDecimal(kind.rawValue)
        Self.append(#","session_id":"#, sessionID, to: &output)
        Self.append(#","user_id":"#, userID, to: &output)
        Self.append(#","device_id":"#, deviceID, to: &output)
        if let timestamp {
            output.append(literal: #","timestamp":"#)
            output.appendDecimal(timestamp)
        }
        output.append(literal: #","payload":"#)
        payload(&output)
        Self.append(#","correlation_id":"#, correlationID, to: &output)
        if let sequence {
            output.append(literal: #","seq":"#)
            output.appendDecimal(sequence)
        }
        output.append(UInt8(ascii: "}"))
    }

    @inline(__always)
    private static func append(_ key: StaticString, _ text: String?, to output: inout [UInt8]) {
        guard let text else { return }
        output.append(literal: key)
        output.appendJSON(text)
    }
}
