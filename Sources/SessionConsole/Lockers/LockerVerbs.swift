import CommandKit
import SessionClient
import SessionCodec

/// `locker emit|status|acks`: events and figures over HTTP (PROTOCOLS §6.3); `watch`, `join` and `ack` need a WebSocket.
package enum LockerVerbs {
    /// Those that go over HTTP.
    package static let group = VerbGroup(
        "locker", "Emit and watch the events of lockers", server: .service(.lockers),
        discussion: [
            """
            Lockers have the namespaces lockers, help and events, and rooms in each, one a kiosk. 'emit' tells an \
            event as a gateway does; 'watch' and 'join' hear what panels and kiosks hear. Speaks to the service lockers, \
            by default on port 3000 of this machine.
            """,
            """
            'watch', 'join' and 'status' need a locker session, see sessionctl-session(1); 'emit' needs one of the role \
            service or admin, a token or an API key. 'serve --dev' asks for nothing.
            """,
        ],
        verbs: [LockerEmitVerbs.emit, status, acks],
        examples: [
            CommandExample("sessionctl locker emit state locker-123 closed open kiosk-1", "A locker was opened"),
            CommandExample("sessionctl locker emit help 1 kiosk-1 access_issue --note 'Cannot open'", "Somebody asks"),
            CommandExample("sessionctl locker watch lockers --room kiosk-1 --reconnect", "Hear of a kiosk, for good"),
            CommandExample("sessionctl locker status --expect-json '{\"status\":\"active\"}'", "Is it well?"),
        ])

    private static let status = Verb("status", "Print connections by namespace, and latencies") {
        CommandDetails(options: [APIOptions.expectation.spec].under("Expectation"))
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(APIRequest("GET", "api", "websocket", "status")).value
        try call.world.printer.show(answer) { [.record(FlatRecord.fields(of: answer))] }
        try expectation.check(answer)
        return .success
    }

    private static let acks = Verb("acks", "List who has acknowledged a command") {
        CommandDetails(
            discussion: ["Acknowledgements are kept for 10 minutes; 'locker ack' makes one."],
            operands: [OperandSpec("COMMAND", .one, .text, "id of the command")],
            options: [APIOptions.expectation.spec].under("Expectation"))
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let request = APIRequest("GET", "api", "websocket", "commands", call.operand("COMMAND"))
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.table(table(of: answer))] }
        try expectation.check(answer)
        return .success
    }

    private static func table(of answer: JSONValue) -> Table {
        let names = ["userId", "kioskId", "connectionId", "timestamp"]
        let rows = (answer["acks"]?.elements ?? []).map { row in names.map { row.cell($0) } }
        return Table(columns: ["USER", "KIOSK", "CONNECTION", "AT"].map { Table.Column($0) }, rows: rows)
    }
}
