package import CommandKit
import SessionClient
package import SessionCodec

/// `broadcast`: a message to administrators, to everybody, to a session or to a user (PROTOCOLS 1-31).
enum BroadcastVerb {
    private static let type = Option.text("type", "What kind of message it is", "TYPE").unset("notification")
    private static let target = Option.text("target", "admins, all, session:ID or user:ID", "TARGET").unset("admins")
    private static let data = Option.text("data", "JSON that goes with it", "JSON")

    static let verb = Verb("broadcast", "Send a message to connected devices") {
        CommandDetails(
            discussion: [
                """
                Administrators get it as ADMIN_UPDATE; with --target everybody, the devices of a session or those of a \
                user get it as BROADCAST.
                """
            ],
            operands: [OperandSpec("MESSAGE", .one, .text, "the text")],
            options: [target.spec, type.spec, data.spec, KickOptions.yes.spec],
            examples: [
                CommandExample("sessionctl admin broadcast 'Back at 10' --target all --yes", "Tell everybody"),
                CommandExample("sessionctl admin broadcast hello --target user:u1", "Tell one user"),
            ])
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["message"] = .string(call.operand("MESSAGE"))
        body["type"] = call.settings[type].map { .string($0) }
        body["target"] = call.settings[target].flatMap { $0 == "admins" ? nil : .string($0) }
        if let text = call.settings[data] { body["data"] = try CommandJSON.parse(text, of: "--data") }
        let request = APIRequest("POST", "admin", "broadcast", body: .object(body))
        let count = try reach(call)
        return try KickVerb.confirmed(Confirmation("write to \(KickVerb.counted(count))", count: count), call) {
            () throws(CommandError) in
            _ = try call.show(request) { [.lines(["sent to \($0["recipients"]?.integer ?? 0)"])] }
            return .success
        }
    }

    /// How many connections the message may reach, as far as somebody is to be asked.
    private static func reach(_ call: VerbCall) throws(CommandError) -> Int {
        let target = call.settings[target] ?? "admins"
        if call.settings[KickOptions.yes] || target == "admins" || target.hasPrefix("session:") { return 1 }
        guard let user = target.split(separator: ":", maxSplits: 1).last, target.hasPrefix("user:") else {
            return try AdminList.connections.count(call.world.api)
        }
        return try AdminList.connections.fetch(call.world.api).items.count { $0["user_id"]?.string == String(user) }
    }
}

/// JSON that stands on a command line.
package enum CommandJSON {
    /// Reads it.
    ///
    /// - Parameter place: What messages call it, such as `--data`.
    package static func parse(_ text: String, of place: String) throws(CommandError) -> JSONValue {
        do throws(JSONError) { return try JSONValue.parse(text) } catch {
            throw CommandError(.badData, "\(place) \(Origin.printable(text)) is no JSON: \(error)")
        }
    }
}
