import CommandKit
import SessionBase
import SessionCodec
import SessionConsole
import SessionIO
import SessionServer

/// `sessionctl token …`: one verb each.
enum TokenCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        switch invocation.parsed.path[2] {
        case "issue": try TokenIssue.run(invocation)
        case "inspect": try TokenInspection.run(invocation)
        case "verify": try TokenVerification.run(invocation)
        case "refresh": try TokenExchange.refresh(invocation)
        case "revoke": try TokenExchange.revoke(invocation)
        case "api-key": try drawKey(invocation)
        default: throw CommandError(.internal, "this build has no body for the verb")
        }
        return .success
    }

    /// `token api-key NAME --role R`.
    private static func drawKey(_ invocation: Invocation) throws(CommandError) {
        let name = invocation.parsed.operand("NAME") ?? ""
        let roles = invocation.settings[TokenCommands.role]
        guard !roles.isEmpty else { throw .usage("a key without a role opens nothing; give one with --role") }
        let (key, known) = APIKey.draw(name: name, roles: roles)
        guard APIKey(parsing: known.text) == known else {
            throw .usage("names and roles have 1 to 128 characters, none of them a blank, a colon or a comma")
        }
        let value: JSONValue = [
            "name": .string(name), "roles": .array(roles.map { .string($0) }), "key": .string(key),
            "api_key": .string(known.text),
        ]
        try invocation.resultPrinter().show(value) { [.lines([key, known.text])] }
    }
}

extension Invocation {
    /// The wall clock.
    var now: Timestamp { Timestamp(milliseconds: SystemClock.wallNanoseconds() / 1_000_000) }

    /// The token that a verb of `token` is about; `-` reads it from standard input.
    func tokenOperand() throws(CommandError) -> [UInt8] {
        let text = parsed.operand("TOKEN") ?? ""
        let bytes = text == "-" ? try readInput("-") : Array(text.utf8)
        let words = bytes.split { $0 <= UInt8(ascii: " ") }
        // `token issue --refresh` prints two lines, of which the first is meant where they are piped in.
        guard let token = words.first else { throw CommandError(.badData, "standard input holds no token") }
        return Array(token)
    }
}
