import CommandKit
import SessionBase
import SessionClient
import SessionCodec

/// `notify alert|maintenance`: what the notification sockets of reports hear (PROTOCOLS 2-27, seed 002 *System
/// Notifications*).
package enum NotifyVerbs {
    /// Both.
    package static let group = VerbGroup(
        "notify", "Send system alerts and maintenance notices", server: .service(.channels),
        discussion: [
            """
            Speaks the producer API of channels, by default on http://127.0.0.1:3000. Sockets of \
            /api/v1/reports/notifications hear the channels reports:system, reports:maintenance, reports:alerts and \
            their user's own; 'sessionctl subscribe' can hear each of them too.
            """
        ],
        verbs: [alert, maintenance],
        examples: [
            CommandExample(
                "sessionctl notify alert 'High load' --level warning --action 'Wait for the evening'", "Warn everybody"),
            CommandExample("sessionctl notify alert 'Your report failed' --user u1 --level error", "Warn one user"),
            CommandExample(
                "sessionctl notify maintenance 'Short break' --start 30m --duration 30m --service report-generation",
                "Announce half an hour of maintenance in half an hour"),
        ])

    // MARK: Options

    /// How bad it is (seed 002).
    private enum Level: String, CaseIterable { case info, warning, error, critical }

    private static let level = Option.choice("level", "How bad it is", default: Level.info)
    private static let action = Option.text("action", "What to do about it", "TEXT")
    private static let user = Option.text("user", "Tell this user alone", "ID")
        .detail("On user:ID:reports.")
    private static let channels = Option.list("channel", "Tell this channel instead", "CHANNEL")
    private static let start = Option.text("start", "When it starts: RFC 3339, or a duration from now", "TIME")
    private static let duration = Option<Duration?>.duration("duration", "How long it takes")
        .detail("Sent as ISO 8601, such as PT30M.")
    private static let services = Option.list("service", "A service that is affected", "NAME")
    private static let id = Option.text("id", "Name of the notice, so that a later one replaces it", "ID")
        .unset("replaces the notice before it")

    private static let text = OperandSpec("MESSAGE", .one, .text, "what happens, for people")
    private static let audience = [user.spec, channels.spec].under("To whom")

    // MARK: Verbs

    private static let alert = Verb("alert", "Send a system_alert") {
        CommandDetails(
            discussion: ["Goes to reports:system where the level is info, and otherwise to reports:alerts."],
            operands: [text],
            options: [level.spec, action.spec].under("Message") + audience + expectations)
    } run: { call throws(CommandError) in
        var data = JSONObject()
        let level = call.settings[level]
        data["level"] = .string(level.rawValue)
        data["message"] = .string(call.operand("MESSAGE"))
        data["action"] = call.settings[action].map { .string($0) }
        return try send("system_alert", data, standard: level == .info ? "reports:system" : "reports:alerts", call)
    }

    private static let maintenance = Verb("maintenance", "Send a maintenance_notice") {
        CommandDetails(
            discussion: [
                """
                Goes to reports:maintenance. The server keeps it until it is over, and shows it to those who connect \
                later.
                """
            ],
            operands: [text],
            options: [start.spec, duration.spec, services.spec, id.spec].under("Message") + audience + expectations)
    } run: { call throws(CommandError) in
        var data = JSONObject()
        data["id"] = call.settings[id].map { .string($0) }
        data["message"] = .string(call.operand("MESSAGE"))
        data["startTime"] = try startTime(call).map { .string($0.text) }
        data["duration"] = call.settings[duration].map { .string(ISODuration.text(of: $0)) }
        let services = call.settings[services]
        if !services.isEmpty { data["affectedServices"] = .array(services.map { .string($0) }) }
        return try send("maintenance_notice", data, standard: "reports:maintenance", call)
    }

    private static var expectations: [OptionSpec] { [APIOptions.expectation.spec].under("Expectation") }

    private static func startTime(_ call: VerbCall) throws(CommandError) -> Timestamp? {
        guard let text = call.settings[start] else { return nil }
        if let time = Timestamp(parsing: Array(text.utf8).span) { return time }
        do throws(ValueError) {
            guard case .duration(let delay) = try ValueKind.duration(DurationText.Rule()).parse(text) else {
                return nil
            }
            return Timestamp(milliseconds: call.world.now().milliseconds + delay.nanoseconds / 1_000_000)
        } catch {
            throw call.settings.error(start, "write a time such as 2026-11-21T22:00:00Z, or a duration such as 30m")
        }
    }

    private static func send(
        _ type: String, _ data: JSONObject, standard: String, _ call: VerbCall
    ) throws(CommandError) -> VerbOutcome {
        let expectation = try AnswerExpectation(call.settings)
        let message: JSONValue = ["type": .string(type), "data": .object(data)]
        var answers: [JSONValue] = []
        for channel in try addressees(call.settings, standard) {
            answers.append(
                try call.world.api.call(PublishTarget.channel(channel, exclude: nil).request(message)).value)
        }
        for answer in answers {
            try call.world.printer.show(answer) { [.record(answer.fields(PublishVerb.answerFields))] }
            try expectation.check(answer)
        }
        return .success
    }

    private static func addressees(_ settings: Settings, _ standard: String) throws(CommandError) -> [String] {
        let named = settings[channels]
        guard let user = settings[user] else { return named.isEmpty ? [standard] : named }
        guard named.isEmpty else { throw .usage("--user and --channel say two things; leave one out") }
        return ["user:\(user):reports"]
    }
}
