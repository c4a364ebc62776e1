import CommandKit
import SessionClient
import SessionCodec

/// `snapshot get|put|patch|resolve|delete`: the state of a session as a whole (PROTOCOLS §3.3).
package enum SnapshotVerbs {
    /// All of them.
    package static let group = VerbGroup(
        "snapshot", "Read and write the state of a session",
        discussion: [
            """
            Speaks the HTTP API of sync, by default to http://127.0.0.1:8080. A state is a JSON object; each write \
            makes a new version of it. A write that names the version it knows is refused with status 1 where the \
            server has a newer one, and says which keys conflict.
            """
        ],
        verbs: [get, put, patch, resolve, delete],
        examples: [
            CommandExample("sessionctl snapshot get \(SyncOptions.sampleSession)", "Read a session"),
            CommandExample(
                "sessionctl snapshot get \(SyncOptions.sampleSession) --state", "Read its state alone"),
            CommandExample(
                "sessionctl snapshot put \(SyncOptions.sampleSession) state.json --if-match 3 --user u1",
                "Write it, unless somebody else did"),
            CommandExample(
                "sessionctl snapshot patch \(SyncOptions.sampleSession) --set progress=80 --delete mood --user u1",
                "Change two keys"),
        ])

    // MARK: get

    private static let stateAlone = Option.toggle("state", "Print the state alone")
        .detail("As 'snapshot put' takes it: indented on a terminal, one line in a pipe.")

    private static let get = Verb("get", "Print a session and its state", completes: .sessions) {
        CommandDetails(operands: [SyncOptions.session], options: [stateAlone.spec, APIOptions.expectation.spec])
    } run: { call throws(CommandError) in
        let expectation = try AnswerExpectation(call.settings)
        let session = try call.world.api.call(APIRequest("GET", "session", call.operand("SESSION"))).value
        let state = session["state_data"] ?? .null
        if call.settings[stateAlone] {
            try call.world.printer.show(state) { [.json(state)] }
        } else {
            try call.world.printer.show(session) { blocks(of: session) }
        }
        try expectation.check(session)
        return .success
    }

    private static func blocks(of session: JSONValue) -> [ResultBlock] {
        let names = [
            "session_id", "user_id", "version", "device_id", "app_version", "created_at", "updated_at", "expires_at",
        ]
        return [.record(session.fields(names)), .json(session["state_data"] ?? .null)]
    }

    // MARK: put

    private static let put = Verb("put", "Write the whole state", completes: .sessions) {
        CommandDetails(
            discussion: [
                "Makes the session where there is none; keys that the file does not have are gone afterwards."
            ],
            operands: [SyncOptions.session, SyncOptions.stateFile],
            options: [
                SyncOptions.version.spec, SyncOptions.ifMatch.spec, SyncOptions.user.spec, SyncOptions.device.spec,
                SyncOptions.appVersion.spec,
            ])
    } run: { call throws(CommandError) in
        var body = call.body()
        body["state_data"] = .object(try call.readState(call.operand("FILE")))
        body["app_version"] = call.settings[SyncOptions.appVersion].map { .string($0) }
        body["version"] = call.settings[SyncOptions.version].map { .number(String($0)) }
        var request = APIRequest("POST", "session", "snapshot", body: .object(body))
        if let version = call.settings[SyncOptions.ifMatch] { request.fields.append("If-Match", "\"\(version)\"") }
        return try call.show(request) { answer in
            [.record(answer.fields(["session_id", "version", "created", "size_bytes", "updated_at", "expires_at"]))]
        }
    }

    // MARK: resolve

    private static let resolve = Verb("resolve", "Settle a conflict by a strategy", completes: .sessions) {
        CommandDetails(
            discussion: [
                """
                Compares FILE, the state of a client that knows --version, with the server's. 'server-wins' keeps the \
                server's state, 'client-wins' takes the client's, 'merge' takes both, the client's where they differ.
                """
            ],
            operands: [SyncOptions.session, SyncOptions.stateFile],
            options: [
                SyncOptions.clientVersion.spec, SyncOptions.strategy.spec, SyncOptions.deep.spec,
                SyncOptions.user.spec, SyncOptions.device.spec,
            ])
    } run: { call throws(CommandError) in
        var body = call.body()
        body["client_version"] = .number(String(call.settings[SyncOptions.clientVersion] ?? 0))
        body["client_state"] = .object(try call.readState(call.operand("FILE")))
        body["resolution_strategy"] = .string(SyncOptions.wire(call.settings[SyncOptions.strategy] ?? ""))
        if call.settings[SyncOptions.deep] { body["merge_depth"] = "deep" }
        let request = APIRequest("POST", "session", "conflict", "resolve", body: .object(body))
        return try call.show(request) { answer in
            [.record(answer.fields(["session_id", "resolution_strategy", "version"]))] + conflicts(of: answer)
                + [.json(answer["state_data"] ?? .null)]
        }
    }

    /// The keys that differed, where there are any.
    private static func conflicts(of answer: JSONValue) -> [ResultBlock] {
        let conflicts = answer["conflicts"]?.elements ?? []
        guard !conflicts.isEmpty else { return [] }
        let names = ["key", "server_value", "client_value", "resolved"]
        let columns = ["KEY", "SERVER", "CLIENT", "RESOLVED"].map { Table.Column($0) }
        return [.table(Table(columns: columns, rows: conflicts.map { row in names.map { row.cell($0) } }))]
    }

    // MARK: delete

    private static let delete = Verb("delete", "Delete a session", completes: .sessions) {
        CommandDetails(operands: [SyncOptions.session])
    } run: { call throws(CommandError) in
        let session = call.operand("SESSION")
        let answer = try call.world.api.call(APIRequest("DELETE", "session", session))
        let value: JSONValue =
            answer.value == .null ? ["session_id": .string(session), "status": "deleted"] : answer.value
        try call.world.printer.show(value) { [.record(value.fields(["session_id", "status"]))] }
        return .success
    }
}
