import SessionBase

/// The pieces of which the frames of channels and lockers are put together.
extension [UInt8] {
    /// Appends a key, with what stands before and after it, and a string.
    mutating func appendMember(_ key: StaticString, _ text: String) {
        append(literal: key)
        appendJSON(text)
    }

    /// Appends a key, with what stands before and after it, and a time.
    mutating func appendMember(_ key: StaticString, _ time: Timestamp) {
        append(literal: key)
        append(UInt8(ascii: "\""))
        time.append(to: &self)
        append(UInt8(ascii: "\""))
    }

    /// Appends the field `id` where there is a correlation id.
    mutating func appendTagMember(_ tag: MessageTag?) {
        guard let tag else { return }
        append(literal: #","id":"#)
        tag.encode(to: &self)
    }
}

extension TopicSince {
    /// Appends the field `since`: an object, or a time as text.
    func appendMember(to output: inout [UInt8]) {
        switch self {
        case .now: output.append(literal: #","since":{}"#)
        case .position(let position):
            output.appendMember(#","since":{"epoch":"#, position.epoch)
            output.append(literal: #","offset":"#)
            output.appendDecimal(position.offset)
            output.append(UInt8(ascii: "}"))
        case .time(let time): output.appendMember(#","since":"#, time)
        }
    }
}

extension [UInt8] {
    /// Appends a key, with what stands before and after it, and an array of strings.
    mutating func appendMember(_ key: StaticString, _ texts: [String]) {
        append(literal: key)
        append(UInt8(ascii: "["))
        for (place, text) in texts.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            appendJSON(text)
        }
        append(UInt8(ascii: "]"))
    }
}
