import CommandKit
import SessionClient
import SessionCodec

/// `publish`, `presence` and `history`: the channels of a server through its admin API (PROTOCOLS §1.6).
enum AdminChannelVerbs {
    /// All of them, in the order of the help.
    static let all = [publish, presence, history]

    private static let channel = OperandSpec("CHANNEL", .one, .text, "channel, as channels shows it")
    private static let expectation = [APIOptions.expectation.spec].under("Expectation")

    private static let publish = Verb("publish", "Publish a message to a channel", completes: .channels) {
        CommandDetails(
            discussion: ["A message is a JSON object with a \"type\"; --type makes one of any JSON."],
            operands: [channel, OperandSpec("MESSAGE", .one, .text, "message")],
            options: [PublishOptions.type.spec, PublishOptions.string.spec].under("Message") + expectation,
            examples: [
                CommandExample("sessionctl admin publish test:a hello --type note --string", "Say hello to a channel")
            ])
    } run: { call throws(CommandError) in
        let shape = try PublishVerb.shape(call.settings)
        let message = try shape.read(call.operand("MESSAGE"), of: "MESSAGE")
        let body: JSONValue = ["channel": .string(call.operand("CHANNEL")), "message": message]
        return try show(APIRequest("POST", "admin", "publish", body: body), call) { answer in
            [.record(answer.fields(PublishVerb.answerFields))]
        }
    }

    private static let presence = Verb("presence", "List who subscribes to a channel", completes: .channels) {
        CommandDetails(
            operands: [channel], options: expectation,
            examples: [CommandExample("sessionctl admin presence test:a", "Who hears it?")])
    } run: { call throws(CommandError) in
        try show(APIRequest("GET", "admin", "channels", call.operand("CHANNEL"), "presence"), call) { answer in
            let names = ["id", "userId", "connectedAt"]
            let rows = (answer["items"]?.elements ?? []).map { item in names.map { item.cell($0) } }
            return [.table(Table(columns: ["CONNECTION", "USER", "SINCE"].map { Table.Column($0) }, rows: rows))]
        }
    }

    private static let history = Verb("history", "Print the messages that a channel keeps", completes: .channels) {
        CommandDetails(
            discussion: ["Channels keep messages where a rule says 'history=N'; the oldest comes first."],
            operands: [channel], options: expectation,
            examples: [CommandExample("sessionctl admin history alerts:critical", "What was said?")])
    } run: { call throws(CommandError) in
        try show(APIRequest("GET", "admin", "channels", call.operand("CHANNEL"), "history"), call) { answer in
            [.lines((answer["items"]?.elements ?? []).map(line))]
        }
    }

    /// `7 critical_alert {"room":101}`: the place, the type, the data.
    private static func line(_ item: JSONValue) -> String {
        let message = item["message"] ?? item
        let offset = (item["offset"] ?? message["offset"]).map { "\($0.plain) " } ?? ""
        return offset + ChannelLine.text(of: message)
    }

    private static func show(
        _ request: APIRequest, _ call: VerbCall, _ blocks: (JSONValue) -> [ResultBlock]
    ) throws(CommandError) -> VerbOutcome {
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { blocks(answer) }
        try expectation.check(answer)
        return .success
    }
}

extension AdminList {
    /// Channels that somebody subscribes to.
    static let channels = AdminList(
        name: "channels", summary: "List channels", request: APIRequest("GET", "admin", "channels"),
        fields: [ListField("channel"), ListField("subscribers", .count)],
        example: CommandExample("sessionctl admin channels --where 'channel ~ \"^reports:\"'", "Who waits for reports?")
    )
}
