package import SessionBase

/// A message that a producer wants sent: an object with a string `type`, passed on as it came (PROTOCOLS 2-15).
///
/// What is missing of `channel` and `timestamp` is put in before the closing brace; nothing is written anew.
package struct ProducerMessage: Sendable {
    /// The object, without white space outside of strings.
    package let fragment: JSONFragment
    /// Its `type`.
    package let type: String
    private let hasChannel: Bool
    private let hasTimestamp: Bool

    /// How deep a message may be nested, so that what stands around it in a request keeps to 32.
    package static let depthMax = 30

    /// Takes a value; `nil` where it is no object with a string `type` that is not empty.
    package init?(_ fragment: JSONFragment) {
        guard fragment.kind == .object else { return nil }
        let fields = Fields(fragment.bytes.span)
        guard let type = fields.type, !type.isEmpty else { return nil }
        self.fragment = fragment
        self.type = type.string(in: fragment.bytes.span)
        hasChannel = fields.hasChannel
        hasTimestamp = fields.hasTimestamp
    }

    /// Writes an object piece by piece; `body` must write a `type`.
    package init(object body: (inout JSONWriter) -> Void) {
        guard let message = ProducerMessage(JSONFragment(object: body)) else {
            preconditionFailure("a message of a producer needs a type")
        }
        self = message
    }

    /// Appends the message as subscribers get it.
    ///
    /// - Parameters:
    ///   - channel: Where it was published; `nil` for one user or connection.
    ///   - timestamp: When.
    /// - Complexity: O(n), a copy.
    package func append(channel: String?, at timestamp: Timestamp, to output: inout [UInt8]) {
        output.append(copying: fragment.bytes.span)
        if let channel, !hasChannel {
            output.removeLast()
            output.append(literal: #","channel":"#)
            output.appendJSON(channel)
            output.append(UInt8(ascii: "}"))
        }
        if !hasTimestamp {
            output.removeLast()
            output.append(literal: #","timestamp":""#)
            timestamp.append(to: &output)
            output.append(literal: #""}"#)
        }
    }
}

/// What must be known of a message's top level.
private struct Fields {
    var type: JSONText?
    var hasChannel = false
    var hasTimestamp = false

    /// Reads an object that was checked before; the last of a repeated key counts.
    init(_ bytes: Span<UInt8>) {
        do {
            var reader = JSONReader(maxDepth: 64)
            try reader.beginObject(in: bytes)
            while let name = try reader.nextShortKey(in: bytes) {
                if name == ShortText("type") {
                    let isText = try reader.kind(in: bytes) == .string
                    type = isText ? try reader.string(in: bytes) : nil
                    if isText { continue }
                }
                try reader.skipValue(in: bytes)
                if name == ShortText("channel") { hasChannel = true }
                if name == ShortText("timestamp") { hasTimestamp = true }
            }
        } catch {
            preconditionFailure("a fragment holds no JSON: \(error)")
        }
    }
}

extension ProducerMessage: Equatable {
    /// The same object.
    package static func == (left: ProducerMessage, right: ProducerMessage) -> Bool { left.fragment == right.fragment }
}
