import CommandKit
import SessionCodec

/// `device list|disconnect`: the devices of a session (PROTOCOLS §3.3).
package enum DeviceVerbs {
    /// All of them.
    package static let group = VerbGroup(
        "device", "List and disconnect the devices of a session",
        discussion: ["Speaks the HTTP API of sync, by default to http://127.0.0.1:8080."],
        verbs: [list, disconnect],
        examples: [
            CommandExample("sessionctl device list \(SyncOptions.sampleSession)", "Who is there?"),
            CommandExample("sessionctl device disconnect \(SyncOptions.sampleSession) device-456", "Send one away"),
        ])

    private static let list = Verb("list", "List the devices of a session", completes: .sessions) {
        CommandDetails(operands: [SyncOptions.session], options: [APIOptions.expectation.spec])
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let request = APIRequest("GET", "session", call.operand("SESSION"), "devices")
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.table(table(of: answer))] }
        try expectation.check(answer)
        return .success
    }

    private static func table(of answer: JSONValue) -> Table {
        let names = ["device_id", "device_type", "device_name", "status", "connected_at", "last_seen", "app_version"]
        let titles = ["DEVICE", "TYPE", "NAME", "STATUS", "CONNECTED", "LAST SEEN", "APP"]
        let rows = (answer["devices"]?.elements ?? []).map { row in names.map { row.cell($0) } }
        return Table(columns: titles.map { Table.Column($0) }, rows: rows)
    }

    private static let disconnect = Verb("disconnect", "Disconnect a device and take it out", completes: .sessions) {
        CommandDetails(
            discussion: ["Its connection is closed with 4410; its tokens stay valid."],
            operands: [SyncOptions.session, OperandSpec("DEVICE", .one, .text, "id of the device")])
    } run: { call throws(CommandError) in
        let request = APIRequest("DELETE", "session", call.operand("SESSION"), "device", call.operand("DEVICE"))
        return try call.show(request) { answer in
            [.record(answer.fields(["session_id", "device_id", "status", "connections_closed"]))]
        }
    }
}
