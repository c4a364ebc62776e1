import SessionBase
import SessionCodec

/// Messages of channels and the bodies of its HTTP API: what is read must survive being written.
enum ChannelsFuzz {
    static let seeds: [[UInt8]] = [
        (0, #"{"type":"subscribe","channel":"reports:progress","since":{"epoch":"e","offset":41},"id":7}"#),
        (0, #"{"type":"publish","channel":"a:b","message":{"type":"x","data":[1.5,"é",null],"offset":1},"id":"q"}"#),
        (0, #"{"type":"update_interval","interval":5000,"mode":"batch"}"#),
        (0, #"{"type":"apply_filter","filter":{"status":"active","n":1,"b":true,"z":null}}"#),
        (0, #"{"type":"subscribed","channel":"a","epoch":"e","offset":41,"recovered":true}"#),
        (0, #"{"type":"data_update","data":[{"status":"active"}],"timestamp":"2024-01-07T10:30:00.000Z"}"#),
        (1, #"{"channel":"a","message":{"type":"x"},"exclude":"ws_1_a"}"#),
        (3, #"{"items":[{"channel":"a","message":{"type":"x"}}]}"#),
        (5, #"{"status":"running","progress":75,"ownerId":"u","reset":true}"#),
        (7, #"{"rows":[{"value":1,"change":"+5%"}]}"#),
    ].map { (choices: UInt8, text: String) in FuzzInput.bytes(choices: choices, Array(text.utf8)) }

    static func check(_ input: FuzzInput) {
        if input.choice(0) {
            checkCall(input)
        } else {
            checkClientMessage(input.payload)
            checkServerMessage(input.payload)
            checkFilter(input.payload)
        }
    }

    private static func checkClientMessage(_ bytes: [UInt8]) {
        guard let read = try? ChannelsClientMessage.decode(bytes.span) else { return }
        let written = read.message.encoded(tag: read.tag)
        require((try? ChannelsClientMessage.decode(written.span)) == read, "a message reads back as another one")
        guard case .publish(let channel, let message) = read.message else { return }
        var frame: [UInt8] = []
        message.append(channel: channel, at: Timestamp(milliseconds: 0), to: &frame)
        require((try? ChannelsServerFrame.decode(frame.span)) != nil, "what is published cannot be read")
        var positioned: [UInt8] = []
        PositionedFrame.append(frame.span, offset: 41, to: &positioned)
        require((try? JSONValue.parse(positioned.span))?["offset"] == 41, "a position is lost")
    }

    private static func checkServerMessage(_ bytes: [UInt8]) {
        guard let read = try? ChannelsServerFrame.decode(bytes.span) else { return }
        let written = read.message.encoded(tag: read.tag)
        require((try? ChannelsServerFrame.decode(written.span)) == read, "a frame reads back as another one")
    }

    /// A filter of a row's own fields lets the row pass.
    private static func checkFilter(_ bytes: [UInt8]) {
        guard let fragment = try? JSONFragment.parse(bytes.span), let row = StreamRow(fragment),
            let filter = StreamFilter(fragment)
        else { return }
        require(filter.allows(row), "a row does not pass a filter of its own fields")
    }

    private static func checkCall(_ input: FuzzInput) {
        let (method, path) =
            switch (input.choice(1), input.choice(2)) {
            case (false, false): ("POST", ["api", "v1", "ws", "broadcast"])
            case (true, false): ("POST", ["api", "v1", "ws", "batch"])
            case (false, true): ("PUT", ["api", "v1", "reports", "r", "status"])
            case (true, true): ("POST", ["api", "v1", "reports", "stream", "t"])
            }
        guard let call = try? ChannelsCall.parse(method: method, path: path, body: input.payload) else { return }
        // An item of a batch that failed is left out of what is written.
        if case .batch = call { return }
        let request = call.request
        let again = try? ChannelsCall.parse(
            method: request.method, path: HTTPTarget.segments(of: request.target), body: request.body)
        require(again == call, "a call reads back as another one")
    }
}
