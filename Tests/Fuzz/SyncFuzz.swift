import SessionBase
import SessionCodec

/// Messages of sync in JSON and in Protobuf, and the bodies of its HTTP API: what is read must survive being written.
enum SyncFuzz {
    static let seeds: [[UInt8]] =
        [
            (0, #"{"type":5,"payload":{"key":"k","value":{"a":[1,"é",null]},"operation":"SET","base_version":3}}"#),
            (
                0,
                #"{"type":7,"payload":{"token":"t","device_id":"d","device_type":"web","resume":{"epoch":"e","seq":1}}}"#
            ),
            (0, #"{"type":"HEARTBEAT","user_id":"u","timestamp":1,"payload":{"client_time":1},"correlation_id":"c"}"#),
            (0, #"{"type":13,"payload":{"event":"e","data":1.5}}"#),
            (0, #"{"type":3,"payload":{"session_id":"550e8400-e29b-41d4-a716-446655440000","known_version":2}}"#),
            (
                2,
                #"{"session_id":"550e8400-e29b-41d4-a716-446655440000","user_id":"u","state_data":{"a":1},"version":1}"#
            ),
            (
                6,
                #"{"session_id":"550e8400-e29b-41d4-a716-446655440000","user_id":"u","base_version":1,"#
                    + #""changes":{"a":1},"deleted_keys":["b"],"on_conflict":"auto_merge"}"#
            ),
        ].map { (choices: UInt8, text: String) in FuzzInput.bytes(choices: choices, Array(text.utf8)) } + [binarySeed]

    /// `{"type":1,"payload":{"n":[1,{"a":null}]}}`, and an unknown group.
    private static let binarySeed: [UInt8] = {
        var bytes: [UInt8] = []
        _ = try? SyncProtobuf.append(json: Array(#"{"type":1,"payload":{"n":[1,{"a":null}]}}"#.utf8).span, to: &bytes)
        return FuzzInput.bytes(choices: 1, bytes + [0x5B, 0x08, 0x01, 0x5C])
    }()

    static func check(_ input: FuzzInput) {
        if input.choice(0) {
            checkProtobuf(input.payload)
        } else if input.choice(1) {
            checkBody(input.payload, isPatch: input.choice(2))
        } else {
            checkMessage(input.payload)
            checkFragment(input.payload)
        }
    }

    private static func checkMessage(_ bytes: [UInt8]) {
        _ = try? SyncServerFrame.decode(bytes.span)
        guard let frame = try? SyncClientFrame.read(bytes.span) else { return }
        let written = frame.encoded()
        require((try? SyncClientFrame.read(written.span)) == frame, "a message reads back as another one")
        var binary: [UInt8] = []
        frame.encodeProtobuf(to: &binary)
        require((try? SyncClientFrame.read(protobuf: binary.span))?.kind == frame.kind, "Protobuf loses a message")
    }

    private static func checkFragment(_ bytes: [UInt8]) {
        let tree = try? JSONValue.parse(bytes.span)
        guard let fragment = try? JSONFragment.parse(bytes.span) else { return }
        require(fragment.value == tree, "a fragment means something else than its text")
        require((try? JSONFragment.parse(fragment.bytes.span))?.bytes == fragment.bytes, "a fragment is not compact")
        if let members = fragment.members {
            require(members.count == (try? JSONValue.parse(bytes.span)).flatMap(count), "a fragment loses members")
        }
    }

    private static func count(_ value: JSONValue) -> Int? {
        if case .object(let object) = value { object.members.count } else { nil }
    }

    private static func checkProtobuf(_ bytes: [UInt8]) {
        var json: [UInt8] = []
        guard (try? SyncProtobuf.appendJSON(bytes.span, to: &json)) != nil else { return }
        guard let value = try? JSONValue.parse(json.span) else { fatalError("Protobuf became no JSON") }
        var again: [UInt8] = []
        require((try? SyncProtobuf.append(json: json.span, to: &again)) != nil, "what was read cannot be written")
        var copy: [UInt8] = []
        require((try? SyncProtobuf.appendJSON(again.span, to: &copy)) != nil, "what was written cannot be read")
        require((try? JSONValue.parse(copy.span)) == value, "Protobuf reads back as something else")
        _ = try? SyncClientFrame.read(protobuf: bytes.span)
        _ = try? SyncServerFrame.decode(protobuf: bytes.span)
    }

    private static func checkBody(_ bytes: [UInt8], isPatch: Bool) {
        let path = [isPatch ? "incremental" : "snapshot"]
        guard let call = try? SyncCall.parse(method: "POST", path: path, query: [], fields: [:], body: bytes) else {
            return
        }
        let body = call.request.body
        let again = try? SyncCall.parse(method: "POST", path: path, query: [], fields: [:], body: body)
        require(again == call, "a call reads back as another one")
    }
}
