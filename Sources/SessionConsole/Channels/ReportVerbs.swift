package import CommandKit
import SessionClient
import SessionCodec

/// `report status|progress|complete`: the state of a report over HTTP (PROTOCOLS §4.5, 2-21); `cancel` and `watch` need
/// a WebSocket.
package enum ReportVerbs {
    /// Those that go over HTTP.
    package static let group = VerbGroup(
        "report", "Tell and watch how far a report is", server: .service(.channels),
        discussion: [
            """
            A report goes from pending to running to completed, error or cancelled. Who makes it tells its progress \
            with 'progress' and 'complete'; who waits for it looks once with 'status', or follows it with 'watch'. \
            Speaks to the service channels, by default on http://127.0.0.1:3000.
            """
        ],
        verbs: [status, progress, complete],
        examples: [
            CommandExample("sessionctl report progress r1 40 --message 'Reading data'", "Tell how far it is"),
            CommandExample(
                "sessionctl report complete r1 --download-url /files/r1.pdf --format pdf --size 1MiB", "It is there"),
            CommandExample("sessionctl report progress r1 --status error --message 'No data'", "It failed"),
            CommandExample("sessionctl report watch r1 && echo done", "Wait for it"),
        ])

    /// The report that a verb is about.
    package static let report = OperandSpec("REPORT", .one, .text, "id of the report")

    // MARK: Options

    /// What a report can be, as far as 'progress' says it (PROTOCOLS 2-21).
    private enum State: String, CaseIterable { case pending, running, error, cancelled }

    private static let state = Option.choice("status", "State of the report", default: State.running)
    private static let message = Option.text("message", "What is being done, for people", "TEXT")
    private static let owner = Option.text("owner", "User whom the report belongs to", "ID")
        .detail("He and administrators may cancel it; without an owner anybody who is authenticated may.").rule("2-20")
    private static let reset = Option.toggle("reset", "Begin anew")
        .detail("Otherwise a progress that falls, or one after the end, is refused with exit status 1.").rule("2-21")

    private static let url: Option<String> = Option.required("download-url", "Where the report is", "URL")
    private static let format = Option.required("format", "What it is, such as pdf", "FORMAT")
    private static let size: Option<Int?> = {
        var option = Option<Int?>.size("size", "How large it is", 0...(1 << 50))
        option.spec.isRequired = true
        return option
    }()

    // MARK: Verbs

    private static let status = Verb("status", "Print how far a report is") {
        CommandDetails(
            operands: [report], options: [APIOptions.expectation.spec].under("Expectation"),
            examples: [
                CommandExample(
                    #"sessionctl report status r1 --expect-json '{"status":"completed"}'"#, "Is it there?")
            ])
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(request("GET", call, "status")).value
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
        return .success
    }

    private static let progress = Verb("progress", "Tell the progress or the state of a report") {
        CommandDetails(
            operands: [
                report,
                OperandSpec(
                    "PERCENT", .optional, .integer(0...100), "how much is done; may be left out with --status"),
            ],
            options: [state.spec, message.spec, owner.spec, reset.spec].under("Message") + expectations)
    } run: { call throws(CommandError) in
        let percent = call.parsed.operand("PERCENT")
        guard percent != nil || call.settings.isSet(state) else {
            throw .usage("PERCENT is missing; write how much is done, or a --status")
        }
        var body = JSONObject()
        body["status"] = .string(call.settings[state].rawValue)
        body["progress"] = percent.map { .number($0) }
        body["message"] = call.settings[message].map { .string($0) }
        body["ownerId"] = call.settings[owner].map { .string($0) }
        if call.settings[reset] { body["reset"] = true }
        return try tell(request("PUT", call, "status", .object(body)), call)
    }

    private static let complete = Verb("complete", "Tell that a report is there") {
        CommandDetails(
            operands: [report], options: [url.spec, format.spec, size.spec].under("Message") + expectations)
    } run: { call throws(CommandError) in
        let body: JSONValue = [
            "downloadUrl": .string(call.settings[url]), "format": .string(call.settings[format]),
            "fileSize": .number(String(call.settings[size] ?? 0)),
        ]
        return try tell(request("PUT", call, "complete", body), call)
    }

    private static var expectations: [OptionSpec] { [APIOptions.expectation.spec].under("Expectation") }

    private static func request(
        _ method: String, _ call: VerbCall, _ part: String, _ body: JSONValue? = nil
    ) -> APIRequest {
        APIRequest(method, "api", "v1", "reports", call.operand("REPORT"), part, body: body)
    }

    private static func tell(_ request: APIRequest, _ call: VerbCall) throws(CommandError) -> VerbOutcome {
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
        return .success
    }
}
