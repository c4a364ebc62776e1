import SessionBase
import SessionCodec

/// Messages of lockers and the bodies of its HTTP API: what is read must survive being written.
enum LockersFuzz {
    static let seeds: [[UInt8]] = [
        (0, #"{"type":"join_room","room":"kiosk-1","since":"e:41","id":7}"#),
        (0, #"{"type":"join_room","room":"kiosk-1","since":{"epoch":"e","offset":41}}"#),
        (0, #"{"type":"ack","commandId":"c-1"}"#),
        (0, #"{"type":"room_joined","data":{"room":"kiosk-1","epoch":"e","offset":0,"recovered":false}}"#),
        (0, #"{"type":"test_event","data":[1,null],"timestamp":"2024-01-15T10:30:00.000Z","offset":3}"#),
        (1, #"{"namespace":"/ws/lockers","event":"test_event","data":{"message":"Hello world"},"room":"a"}"#),
        (3, #"{"lockerId":"l","oldState":"closed","newState":"open","kioskId":"kiosk-1","room_scope":true}"#),
        (5, #"{"id":1,"kiosk_id":"k","category":"c","note":"n","status":"open","created_at":1705314600000}"#),
        (7, #"{"command":{"type":"open","parameters":{"a":[1]}},"result":{"success":true,"error":"E"}}"#),
    ].map { (choices: UInt8, text: String) in FuzzInput.bytes(choices: choices, Array(text.utf8)) }

    static func check(_ input: FuzzInput) {
        if input.choice(0) {
            checkCall(input)
        } else {
            checkMessages(input.payload)
            checkSince(String(decoding: input.payload, as: UTF8.self))
        }
    }

    private static func checkMessages(_ bytes: [UInt8]) {
        if let read = try? LockersClientMessage.decode(bytes.span) {
            let written = read.message.encoded(tag: read.tag)
            require((try? LockersClientMessage.decode(written.span)) == read, "a message reads back as another one")
        }
        if let read = try? LockersServerFrame.decode(bytes.span) {
            let written = read.message.encoded(tag: read.tag)
            require((try? LockersServerFrame.decode(written.span)) == read, "a frame reads back as another one")
        }
    }

    private static func checkSince(_ text: String) {
        guard let since = TopicSince(text) else { return }
        require(TopicSince(since.text) == since, "a place reads back as another one")
    }

    private static func checkCall(_ input: FuzzInput) {
        let path =
            switch (input.choice(1), input.choice(2)) {
            case (false, false): ["broadcast"]
            case (true, false): ["events", "locker-state"]
            case (false, true): ["events", "help-requested"]
            case (true, true): ["events", "command-applied"]
            }
        guard
            let call = try? LockersCall.parse(method: "POST", path: ["api", "websocket"] + path, body: input.payload)
        else { return }
        let request = call.request
        let again = try? LockersCall.parse(
            method: request.method, path: HTTPTarget.segments(of: request.target), fields: request.fields,
            body: request.body)
        require(again == call, "a call reads back as another one")
    }
}
