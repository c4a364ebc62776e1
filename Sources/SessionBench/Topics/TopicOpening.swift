import SessionBase
import SessionCodec

/// How subscribers begin: those of channels subscribe, kiosks enter their namespace and some a room. Publishers have
/// nothing to say first.
///
/// Subscribers that come back ask for what they missed; the place up to which they heard is kept here.
struct TopicOpening: ConversationOpening {
    private let roster: TopicRoster
    private let name: String
    private let hasSecrets: Bool
    /// How many answers each subscriber waits for.
    private var awaited: [Int]
    /// Up to where each place has heard; `nil` before it was told.
    private var positions: [TopicPosition?]
    /// Whether the last answer said that everything missed follows, and up to where; `nil` where nothing was asked.
    private(set) var recovery: (place: Int, isRecovered: Bool, end: UInt64)?

    /// Prepares a share of a run.
    init(_ roster: TopicRoster, name: String) {
        self.roster = roster
        self.name = name
        hasSecrets = !roster.load.sessions.isEmpty
        awaited = Array(repeating: 0, count: roster.subscribers)
        positions = Array(repeating: nil, count: roster.load.isPositioned ? roster.places : 0)
    }

    var subprotocols: [String] {
        roster.load.kind == .fanout ? [ChannelsProtocol.json] : [LockersProtocol.json]
    }

    /// The namespace of a kiosk, and its session.
    func handshake(of connection: Int) -> HandshakePart {
        guard roster.load.kind == .lockers, connection < roster.subscribers else { return HandshakePart() }
        let number = roster.number(ofSubscriber: connection)
        var part = HandshakePart(target: roster.load.namespaces[number % roster.load.namespaces.count])
        if hasSecrets {
            let session = roster.load.sessions[number % roster.load.sessions.count]
            part.fields = [HeaderField(name: "Authorization", value: "Bearer \(session)")]
        }
        return part
    }

    // MARK: Requests

    mutating func greeting(of connection: Int) -> [Greeting]? {
        guard connection < roster.subscribers else { return nil }
        guard roster.load.kind == .fanout else { return enter(connection) }
        awaited[connection] = roster.load.slots
        return (0..<roster.load.slots).map { slot in
            let message = ChannelsClientMessage.subscribe(
                channel: channel(of: slot, at: connection), since: since(roster.firstPlace(of: connection) + slot))
            return (.text, message.encoded(tag: nil))
        }
    }

    /// A kiosk is welcomed by its namespace, and by its room where it has one.
    private mutating func enter(_ kiosk: Int) -> [Greeting] {
        let stays = roster.staysInRoom(kiosk)
        awaited[kiosk] = stays ? 2 : 1
        return stays ? [(.text, LockersClientMessage.joinRoom(room(of: kiosk)).encoded(tag: nil))] : []
    }

    private func channel(of slot: Int, at subscriber: Int) -> String {
        let topic = UInt64(roster.topic(of: slot, at: subscriber))
        return TopicRoster.channel(name, SyncRoster.digits(topic))
    }

    /// The room that a kiosk is in, or moves to.
    func room(of kiosk: Int) -> String {
        let room = roster.namespace(of: roster.topic(of: 1, at: kiosk)).room ?? 0
        return TopicRoster.room(SyncRoster.digits(UInt64(room)))
    }

    /// What a place asks for: positions only where it may come back.
    private func since(_ place: Int) -> TopicSince? {
        guard roster.load.isPositioned else { return nil }
        return positions[place].map { .position($0) } ?? .now
    }

    /// Notes up to where a place has heard.
    mutating func hear(_ offset: UInt64, at place: Int) {
        guard let position = positions[place] else { return }
        positions[place]?.offset = max(position.offset, offset)
    }

    // MARK: Answers

    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        recovery = nil
        guard kind == .text, let news = TopicNews.read(message) else { return .other }
        switch news.kind {
        case .subscribed: return subscribed(news, message, connection)
        case .connection, .roomJoined: return count(connection)
        case .welcome: return .part
        case .error:
            return .refusal("the server refused a subscriber: \(news.code?.string(in: message) ?? "without a code")")
        default: return .other
        }
    }

    private mutating func count(_ connection: Int) -> GreetingAnswer {
        awaited[connection] -= 1
        return awaited[connection] == 0 ? .welcome : .part
    }

    private mutating func subscribed(
        _ news: TopicNews, _ message: Span<UInt8>, _ connection: Int
    ) -> GreetingAnswer {
        guard roster.load.isPositioned else { return count(connection) }
        guard let name = news.topic, name.count > 8,
            let topic = message.decimal(in: name.range.upperBound - 8..<name.range.upperBound),
            let place = roster.place(of: Int(topic), at: connection)
        else { return .other }
        guard let epoch = news.epoch, let offset = news.offset else {
            return .refusal(
                "the server keeps no history of these channels, without which nothing can be recovered; give it a rule"
                    + " with history, such as --channels-rule 'test:* history=10000'")
        }
        if let isRecovered = news.isRecovered { recovery = (place, isRecovered, offset) }
        // What is recovered follows; it moves the place on as it comes.
        if news.isRecovered != true {
            positions[place] = TopicPosition(epoch: epoch.string(in: message), offset: offset)
        }
        return count(connection)
    }
}
