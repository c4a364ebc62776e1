package import SessionBase

extension ChannelsServerMessage {
    /// Appends the message as the server sends it, without white space.
    ///
    /// - Parameters:
    ///   - timestamp: The time that every frame carries (2-2); what producers send keeps its own where it has one.
    ///   - tag: What the client wants to know the reply by.
    /// - Complexity: O(n); no allocation but the buffer's growth.
    package func encode(at timestamp: Timestamp, tag: MessageTag? = nil, to output: inout [UInt8]) {
        ChannelsServerFrame(self, timestamp: timestamp).encode(tag: tag, to: &output)
    }
}

extension ChannelsServerFrame {
    package func encode(tag: MessageTag?, to output: inout [UInt8]) {
        if case .event(let message) = message {
            if let timestamp {
                message.append(channel: nil, at: timestamp, to: &output)
            } else {
                output.append(copying: message.fragment.bytes.span)
            }
            output.removeLast()
        } else {
            output.append(literal: #"{"type":""#)
            output.append(literal: kind.spelling)
            output.append(UInt8(ascii: "\""))
            message.appendFields(to: &output)
            if let timestamp { output.appendMember(#","timestamp":"#, timestamp) }
        }
        if let offset {
            output.append(literal: #","offset":"#)
            output.appendDecimal(offset)
        }
        output.appendTagMember(tag)
        output.append(UInt8(ascii: "}"))
    }
}

extension ChannelsServerMessage {
    /// Appends the fields between `type` and `timestamp`.
    fileprivate func appendFields(to output: inout [UInt8]) {
        switch self {
        case .welcome(let welcome): welcome.append(to: &output)
        case .subscribed(let subscription): subscription.append(to: &output)
        case .unsubscribed(let channel): output.appendMember(#","channel":"#, channel)
        case .pong, .event: break
        case .status(let status): status.append(to: &output)
        case .reportStatus(let status, let channel):
            output.append(literal: #","data":"#)
            status.append(to: &output)
            Self.append(channel, to: &output)
        case .reportCompleted(let report, let completion, let channel):
            output.append(literal: #","data":"#)
            completion.append(report: report, to: &output)
            Self.append(channel, to: &output)
        case .initialData(let rows): Self.append(rows, to: &output)
        case .dataUpdate(let row, let channel):
            output.append(literal: #","data":"#)
            output.append(copying: row.fragment.bytes.span)
            Self.append(channel, to: &output)
        case .dataBatch(let rows, let channel):
            Self.append(rows, to: &output)
            Self.append(channel, to: &output)
        case .error(let error): error.append(to: &output)
        case .health(let health): output.appendMember(#","status":"#, health.rawValue)
        case .published(let publication): publication.append(to: &output)
        case .intervalUpdated(let interval, let mode):
            output.append(literal: #","data":{"interval":"#)
            output.appendDecimal(interval)
            output.appendMember(#","mode":"#, mode.rawValue)
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ channel: String?, to output: inout [UInt8]) {
        if let channel { output.appendMember(#","channel":"#, channel) }
    }

    private static func append(_ rows: [StreamRow], to output: inout [UInt8]) {
        output.append(literal: #","data":["#)
        for (place, row) in rows.enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            output.append(copying: row.fragment.bytes.span)
        }
        output.append(UInt8(ascii: "]"))
    }
}

extension ChannelsWelcome {
    fileprivate func append(to output: inout [UInt8]) {
        output.appendMember(#","data":{"connectionId":"#, connection)
        if let user { output.appendMember(#","userId":"#, user) }
        output.appendMember(#","serverTime":"#, serverTime)
        output.appendMember(#","availableChannels":"#, availableChannels)
        output.append(UInt8(ascii: "}"))
    }
}

extension ChannelsSubscription {
    fileprivate func append(to output: inout [UInt8]) {
        output.appendMember(#","channel":"#, channel)
        if isRepeated { output.append(literal: #","already":true"#) }
        if let answer { answer.append(to: &output) }
    }
}

extension ChannelsConnectionStatus {
    fileprivate func append(to output: inout [UInt8]) {
        output.appendMember(#","data":{"connectionId":"#, connection)
        if let user { output.appendMember(#","userId":"#, user) }
        output.appendMember(#","channels":"#, channels)
        output.appendMember(#","connectedAt":"#, connectedAt)
        output.appendMember(#","lastActivity":"#, lastActivity)
        output.append(literal: #","uptimeMs":"#)
        output.appendDecimal(uptimeMilliseconds)
        output.appendMember(#","serverTime":"#, serverTime)
        output.append(UInt8(ascii: "}"))
    }
}

extension ChannelsError {
    fileprivate func append(to output: inout [UInt8]) {
        output.append(literal: #","code":""#)
        output.append(literal: code.spelling)
        output.appendMember(#"","message":"#, message)
        if let channel { output.appendMember(#","channel":"#, channel) }
        if let retryAfterMilliseconds {
            output.append(literal: #","retry_after_ms":"#)
            output.appendDecimal(retryAfterMilliseconds)
        }
    }
}

extension ChannelsPublication {
    fileprivate func append(to output: inout [UInt8]) {
        output.appendMember(#","channel":"#, channel)
        output.append(literal: #","delivered":"#)
        output.appendDecimal(delivered)
        if let offset {
            output.append(literal: #","offset":"#)
            output.appendDecimal(offset)
        }
    }
}
