package import SessionCodec

/// One thing that happened, as a command tells it: an object for programs, a line for people.
///
/// Messages of the server are told as they came. What a command has to say of its own, such as that something was missed,
/// has the field `event`, which tells it from messages with their `type`.
package struct WatchNews: Equatable, Sendable {
    /// For programs.
    package let value: JSONValue
    /// For people, not escaped yet.
    package let line: String

    /// Pairs an object and its line.
    package init(_ value: JSONValue, line: String) {
        self.value = value
        self.line = line
    }

    /// Who one is on a connection: `connection ws_1 of u1`, or `connection ws_1, anonymous`.
    static func greeting(_ connection: String, _ user: String?) -> String {
        "connection \(connection)" + (user.map { " of \($0)" } ?? ", anonymous")
    }

    /// Tells that something was missed between two connections.
    ///
    /// - Parameters:
    ///   - fields: Names of what was missed, such as a channel and its place.
    ///   - reason: One clause for people.
    package static func gap(_ fields: [(name: String, value: String)], _ reason: String) -> WatchNews {
        var object = JSONObject()
        object["event"] = "gap"
        for field in fields { object[field.name] = .string(field.value) }
        object["reason"] = .string(reason)
        let subject = fields.first.map { "\($0.value): " } ?? ""
        return WatchNews(.object(object), line: "gap \(subject)\(reason)")
    }
}
