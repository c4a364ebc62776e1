package import SessionBase

/// A place in the order of what was published to a topic: a channel of channels, a namespace or room of lockers.
///
/// The epoch is drawn anew whenever a topic begins again, so that an offset of another life is never taken for one of this.
package struct TopicPosition: Hashable, Sendable {
    /// Which life of the topic.
    package var epoch: String
    /// How many messages were published in it.
    package var offset: UInt64

    /// Names a place.
    package init(epoch: String, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }

    /// The place as a query parameter spells it: `EPOCH:OFFSET`.
    package var text: String { "\(epoch):\(offset)" }
}

/// From where on a subscriber wants to hear a topic (EXT `since`).
package enum TopicSince: Equatable, Sendable {
    /// From now on, with the position of every message.
    case now
    /// From behind a place that it knows.
    case position(TopicPosition)
    /// From a time on; only lockers' kiosks, which keep no positions, ask so.
    case time(Timestamp)

    /// Reads a text: `now`, a time in RFC 3339, or `EPOCH:OFFSET`.
    package init?(_ text: String) {
        if text == "now" {
            self = .now
        } else if let time = Timestamp(parsing: text.utf8.span) {
            self = .time(time)
        } else {
            guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
            let (epoch, digits) = (String(text[..<colon]), text[text.utf8.index(after: colon)...])
            guard IdentifierRule.allows(epoch), let offset = UInt64(digits), String(offset) == digits else {
                return nil
            }
            self = .position(TopicPosition(epoch: epoch, offset: offset))
        }
    }

    /// Reads the object of a `subscribe`: `{}` or `{"epoch":…,"offset":…}`.
    init?(object: JSONValue) {
        switch (object["epoch"], object["offset"]) {
        case (nil, nil):
            guard case .object = object else { return nil }
            self = .now
        case (.string(let epoch)?, let offset?):
            guard IdentifierRule.allows(epoch), let offset = offset.integer.flatMap({ UInt64(exactly: $0) }) else {
                return nil
            }
            self = .position(TopicPosition(epoch: epoch, offset: offset))
        default: return nil
        }
    }

    /// The text that ``init(_:)`` reads as this.
    package var text: String {
        switch self {
        case .now: "now"
        case .position(let position): position.text
        case .time(let time): time.text
        }
    }
}

/// What the answer to a subscription says about its place (EXT).
package struct TopicAnswer: Equatable, Sendable {
    /// Where the topic is; `nil` where nothing of it is kept.
    package var position: TopicPosition?
    /// Whether everything since the place that was asked for follows; `nil` where no place was asked for.
    package var isRecovered: Bool?

    /// Describes an answer.
    package init(position: TopicPosition? = nil, isRecovered: Bool? = nil) {
        self.position = position
        self.isRecovered = isRecovered
    }

    /// Reads the fields of an object; `nil` where it has none of them.
    init?(_ fields: MessageFields) throws(WireError) {
        if let epoch = try fields.optionalText("epoch") {
            position = TopicPosition(epoch: epoch, offset: try fields.version("offset"))
        }
        if fields.value["recovered"] != nil { isRecovered = try fields.boolean("recovered") }
        if position == nil, isRecovered == nil { return nil }
    }

    /// Appends the fields `epoch`, `offset` and `recovered` to an object that has others.
    func append(to output: inout [UInt8]) {
        if let position {
            output.append(literal: #","epoch":"#)
            output.appendJSON(position.epoch)
            output.append(literal: #","offset":"#)
            output.appendDecimal(position.offset)
        }
        if let isRecovered { output.append(literal: isRecovered ? #","recovered":true"# : #","recovered":false"#) }
    }
}

/// A message as subscribers see it who asked for positions: the same bytes with one field more.
package enum PositionedFrame {
    /// Appends a message with a top-level `offset`.
    ///
    /// Where the message has a field of that name already the last one counts (PROTOCOLS §1.8), and that is this one.
    ///
    /// - Parameter frame: A JSON object that is not empty, without white space around it.
    /// - Complexity: O(n), a copy.
    package static func append(_ frame: Span<UInt8>, offset: UInt64, to output: inout [UInt8]) {
        precondition(
            frame.count > 2 && frame[frame.count - 1] == UInt8(ascii: "}"), "a message is an object with fields")
        output.append(copying: frame.extracting(0..<frame.count - 1))
        output.append(literal: #","offset":"#)
        output.appendDecimal(offset)
        output.append(UInt8(ascii: "}"))
    }
}
