import SessionBase
import SessionCodec

/// Takes credentials out of messages that people look at (PROTOCOLS §1.5).
enum Redaction {
    /// The names whose values are hidden, at any depth.
    private static let secrets: Set<String> = [
        "token", "access_token", "refresh_token", "password", "secret", "authorization", "api_key", "sessionid",
    ]

    /// What stands in the place of a credential.
    private static let hidden = "***"

    /// A JSON text with its credentials hidden; `nil` where it is no object, and so could be a credential itself.
    static func hideCredentials(in text: Span<UInt8>) -> String? {
        // What does not parse is not shown: nobody knows what is in it.
        guard let value = try? JSONValue.parse(text), case .object = value else { return nil }
        return redacted(value).text()
    }

    /// The same of a message of sync in Protobuf, as the JSON that says the same.
    static func hideCredentials(inProtobuf bytes: Span<UInt8>) -> String? {
        var json: [UInt8] = []
        // What does not decode is not shown either.
        do throws(ProtobufError) { try SyncProtobuf.appendJSON(bytes, to: &json) } catch { return nil }
        return hideCredentials(in: json.span)
    }

    private static func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object):
            for member in object.members {
                let isSecret = secrets.contains(member.key.lowercased())
                object[member.key] = isSecret ? .string(hidden) : redacted(member.value)
            }
            return .object(object)
        case .array(let values): return .array(values.map(redacted))
        case .null, .boolean, .number, .string: return value
        }
    }
}
