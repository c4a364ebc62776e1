package import SessionBase
package import SessionCodec

/// `subscribe`: hears channels until enough was heard, across lost connections where the command may reconnect.
///
/// *connecting* → *subscribing* → *watching* → *connecting* after a loss. Where positions are wanted, each subscription
/// says behind which message it goes on, so that the server sends what was missed, or it is told that something is lost
/// (PROTOCOLS §4.3, EXT `since`).
package struct ChannelWatchScript: WatchScript {
    /// What somebody wants to hear.
    package struct Subject: Equatable, Sendable {
        /// The channels.
        package var channels: [String]
        /// Places to go on behind, for the first channels.
        package var since: [TopicPosition] = []
        /// Whether messages carry their places, without which nothing can be recovered.
        package var wantsPositions = false

        /// Wants channels from now on.
        package init(channels: [String]) { self.channels = channels }
    }

    /// What is known of one channel.
    private struct Place: Sendable {
        let channel: String
        /// Behind which message it goes on.
        var position: TopicPosition?
        var isSubscribed = false
    }

    private enum State {
        case connecting
        case subscribing(until: Instant)
        case watching
    }

    private var state = State.connecting
    private var places: [Place]
    private var rule: WatchRule
    private var hasWatched = false
    private let wantsPositions: Bool
    private let timeout: Duration

    /// Prepares a script that has not begun.
    ///
    /// - Parameters:
    ///   - conditions: When enough was heard.
    ///   - timeout: How long the server may take to answer the subscriptions.
    package init(_ subject: Subject, _ conditions: StopRule.Conditions, timeout: Duration) {
        places = subject.channels.enumerated().map { index, channel in
            Place(channel: channel, position: index < subject.since.count ? subject.since[index] : nil)
        }
        wantsPositions = subject.wantsPositions || !subject.since.isEmpty
        rule = WatchRule(conditions)
        self.timeout = timeout
    }

    package var deadline: Instant? {
        let subscribing: Instant? = if case .subscribing(let until) = state { until } else { nil }
        return [subscribing, rule.deadline].compactMap { $0 }.min()
    }

    package var farewell: [String] {
        guard wantsPositions else { return [] }
        return places.compactMap { place in
            place.position.map { "\(place.channel) is at \($0.text); --since goes on there" }
        }
    }

    package mutating func opened(at now: Instant) -> [WatchAction] {
        state = .subscribing(until: now + timeout)
        return places.indices.map { index in
            places[index].isSubscribed = false
            return .send(ChannelsClientMessage.subscribe(channel: places[index].channel, since: since(index)).encoded())
        }
    }

    private func since(_ index: Int) -> TopicSince? {
        guard wantsPositions else { return nil }
        return places[index].position.map { .position($0) } ?? .now
    }

    package mutating func received(_ text: Span<UInt8>, at now: Instant) -> [WatchAction] {
        // What is no JSON means nothing here.
        guard let value = try? JSONValue.parse(text) else { return [] }
        // What is none of the protocol's messages is a producer's, whose messages may have any type (PROTOCOLS 2-15).
        let message = try? ChannelsServerFrame.decode(text).message.message
        switch (state, message) {
        case (.subscribing, .subscribed(let subscription)?) where isDue(subscription.channel):
            return enter(subscription, at: now)
        case (.subscribing, .error(let error)?) where isRefusal(error): return [.reject(ServiceRejection(error))]
        case (_, .error(let error)?) where isOfServer(error, value):
            return [.remark("the server says \(ServiceRejection(error).description)")]
        case (_, .welcome(let welcome)?) where !isOfProducer(value):
            return [.remark(WatchNews.greeting(welcome.connection, welcome.user))]
        case (_, .subscribed?), (_, .unsubscribed?), (_, .pong?), (_, .status?), (_, .published?), (_, .welcome?),
            (_, nil):
            return isOfProducer(value) ? tell(value, at: now) : []
        default: return tell(value, at: now)
        }
    }

    /// Whether the answer to the subscription of a channel is still to come.
    private func isDue(_ channel: String) -> Bool { places.contains { $0.channel == channel && !$0.isSubscribed } }

    /// Whether a message was published to a channel that is heard, whatever its type: nothing is asked here that the server
    /// would answer with the name of one.
    private func isOfProducer(_ message: JSONValue) -> Bool {
        guard message["type"]?.string != nil, let channel = message["channel"]?.string else { return false }
        return places.contains { $0.isSubscribed && $0.channel == channel }
    }

    /// Whether an error is about the connection, or ends the hearing of a channel.
    private func isOfServer(_ error: ChannelsError, _ value: JSONValue) -> Bool {
        guard isOfProducer(value) else { return error.code != .reportFailed }
        return value["offset"] == nil && [.forbidden, .unauthorized].contains(error.code)
    }

    /// Whether an error is the answer to a subscription, and not what a producer or a report said.
    private func isRefusal(_ error: ChannelsError) -> Bool {
        guard let channel = error.channel else { return error.code != .reportFailed }
        return isDue(channel)
    }

    // MARK: Subscribing

    private mutating func enter(_ subscription: ChannelsSubscription, at now: Instant) -> [WatchAction] {
        guard let index = places.firstIndex(where: { $0.channel == subscription.channel }) else { return [] }
        places[index].isSubscribed = true
        var actions = hasWatched || places[index].position != nil ? gap(index, subscription.answer, at: now) : []
        // What is recovered comes behind the answer: until then the old place stands.
        if subscription.answer?.isRecovered != true { places[index].position = subscription.answer?.position }
        guard places.allSatisfy(\.isSubscribed) else { return actions }
        actions.append(.remark("subscribed \(hasWatched ? "again " : "")to \(names)"))
        state = .watching
        if !hasWatched { rule.began(at: now) }
        hasWatched = true
        return actions
    }

    private var names: String { places.map(\.channel).joined(separator: ", ") }

    /// What is lost of a channel that goes on; nothing where everything is recovered.
    private mutating func gap(_ index: Int, _ answer: TopicAnswer?, at now: Instant) -> [WatchAction] {
        if answer?.isRecovered == true { return [] }
        let place = places[index]
        var fields = [(name: "channel", value: place.channel)]
        if let position = place.position { fields.append(("since", position.text)) }
        let reason =
            switch (place.position, answer?.position) {
            case (_?, _?): "the server no longer has all that was published meanwhile"
            case (_, nil): "the server keeps no history of it, so that what was published meanwhile is lost"
            case (nil, _?): "what was published meanwhile is lost"
            }
        return rule.tell(.gap(fields, reason), at: now)
    }

    // MARK: Watching

    private mutating func tell(_ value: JSONValue, at now: Instant) -> [WatchAction] {
        let channel = value["channel"]?.string
        // A producer may have named another channel than the one it published to.
        let index = places.firstIndex { $0.channel == channel } ?? (places.count == 1 ? 0 : nil)
        if let index, let offset = value["offset"]?.integer.flatMap({ UInt64(exactly: $0) }) {
            places[index].position?.offset = offset
        }
        return rule.tell(WatchNews(value, line: ChannelLine.text(of: value)), at: now)
    }

    package mutating func ended(_ end: ClientEnd, returns: Bool) -> [WatchAction] {
        state = .connecting
        return returns ? [] : rule.ended(end)
    }

    package mutating func tick(at now: Instant) -> [WatchAction] {
        if case .subscribing(let until) = state, now >= until {
            let missing = places.filter { !$0.isSubscribed }.map(\.channel).joined(separator: ", ")
            return [
                .leave(
                    .tryAgain,
                    explanation: ["the server did not answer the subscription to \(missing) within \(timeout.spelled)"])
            ]
        }
        return rule.tick(at: now)
    }
}

/// A message of a channel as a line for people.
package enum ChannelLine {
    /// What a line has in another place than among the fields.
    private static let known = ["type", "channel", "timestamp", "offset", "data"]

    /// `alerts:critical critical_alert {"room":101}`: channel, type, and the data, or whatever else the message has.
    package static func text(of message: JSONValue) -> String {
        var parts = [message["channel"]?.string, message["type"]?.string].compactMap { $0 }
        if let data = message["data"] { parts.append(data.text()) }
        var rest = JSONObject()
        if case .object(let object) = message {
            for member in object.members where !known.contains(member.key) { rest[member.key] = member.value }
        }
        if !rest.members.isEmpty { parts.append(JSONValue.object(rest).text()) }
        return parts.joined(separator: " ")
    }
}

extension ServiceRejection {
    /// Takes an error of channels.
    package init(_ error: ChannelsError) {
        self.init(code: error.code.name, message: error.message, subject: error.channel)
    }
}
