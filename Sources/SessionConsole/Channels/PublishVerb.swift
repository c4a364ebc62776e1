package import CommandKit
import SessionClient
import SessionCodec

/// The options of `publish`.
package enum PublishOptions {
    /// `--user`.
    package static let user = Option.text("user", "Send to all connections of this user", "ID")
        .detail("No CHANNEL is given then.")
    /// `--connection`.
    package static let connection = Option.text("connection", "Send to this connection alone", "ID")
        .detail("Its id as 'welcome' names it; no CHANNEL is given then. Exit status 1 where there is none.")
    /// `--exclude`.
    package static let exclude = Option.text("exclude", "Leave this connection of the channel out", "ID")
    /// `--type`.
    package static let type = Option.text("type", "Send MESSAGE as the data of a message of this type", "TYPE")
    /// `--string`.
    package static let string = Option.toggle("string", "Take MESSAGE as text, not as JSON")
        .detail("Only with --type.")
    /// `--socket`.
    package static let socket = Option.toggle("socket", "Publish over a WebSocket")
        .detail(
            "For roles that a channel rule lets publish; --url is then that of the WebSocket, which takes 200 messages a second."
        ).rule("2-13")
}

/// `publish`: messages to a channel, a user or a connection over HTTP.
package enum PublishVerb {
    /// The command; `--socket` is played by another body.
    package static let verb = Verb("publish", "Publish messages to a channel, a user or a connection") {
        CommandDetails(
            discussion: [
                """
                A message is a JSON object with a "type"; --type makes one of any JSON. Without MESSAGE, or for '-', \
                each line of standard input is one, sent as soon as it is there, many at once where they come fast.
                """,
                """
                Speaks the producer API of channels, by default on http://127.0.0.1:3000, which asks for the role \
                publisher, the role admin or an API key; 'serve --dev' asks for none. A message that reaches nobody \
                is no failure: say --expect-json '{"delivered":1}' where somebody must hear it.
                """,
            ],
            operands: [
                OperandSpec("CHANNEL", .optional, .text, "channel, such as alerts:critical"),
                OperandSpec("MESSAGE", .optional, .text, "message, or - to read lines of standard input"),
            ],
            options: [
                PublishOptions.user.spec, PublishOptions.connection.spec, PublishOptions.exclude.spec,
            ].under("To whom") + [PublishOptions.type.spec, PublishOptions.string.spec].under("Message")
                + [PublishOptions.socket.spec].under("Connection")
                + [APIOptions.expectation.spec].under("Expectation"),
            examples: [
                CommandExample(
                    #"sessionctl publish alerts:critical '{"type":"critical_alert","data":{"room":101}}'"#,
                    "Tell all who subscribe"),
                CommandExample(
                    "sessionctl publish --user u1 --type user_notification --string 'Your report is ready'",
                    "Tell one user"),
                CommandExample(
                    "tail -f vitals.ndjson | sessionctl publish patients:vitals:room-101 --type vital_signs_update",
                    "Publish each line of a file as it grows"),
            ])
    } run: { call throws(CommandError) in
        let (target, text) = try PublishTarget.read(call.parsed, call.settings)
        let shape = try shape(call.settings)
        let expectation = try AnswerExpectation(call.settings)
        guard let text, text != "-" else { return .done(try publishLines(to: target, shape, expectation, call)) }
        let answer = try call.world.api.call(target.request(try shape.read(text, of: "MESSAGE"))).value
        try call.world.printer.show(answer) { [.record(answer.fields(Self.answerFields))] }
        try expectation.check(answer)
        return .success
    }

    /// What a person sees of an answer.
    static let answerFields = ["delivered", "channel", "offset"]

    /// How the message is typed.
    package static func shape(_ settings: Settings) throws(CommandError) -> ChannelMessage {
        let type = settings[PublishOptions.type]
        guard type != nil || !settings[PublishOptions.string] else {
            throw .usage("--string says that MESSAGE is text, and a message is an object; give --type beside it")
        }
        return ChannelMessage(type: type, isText: settings[PublishOptions.string])
    }

    /// Publishes the lines of standard input; one line an answer.
    private static func publishLines(
        to target: PublishTarget, _ shape: ChannelMessage, _ expectation: AnswerExpectation, _ call: VerbCall
    ) throws(CommandError) -> Verdict {
        var number = 0
        var verdict = Verdict.success
        while let lines = try call.world.lines() {
            var messages: [JSONValue] = []
            for line in lines {
                number += 1
                if let message = try shape.read(line: line, number: number) { messages.append(message) }
            }
            for request in target.requests(messages) {
                let answer = try call.world.api.call(request).value
                for result in answer["results"]?.elements ?? [answer] {
                    if result["error"] != nil { verdict = .failed }
                    try call.world.printer.event(result, line(of: result))
                    try expectation.check(result)
                }
            }
        }
        return verdict
    }

    /// `delivered 3, channel test:a, offset 7`, or the error of one message of a batch.
    private static func line(of result: JSONValue) -> String {
        guard let error = result["error"] else {
            return result.fields(answerFields).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        }
        let message = (error["message"] ?? result["message"])?.string.map { ": \($0)" } ?? ""
        return "error \(error["code"]?.string ?? error.plain)\(message)"
    }
}
