package import CommandKit
import SessionClient
package import SessionCodec

/// The options and operands of the verbs of sync.
package enum SyncOptions {
    /// The session of the seed's examples.
    package static let sampleSession = "550e8400-e29b-41d4-a716-446655440000"

    package static let session = OperandSpec("SESSION", .one, .text, "id of the session, a UUID")
    package static let stateFile = OperandSpec("FILE", .one, .file, "JSON object with the state, - for standard input")

    package static let user = Option.text("user", "User that the session belongs to", "ID")
        .unset("the token's own, or else anonymous")
        .detail("Any where the server is open; elsewhere it must be the token's own.")
    package static let device = Option.text("device", "Device to act as", "ID")
    package static let appVersion = Option.text(
        "app-version", "Version of the application, kept with the state", "TEXT")
    package static let version = Option<Int?>.integer("version", "Version to create", versions)
        .unset("the next one")
        .detail("Refused with status 1 where it is not the one after the server's.").rule("1-14")
    package static let ifMatch = Option<Int?>.integer(
        "if-match", "Write only where the server has this version", versions
    )
    .detail("Otherwise HTTP 412, exit status 1.")
    package static let baseVersion = Option<Int?>.integer("base-version", "Version that is changed", versions)
        .detail("Refused with status 1 where the key is newer on the server.")
    package static let string = Option.toggle("string", "Take values as text, not as JSON")
    package static let deep = Option.toggle("deep", "Merge objects below the top level too").rule("1-16")

    package static let clientVersion: Option<Int?> = {
        var option = Option<Int?>.integer("version", "Version that the client has", versions)
        option.spec.isRequired = true
        return option
    }()

    package static let strategy: Option<String?> = {
        let words = ["server-wins", "client-wins", "merge"]
        var option = Option.text("strategy", "Who wins", words.joined(separator: "|"), .choice(words))
        option.spec.isRequired = true
        return option
    }()

    private static let versions = 0...Int.max

    /// The API's spelling of a word of the command line: `server_wins` for `server-wins`.
    static func wire(_ word: String) -> String { String(word.map { $0 == "-" ? "_" : $0 }) }
}

extension OptionSpec {
    /// The same option with another summary.
    package func explained(_ summary: String) -> OptionSpec {
        var copy = self
        copy.summary = summary
        return copy
    }
}

/// Values that a command line or a file gives.
package enum SyncValue {
    /// Reads a value of the command line.
    ///
    /// - Parameter isText: Whether it is a string as it stands.
    package static func parse(_ text: String, isText: Bool) throws(CommandError) -> JSONValue {
        if isText { return .string(text) }
        do throws(JSONError) { return try JSONValue.parse(text) } catch {
            throw .usage("\(Origin.printable(text)) is no JSON: \(error); write --string to send it as text")
        }
    }

    /// Reads the state that a file holds, an object.
    package static func parseState(_ bytes: [UInt8], of path: String) throws(CommandError) -> JSONObject {
        let name = path == "-" ? "standard input" : path
        do throws(JSONError) {
            if case .object(let object) = try JSONValue.parse(bytes.span) { return object }
        } catch {
            throw CommandError(.badData, "\(name) holds no JSON: \(error); a state is an object such as {\"key\":1}")
        }
        throw CommandError(.badData, "\(name) holds no JSON object; a state is one, such as {\"key\":1}")
    }
}

extension VerbCall {
    /// The part of a body that says who writes what.
    func body() -> JSONObject {
        var body = JSONObject()
        body["session_id"] = .string(operand("SESSION"))
        // Whoever shows no token to an open server is anonymous (PROTOCOLS §3.5).
        body["user_id"] = .string(settings[SyncOptions.user] ?? world.api.tokenUser ?? "anonymous")
        body["device_id"] = settings[SyncOptions.device].map { .string($0) }
        return body
    }

    /// Reads a state.
    func readState(_ path: String) throws(CommandError) -> JSONObject {
        try SyncValue.parseState(try world.read(path), of: path)
    }
}

extension JSONValue {
    /// The fields of an answer that are there, for people.
    func fields(_ names: [String]) -> [ResultField] {
        names.compactMap { name in
            guard let value = self[name], value != .null else { return nil }
            return ResultField(name, value.plain)
        }
    }

    /// A field as the cell of a table; empty where there is none.
    func cell(_ name: String) -> String { self[name].map { $0 == .null ? "" : $0.plain } ?? "" }

    /// Strings without quotes, lists of strings with commas, all else as JSON.
    var plain: String {
        if let string { return string }
        if let elements, elements.allSatisfy({ $0.string != nil }) {
            return elements.compactMap(\.string).joined(separator: ", ")
        }
        return text()
    }
}

extension Endpoint {
    /// Where the WebSocket of sync is on a server whose URL names no path (PROTOCOLS §1.2).
    package var socketOfSync: Endpoint { target == "/" ? withTarget("/ws") : self }

    /// Where the HTTP API is on a server whose URL may be that of its WebSocket.
    package var rootOfSync: Endpoint {
        for path in ["/sync/ws", "/ws"] where target.hasSuffix(path) {
            return withTarget(target == path ? "/" : String(target.dropLast(path.count)))
        }
        return self
    }
}
