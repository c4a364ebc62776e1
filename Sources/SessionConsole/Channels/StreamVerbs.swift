package import CommandKit
import SessionClient
import SessionCodec

/// `stream push`: rows of a live stream over HTTP (PROTOCOLS §4.5, 2-24); `watch` needs a WebSocket.
package enum StreamVerbs {
    /// The one that goes over HTTP.
    package static let group = VerbGroup(
        "stream", "Push and watch the rows of a live stream", server: .service(.channels),
        discussion: [
            """
            A template has a feed of rows, JSON objects, of which the server keeps the last 100. Whoever watches gets \
            those that fit his filter, newest first, and then every new one, or at most one an interval. Speaks to the \
            service channels, by default on http://127.0.0.1:3000.
            """
        ],
        verbs: [push],
        examples: [
            CommandExample(#"sessionctl stream push sales '{"value":105,"status":"active"}'"#, "Push a row"),
            CommandExample(
                "tail -f rows.ndjson | sessionctl stream push sales", "Push each line of a file as it grows"),
            CommandExample("sessionctl stream watch sales --filter status=active --interval 5s", "Watch some of them"),
        ])

    /// The stream that a verb is about.
    package static let template = OperandSpec("TEMPLATE", .one, .text, "id of the template whose feed it is")

    /// Rows that are sent at once at most: far below what a body may hold (PROTOCOLS §1.10).
    private static let rowsMax = 500

    private static let push = Verb("push", "Push rows") {
        CommandDetails(
            discussion: [
                """
                Without ROW each line of standard input is one, sent as soon as it is there, many at once where they \
                come fast.
                """
            ],
            operands: [template, OperandSpec("ROW", .any, .text, "JSON object; - reads lines of standard input")],
            options: [APIOptions.expectation.spec].under("Expectation"))
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let typed = call.parsed.operands("ROW")
        guard typed.isEmpty || typed == ["-"] else {
            var rows: [JSONValue] = []
            for text in typed { rows.append(try row(text, of: "ROW")) }
            for answer in try send(rows, call) { try show(answer, expectation, call) }
            return .success
        }
        var number = 0
        while let lines = try call.world.lines() {
            var rows: [JSONValue] = []
            for line in lines {
                number += 1
                guard let text = String(validating: line, as: UTF8.self) else {
                    throw CommandError(.badData, "line \(number) of standard input is not UTF-8, and a row must be")
                }
                if !text.allSatisfy(\.isWhitespace) { rows.append(try row(text, of: "line \(number)")) }
            }
            for answer in try send(rows, call) { try show(answer, expectation, call) }
        }
        return .success
    }

    private static func row(_ text: String, of place: String) throws(CommandError) -> JSONValue {
        let value = try CommandJSON.parse(text, of: place)
        guard case .object = value else {
            throw CommandError(.badData, "\(place) \(Origin.printable(text)) is no row: write a JSON object")
        }
        return value
    }

    /// Sends rows in their order, in as few requests as may be.
    private static func send(_ rows: [JSONValue], _ call: VerbCall) throws(CommandError) -> [JSONValue] {
        var answers: [JSONValue] = []
        for part in RequestChunks.cut(rows, countMax: rowsMax) { answers.append(try push(Array(part), call)) }
        return answers
    }

    private static func push(_ rows: [JSONValue], _ call: VerbCall) throws(CommandError) -> JSONValue {
        try call.world.api.call(
            APIRequest(
                "POST", "api", "v1", "reports", "stream", call.operand("TEMPLATE"), body: ["rows": .array(rows)])
        ).value
    }

    private static func show(
        _ answer: JSONValue, _ expectation: AnswerExpectation, _ call: VerbCall
    ) throws(CommandError) {
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
    }
}
