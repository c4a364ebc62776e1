import SessionBase
import SessionCodec

/// Devices that connect, authenticate, and send heartbeats and ask for the list of devices; without a rate they only stay.
struct DevicesWorkload: OpenedConversation, ~Copyable {
    /// A request on its way.
    private struct Request {
        var flight: Flight
        var number: UInt64
        var isList: Bool
    }

    private let roster: SyncRoster
    var opening: SyncGreeting
    private let messages: DeviceMessages
    private let isChecking: Bool
    private let listRatio: Double
    private var random: SeededRandom
    private var queues: [RequestQueue<Request>]
    private var numbers: [UInt64]
    private(set) var underWay = 0

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        roster = SyncRoster(share, load)
        opening = SyncGreeting(roster, try SyncCredentials(load, roster))
        messages = DeviceMessages([.heartbeat(clientTime: nil), .deviceList], share)
        isChecking = share.plan.isChecking
        listRatio = load.listRatio
        random = SeededRandom(seed: share.plan.seed ^ UInt64(share.index) &* 0xD6E8_FEB8_6659_FD93)
        queues = Array(repeating: RequestQueue(), count: roster.devices)
        numbers = Array(repeating: 0, count: roster.devices)
    }

    var requestBytesMax: Int { messages.frameBytesMax }

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        let isList = Double(random.next() >> 11) * 0x1p-53 < listRatio
        numbers[connection] += 1
        let number = numbers[connection]
        let copy = messages.append(isList ? 1 : 0, number: number, to: &desk.frames)
        desk.send(to: connection, from: copy.start)
        queues[connection].append(Request(flight: flight, number: number, isList: isList))
        underWay += 1
    }

    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let news = SyncNews.read(message), let number = news.correlation else {
            return recorder.count { $0.pushed &+= 1 }
        }
        // Answers come in order, so one to a later request leaves those before it without any.
        while let oldest = queues[connection].oldest, oldest.number < number {
            lose(one: connection, &desk, &recorder)
        }
        guard let request = queues[connection].oldest, request.number == number else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        _ = queues[connection].removeFirst()
        underWay -= 1
        desk.finish(connection)
        if let fault = judge(request, news, message, on: connection) { return recorder.refused(request.flight, fault) }
        recorder.received(request.flight, at: desk.now)
        recorder.part(request.isList ? 1 : 0, of: request.flight, at: desk.now)
    }

    /// What is wrong with an answer; `nil` where it is right.
    private func judge(
        _ request: Request, _ news: SyncNews, _ message: Span<UInt8>, on connection: Int
    ) -> String? {
        if let code = news.code { return String(code.string(in: message).prefix(64)) }
        guard news.kind == (request.isList ? .deviceList : .heartbeatAck) else { return "no answer to that" }
        guard isChecking, request.isList else { return nil }
        let devices = roster.devices(of: roster.session(ofDevice: connection)).count
        return (news.count ?? 0) >= UInt64(devices) ? nil : "devices are missing in the list"
    }

    private mutating func lose(one connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        guard let request = queues[connection].removeFirst() else { return }
        underWay -= 1
        desk.finish(connection)
        recorder.lost(request.flight)
    }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        while queues[connection].count > 0 { lose(one: connection, &desk, &recorder) }
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        for connection in queues.indices {
            while let oldest = queues[connection].oldest, oldest.flight.sent < limit {
                lose(one: connection, &desk, &recorder)
            }
        }
    }
}
