import SessionBase

/// What a client of channels says (PROTOCOLS §4.3).
package enum ChannelsClientMessage: Equatable, Sendable {
    /// Wants to hear a channel, with the position of every message where `since` is given (EXT).
    case subscribe(channel: String, since: TopicSince? = nil)
    /// Wants to hear a channel no more.
    case unsubscribe(channel: String)
    /// Tells a channel something (EXT, 2-13).
    case publish(channel: String, ProducerMessage)
    /// Asks for a `pong`.
    case ping
    /// Asks what the server knows of the connection.
    case getStatus
    /// Wants to hear the rows of a template too.
    case subscribeTemplate(String)
    /// Wants the report's generation to end.
    case cancelReport(reason: String? = nil)
    /// Asks where the report stands.
    case requestUpdate
    /// Says how often rows are wanted, in milliseconds; 0 for each at once.
    case updateInterval(Int64, mode: StreamMode? = nil)
    /// Says which rows are wanted.
    case applyFilter(StreamFilter)

    /// The type on the wire.
    package var kind: ChannelsClientKind {
        switch self {
        case .subscribe: .subscribe
        case .unsubscribe: .unsubscribe
        case .publish: .publish
        case .ping: .ping
        case .getStatus: .getStatus
        case .subscribeTemplate: .subscribeTemplate
        case .cancelReport: .cancelReport
        case .requestUpdate: .requestUpdate
        case .updateInterval: .updateInterval
        case .applyFilter: .applyFilter
        }
    }
}

/// What becomes of the rows of an interval (PROTOCOLS 2-25); the raw value is the spelling.
package enum StreamMode: String, CaseIterable, Hashable, Sendable {
    /// Only the newest is sent.
    case latest
    /// All are sent, as one array (EXT).
    case batch
}

extension ChannelsClientMessage: WireMessage {
    package static func decode(_ text: Span<UInt8>) throws(WireError) -> Tagged<ChannelsClientMessage> {
        do {
            let request = try ChannelsRequest.decode(text)
            return Tagged(try request.clientMessage(in: text), tag: request.tag(in: text))
        } catch {
            throw WireError(error)
        }
    }

    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        output.append(literal: #"{"type":""#)
        output.append(literal: kind.spelling)
        output.append(UInt8(ascii: "\""))
        appendFields(to: &output)
        output.appendTagMember(tag)
        output.append(UInt8(ascii: "}"))
    }

    private func appendFields(to output: inout [UInt8]) {
        switch self {
        case .subscribe(let channel, let since):
            output.appendMember(#","channel":"#, channel)
            if let since { since.appendMember(to: &output) }
        case .unsubscribe(let channel): output.appendMember(#","channel":"#, channel)
        case .publish(let channel, let message):
            output.appendMember(#","channel":"#, channel)
            output.append(literal: #","message":"#)
            output.append(copying: message.fragment.bytes.span)
        case .ping, .getStatus, .requestUpdate: break
        case .subscribeTemplate(let template): output.appendMember(#","templateId":"#, template)
        case .cancelReport(let reason): if let reason { output.appendMember(#","reason":"#, reason) }
        case .updateInterval(let interval, let mode):
            output.append(literal: #","interval":"#)
            output.appendDecimal(interval)
            if let mode { output.appendMember(#","mode":"#, mode.rawValue) }
        case .applyFilter(let filter):
            output.append(literal: #","filter":"#)
            output.append(copying: filter.fragment.bytes.span)
        }
    }
}

extension ChannelsRequest {
    /// The message, strings and values copied.
    fileprivate func clientMessage(in bytes: Span<UInt8>) throws(ChannelsRefusal) -> ChannelsClientMessage {
        switch kind {
        case .subscribe: .subscribe(channel: channel(in: bytes), since: since(in: bytes))
        case .unsubscribe: .unsubscribe(channel: channel(in: bytes))
        case .publish: .publish(channel: channel(in: bytes), try message(in: bytes))
        case .ping: .ping
        case .getStatus: .getStatus
        case .subscribeTemplate: .subscribeTemplate(template(in: bytes))
        case .cancelReport: .cancelReport(reason: reason(in: bytes))
        case .requestUpdate: .requestUpdate
        case .updateInterval: .updateInterval(interval(in: bytes), mode: mode(in: bytes))
        case .applyFilter: .applyFilter(filter(in: bytes))
        }
    }
}

extension WireError {
    /// The same refusal in the words of tools.
    fileprivate init(_ refusal: ChannelsRefusal) {
        switch refusal.code {
        case .invalidJSON: self = .notJSON(refusal.problem ?? JSONError(offset: 0, expected: .value))
        case .unknownType: self = .unknownType(refusal.type ?? "")
        case .invalidChannel: self = .invalidField("channel")
        case .invalidInterval: self = .invalidField("interval")
        case .invalidFilter: self = .invalidField("filter")
        default: self = refusal.field.map { $0 == "type" ? .notAMessage : .invalidField($0) } ?? .notAMessage
        }
    }
}
