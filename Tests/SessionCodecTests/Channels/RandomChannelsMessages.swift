import SessionBase
import SessionCodec

/// Random messages and calls of channels.
struct RandomChannelsMessages {
    /// Spellings, damage, ids and values come from the same source as those of sync.
    var base: RandomSyncMessages

    init(seed: UInt64) { base = RandomSyncMessages(seed: seed) }

    // MARK: Messages

    mutating func clientMessage() -> Tagged<ChannelsClientMessage> {
        let message: ChannelsClientMessage =
            switch ChannelsClientKind.allCases.randomElement(using: &base.base.random)! {
            case .subscribe: .subscribe(channel: channel(), since: maybe { $0.since() })
            case .unsubscribe: .unsubscribe(channel: channel())
            case .publish: .publish(channel: channel(), event())
            case .ping: .ping
            case .getStatus: .getStatus
            case .subscribeTemplate: .subscribeTemplate(identifier())
            case .cancelReport: .cancelReport(reason: maybe { $0.base.base.text() })
            case .requestUpdate: .requestUpdate
            case .updateInterval:
                .updateInterval(
                    flag() ? 0 : Int64.random(in: ChannelsRequest.intervals, using: &base.base.random),
                    mode: maybe { StreamMode.allCases.randomElement(using: &$0.base.base.random)! })
            case .applyFilter: .applyFilter(filter())
            }
        return Tagged(message, tag: base.base.tag())
    }

    mutating func serverFrame() -> Tagged<ChannelsServerFrame> {
        let kind = ChannelsServerKind.allCases.randomElement(using: &base.base.random)!
        if kind == .other || kind == .systemAlert || kind == .maintenanceNotice {
            return Tagged(ChannelsServerFrame(.event(event(type: kind == .other ? "x" + identifier() : kind.name))))
        }
        var frame = ChannelsServerFrame(serverMessage(kind), timestamp: maybe { $0.base.base.timestamp() })
        if kind != .subscribed, kind != .published { frame.offset = maybe { $0.base.version() } }
        return Tagged(frame, tag: base.base.tag())
    }

    private mutating func serverMessage(_ kind: ChannelsServerKind) -> ChannelsServerMessage {
        switch kind {
        case .welcome:
            .welcome(
                ChannelsWelcome(
                    connection: identifier(), user: maybe { $0.identifier() }, serverTime: base.base.timestamp(),
                    availableChannels: channels()))
        case .subscribed:
            .subscribed(ChannelsSubscription(channel: channel(), isRepeated: flag(), answer: maybe { $0.answer() }))
        case .unsubscribed: .unsubscribed(channel: channel())
        case .pong: .pong
        case .status: .status(status())
        case .reportStatus: .reportStatus(reportStatus(), channel: maybe { $0.channel() })
        case .reportCompleted: .reportCompleted(report: identifier(), completion(), channel: maybe { $0.channel() })
        case .initialData: .initialData(rows())
        case .dataUpdate:
            flag()
                ? .dataUpdate(row(), channel: maybe { $0.channel() })
                : .dataBatch(rows(), channel: maybe { $0.channel() })
        case .health: .health(flag() ? .ok : .draining)
        case .published:
            .published(
                ChannelsPublication(channel: channel(), delivered: count(9999), offset: maybe { $0.base.version() }))
        case .intervalUpdated: .intervalUpdated(Int64(count(9999)), mode: flag() ? .latest : .batch)
        case .error, .systemAlert, .maintenanceNotice, .other: .error(error())
        }
    }

    private mutating func error() -> ChannelsError {
        var error = ChannelsError(
            ChannelsErrorCode.allCases.randomElement(using: &base.base.random)!, message: base.base.text(),
            channel: maybe { $0.channel() })
        error.retryAfterMilliseconds = maybe { Int64($0.count(1000)) }
        return error
    }

    private mutating func status() -> ChannelsConnectionStatus {
        ChannelsConnectionStatus(
            connection: identifier(), user: maybe { $0.identifier() }, channels: channels(),
            connectedAt: base.base.timestamp(), lastActivity: base.base.timestamp(),
            uptimeMilliseconds: Int64(count(1 << 40)), serverTime: base.base.timestamp())
    }

    private mutating func reportStatus() -> ReportStatus {
        ReportStatus(
            report: identifier(), state: state(), progress: count(101), message: maybe { $0.base.base.text() })
    }

    // MARK: Calls

    mutating func call() -> ChannelsCall {
        switch count(10) {
        case 0: .broadcast(broadcast())
        case 1: .sendToUser(identifier(), event())
        case 2: .sendToConnection(identifier(), event())
        case 3: .batch((0..<count(4)).map { _ in .success(broadcast()) })
        case 4:
            .updateReport(
                ReportUpdate(
                    report: identifier(), state: state(), progress: maybe { $0.count(101) },
                    message: maybe { $0.base.base.text() }, owner: maybe { $0.identifier() }, isReset: flag()))
        case 5: .completeReport(identifier(), completion())
        case 6: .getReport(identifier())
        case 7: .pushRows(template: identifier(), rows())
        case 8: .listConnections
        default: .listChannels
        }
    }

    private mutating func broadcast() -> ChannelsBroadcast {
        ChannelsBroadcast(channel: channel(), message: event(), excluded: maybe { $0.identifier() })
    }

    // MARK: Parts

    mutating func channel() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
        return (0...count(ChannelName.segmentsMax)).prefix(ChannelName.segmentsMax).map { place in
            String((0...count(12)).map { _ in place > 0 && base.base.random.chance(0.1) ? "@" : letters[count(65)] })
        }.joined(separator: ":")
    }

    mutating func event(type: String? = nil) -> ProducerMessage {
        var object = JSONObject()
        object["type"] = .string(type ?? identifier())
        object["data"] = base.tree(depth: 3)
        if flag() { object["channel"] = .string(channel()) }
        if flag() { object["timestamp"] = .string(base.base.timestamp().text) }
        return ProducerMessage(JSONFragment(.object(object)))!
    }

    mutating func row() -> StreamRow { StreamRow(base.state())! }

    mutating func filter() -> StreamFilter {
        var object = JSONObject()
        for _ in 0..<count(4) { object[identifier()] = base.tree(depth: 0) }
        return StreamFilter(JSONFragment(.object(object)))!
    }

    private mutating func rows() -> [StreamRow] { (0..<count(4)).map { _ in row() } }

    private mutating func channels() -> [String] { (0..<count(4)).map { _ in channel() } }

    private mutating func completion() -> ReportCompletion {
        ReportCompletion(downloadURL: identifier(), format: identifier(), fileBytes: Int64(count(1 << 40)))
    }

    private mutating func state() -> ReportState { ReportState.allCases.randomElement(using: &base.base.random)! }

    mutating func since() -> TopicSince { flag() ? .now : .position(position()) }

    mutating func answer() -> TopicAnswer {
        flag() ? TopicAnswer(isRecovered: flag()) : TopicAnswer(position: position(), isRecovered: maybe { $0.flag() })
    }

    mutating func position() -> TopicPosition { TopicPosition(epoch: identifier(), offset: base.version()) }

    mutating func identifier() -> String { base.base.identifier() }
    mutating func flag() -> Bool { base.base.random.chance(0.5) }
    mutating func count(_ limit: Int) -> Int { base.count(limit) }

    mutating func maybe<Value>(_ make: (inout RandomChannelsMessages) -> Value) -> Value? { flag() ? make(&self) : nil }
}
