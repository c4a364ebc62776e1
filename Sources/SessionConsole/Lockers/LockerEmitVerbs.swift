import CommandKit
import SessionBase
import SessionClient
import SessionCodec

/// `locker emit …`: the typed events of seed 004 *Server-side Event Emission*, and any other by its name.
enum LockerEmitVerbs {
    /// `locker emit EVENT`, with the typed events below it.
    static let emit = Verb("emit", "Tell an event to a namespace or a room", verbs: [state, help, helpStatus, command])
    {
        CommandDetails(
            discussion: [
                """
                An EVENT that is none of the commands is broadcast as it is, with any JSON as its data; the answer says \
                how many heard it.
                """
            ],
            operands: [
                OperandSpec("EVENT", .one, .text, "name of the event"),
                OperandSpec("DATA", .optional, .text, "JSON; - reads standard input; {} unless told"),
            ],
            options: [LockerOptions.namespace.spec, LockerOptions.room.spec].under("To whom") + expectations,
            examples: [
                CommandExample(
                    #"sessionctl locker emit test_event '{"message":"Hello world"}' --room kiosk-1"#, "Any event")
            ])
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["namespace"] = .string(
            try LockerOptions.path(ofNamespace: call.settings[LockerOptions.namespace] ?? "lockers"))
        body["event"] = .string(call.operand("EVENT"))
        body["data"] = try data(call)
        body["room"] = call.settings[LockerOptions.room].map { .string($0) }
        return try send(APIRequest("POST", "api", "websocket", "broadcast", body: .object(body)), call)
    }

    private static func data(_ call: VerbCall) throws(CommandError) -> JSONValue {
        guard let text = call.parsed.operand("DATA") else { return [:] }
        guard text == "-" else { return try CommandJSON.parse(text, of: "DATA") }
        return try CommandJSON.parse(String(decoding: try call.world.read("-"), as: UTF8.self), of: "standard input")
    }

    // MARK: Typed events

    private static let roomScope = Option.toggle("room-scope", "Tell the room of the kiosk alone").rule("4-10")
    private static let kiosk = Option.text("kiosk", "Kiosk that carried it out", "ID")
    private static let locker = Option.text("locker", "Locker it was about", "ID")
    private static let lockerNumber = Option<Int?>.integer("locker-no", "Number of the locker", 0...1_000_000_000)
    private static let note = Option.text("note", "What the person says", "TEXT")
    private static let photo = Option.text("photo-url", "Where a photograph is", "URL")
    private static let status: Option<String?> = Option.text("status", "State of the request", "WORD").unset("open")
    private static let parameters = Option.text("parameters", "Parameters of the command", "JSON")
    private static let failed = Option.toggle("failed", "It failed")
    private static let message = Option.text("message", "What came of it", "TEXT")
    private static let error = Option.text("error", "Why it failed; implies --failed", "TEXT")

    private static var expectations: [OptionSpec] { [APIOptions.expectation.spec].under("Expectation") }
    private static var delivery: [OptionSpec] {
        [roomScope.spec, LockerOptions.idempotencyKey.spec].under("To whom") + expectations
    }

    private static let state = Verb("state", "A locker changed: locker_state_changed on /ws/lockers") {
        CommandDetails(
            operands: [
                OperandSpec("LOCKER", .one, .text, "id of the locker"),
                OperandSpec("OLD", .one, .text, "state that it had"),
                OperandSpec("NEW", .one, .text, "state that it has"),
                OperandSpec("KIOSK", .one, .text, "id of its kiosk"),
            ], options: delivery)
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["lockerId"] = .string(call.operand("LOCKER"))
        body["oldState"] = .string(call.operand("OLD"))
        body["newState"] = .string(call.operand("NEW"))
        body["kioskId"] = .string(call.operand("KIOSK"))
        return try emit("locker-state", body, call)
    }

    private static let request = OperandSpec("REQUEST", .one, .text, "number of the request for help")

    private static func requestNumber(_ call: VerbCall) throws(CommandError) -> JSONValue {
        let text = call.operand("REQUEST")
        guard let number = Int64(text), number >= 0 else {
            throw .usage("REQUEST \(Origin.printable(text)): write the number of the request, such as 1")
        }
        return .number(String(number))
    }

    private static let help = Verb("help", "Somebody asks for help: help_requested on /ws/help") {
        CommandDetails(
            operands: [
                request, OperandSpec("KIOSK", .one, .text, "id of the kiosk"),
                OperandSpec("CATEGORY", .one, .text, "what it is about, such as access_issue"),
            ],
            options: [lockerNumber.spec, note.spec, photo.spec, status.spec].under("Message") + delivery)
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["id"] = try requestNumber(call)
        body["kiosk_id"] = .string(call.operand("KIOSK"))
        body["locker_no"] = call.settings[lockerNumber].map { .number(String($0)) }
        body["category"] = .string(call.operand("CATEGORY"))
        body["note"] = call.settings[note].map { .string($0) }
        body["photo_url"] = call.settings[photo].map { .string($0) }
        body["status"] = .string(call.settings[status] ?? "open")
        body["created_at"] = .string(call.world.now().text)
        return try emit("help-requested", body, call)
    }

    private static let helpStatus = Verb("help-status", "A request went on: help_status_updated on /ws/help") {
        CommandDetails(
            operands: [
                request, OperandSpec("OLD", .one, .text, "state that it had"),
                OperandSpec("NEW", .one, .text, "state that it has"),
            ], options: delivery)
    } run: { call throws(CommandError) in
        var body = JSONObject()
        body["id"] = try requestNumber(call)
        body["old_status"] = .string(call.operand("OLD"))
        body["new_status"] = .string(call.operand("NEW"))
        return try emit("help-status", body, call)
    }

    private static let command = Verb("command", "A command was carried out: command_applied on /ws/events") {
        CommandDetails(
            operands: [OperandSpec("TYPE", .one, .text, "kind of command, such as open")],
            options: [locker.spec, kiosk.spec, parameters.spec, failed.spec, message.spec, error.spec].under("Message")
                + delivery)
    } run: { call throws(CommandError) in
        let settings = call.settings
        var command = JSONObject()
        command["type"] = .string(call.operand("TYPE"))
        command["lockerId"] = settings[locker].map { .string($0) }
        command["kioskId"] = settings[kiosk].map { .string($0) }
        if let text = settings[parameters] { command["parameters"] = try CommandJSON.parse(text, of: "--parameters") }
        var result = JSONObject()
        result["success"] = .boolean(!settings[failed] && !settings.isSet(error))
        result["message"] = settings[message].map { .string($0) }
        result["timestamp"] = .string(call.world.now().text)
        result["error"] = settings[error].map { .string($0) }
        var body = JSONObject()
        body["command"] = .object(command)
        body["result"] = .object(result)
        return try emit("command-applied", body, call)
    }

    // MARK: Sending

    private static func emit(_ event: String, _ fields: JSONObject, _ call: VerbCall) throws(CommandError)
        -> VerbOutcome
    {
        var body = fields
        if call.settings[roomScope] { body["room_scope"] = true }
        var request = APIRequest("POST", "api", "websocket", "events", event, body: .object(body))
        if let key = call.settings[LockerOptions.idempotencyKey] { request.fields.append("Idempotency-Key", key) }
        return try send(request, call)
    }

    private static func send(_ request: APIRequest, _ call: VerbCall) throws(CommandError) -> VerbOutcome {
        let expectation = try AnswerExpectation(call.settings)
        let answer = try call.world.api.call(request).value
        try call.world.printer.show(answer) { [.record(answer.fields(["event", "namespace", "room", "recipients"]))] }
        try expectation.check(answer)
        return .success
    }
}
