import CommandKit
import SessionClient
import SessionCodec

/// `handoff start|accept`: one device passes its session to another (PROTOCOLS §3.3, seed 001 *Handoff Flow*).
package enum HandoffVerbs {
    /// Those that go over HTTP; `watch` needs a WebSocket.
    package static let group = VerbGroup(
        "handoff", "Pass a session from one device to another",
        discussion: [
            """
            The source starts a handoff and gets a token; the target accepts with it, once, and receives the newest \
            state. 'watch' tells of offers and of what became of them. The token is a credential: 'start' prints it \
            because that is its result, no other output has it.
            """
        ],
        verbs: [start, accept],
        examples: [
            CommandExample(
                "sessionctl handoff start \(SyncOptions.sampleSession) phone tablet", "Offer it to the tablet"),
            CommandExample(
                "sessionctl handoff accept \(SyncOptions.sampleSession) --device tablet",
                "Take it over, with the token that standard input holds"),
        ])

    private static let replace = Option.toggle("replace", "Replace an offer that is still open")
        .detail("Otherwise it is refused with status 1; the token of a replaced offer is worth nothing.")
    private static let disconnectSource = Option.toggle(
        "disconnect-source", "Close the source's connection once the target has accepted"
    )
    .rule("1-22")
    private static let peek = Option.toggle("peek", "Look at the offer without accepting it").rule("1-18")

    private static let start = Verb("start", "Offer a session to another device", completes: .sessions) {
        CommandDetails(
            operands: [
                SyncOptions.session, OperandSpec("SOURCE", .one, .text, "device that has the session"),
                OperandSpec("TARGET", .one, .text, "device that is to take it over"),
            ],
            options: [replace.spec, disconnectSource.spec])
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["source_device"] = .string(call.operand("SOURCE"))
        body["target_device"] = .string(call.operand("TARGET"))
        if call.settings[replace] { body["replace"] = true }
        if call.settings[disconnectSource] { body["disconnect_source"] = true }
        let request = APIRequest("POST", "session", call.operand("SESSION"), "handoff", body: .object(body))
        return try call.show(request) { answer in
            let names = ["token", "session_id", "source_device", "target_device", "expires_at", "state_version"]
            return [.record(answer.fields(names))]
        }
    }

    private static let accept = Verb("accept", "Take a session over with a token", completes: .sessions) {
        CommandDetails(
            discussion: ["A token is good for one success; within 30 s the same device may repeat it."],
            operands: [
                SyncOptions.session,
                OperandSpec("TOKEN", .optional, .text, "token of the offer; without it standard input is read"),
            ],
            options: [
                peek.spec,
                SyncOptions.device.spec.explained("Device that takes the session over; must be the offer's target"),
            ])
    } run: { call throws(CommandError) in
        let token = try token(call)
        let path = ["session", call.operand("SESSION"), "handoff", token]
        var request = APIRequest(call.settings[peek] ? "GET" : "POST")
        request.path = call.settings[peek] ? path : path + ["accept"]
        if call.settings[peek] { request.query = [APIRequest.Parameter("peek", "1")] }
        if let device = call.settings[SyncOptions.device] { request.fields.append("X-Device-ID", device) }
        return try call.show(request) { answer in
            let names = ["valid", "session_id", "source_device", "target_device", "version", "state_version_at_offer"]
            return [.record(answer.fields(names)), .json(answer["state_data"] ?? .null)]
        }
    }

    /// The token: the operand, or the first word of standard input, where no process list shows it.
    private static func token(_ call: VerbCall) throws(CommandError) -> String {
        if let token = call.parsed.operand("TOKEN"), token != "-" { return token }
        let text = String(decoding: try call.world.read("-"), as: UTF8.self)
        guard let token = text.split(whereSeparator: \.isWhitespace).first else {
            throw CommandError(.badData, "standard input holds no token; write it on the first line")
        }
        return String(token)
    }
}
