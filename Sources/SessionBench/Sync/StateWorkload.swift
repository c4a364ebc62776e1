import SessionBase
import SessionCodec
import SessionIO

/// Devices that change a key of their session: each change is acknowledged to its sender and told to the session's others.
///
/// A change's value says whose it is, the how manieth, and when it was to leave and did, so that whoever hears of it knows
/// how long it took, and what is missing:
///
///     LLLLLLLL NNNNNNNNNNNNNNNN IIIIIIIIIIIIIIII SSSSSSSSSSSSSSSS fill…
///     sender   number           planned, ns      sent, ns         (without the spaces)
///
/// Versions must rise from one message to the next on each device.
struct StateWorkload: OpenedConversation, ~Copyable {
    /// The places of the two parts among the operations.
    private enum Part { static let (ack, arrival) = (0, 1) }

    /// A change that waits for its acknowledgement.
    private struct Request {
        var flight: Flight
        var number: UInt64
    }

    private let roster: SyncRoster
    var opening: SyncGreeting
    private let messages: DeviceMessages
    /// What the times in values count from.
    private let epoch: Instant
    private var queues: [RequestQueue<Request>]
    private var numbers: [UInt64]
    private var deliveries: DeliveryBook
    private var acknowledgements = 0

    /// Prepares a share of a run.
    init(_ share: WorkerShare, _ load: SyncLoad) throws {
        roster = SyncRoster(share, load)
        opening = SyncGreeting(roster, try SyncCredentials(load, roster))
        let fill = SyncState(bytes: load.stateBytes, seed: share.plan.seed).filling
        let filling = String(decoding: fill.prefix(max(0, load.stateBytes - Self.digits.utf8.count)), as: UTF8.self)
        let update = SyncStateUpdate(
            key: "bench", operation: .set, value: JSONFragment(.string(Self.digits + filling)))
        messages = DeviceMessages([.stateUpdate(update)], valueDigits: Self.digits, share)
        epoch = SystemClock.now()
        queues = Array(repeating: RequestQueue(), count: roster.devices)
        numbers = Array(repeating: 0, count: roster.devices)
        deliveries = DeliveryBook(roster)
    }

    /// Seven times eight digits.
    private static let digits = String(repeating: "8", count: 56)

    var requestBytesMax: Int { messages.frameBytesMax }
    var underWay: Int { acknowledgements + deliveries.owed }

    mutating func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        let answer = opening.greeted(by: message, kind: kind, on: connection)
        if case .welcome = answer { deliveries.join(connection) }
        return answer
    }

    // MARK: Changes

    mutating func begin(_ flight: Flight, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        numbers[connection] += 1
        let number = numbers[connection]
        let copy = messages.append(0, number: number, to: &desk.frames)
        messages.setValue(UInt64(connection), at: 0, in: copy, of: &desk.frames)
        let times = [number, time(flight.intended), time(flight.sent)]
        for (place, value) in times.enumerated() {
            messages.setValue(value / DigitWord.limit, at: 1 + 2 * place, in: copy, of: &desk.frames)
            messages.setValue(value % DigitWord.limit, at: 2 + 2 * place, in: copy, of: &desk.frames)
        }
        desk.send(to: connection, from: copy.start)
        queues[connection].append(Request(flight: flight, number: number))
        acknowledgements += 1
        deliveries.owe(number, from: connection)
    }

    private func time(_ instant: Instant) -> UInt64 { UInt64(max(0, instant.nanoseconds - epoch.nanoseconds)) }

    mutating func hear(
        _ message: Span<UInt8>, kind: MessageKind, on connection: Int, _ desk: inout Desk, _ recorder: inout Recorder
    ) {
        guard let news = SyncNews.read(message) else { return recorder.count { $0.wrong &+= 1 } }
        if let number = news.correlation {
            acknowledge(number, news, message, on: connection, &desk, &recorder)
        } else if news.kind == .stateUpdate {
            arrive(news, message, on: connection, desk.now, &recorder)
        } else {
            recorder.count { $0.pushed &+= 1 }
        }
    }

    // MARK: Acknowledgements

    private mutating func acknowledge(
        _ number: UInt64, _ news: SyncNews, _ message: Span<UInt8>, on connection: Int, _ desk: inout Desk,
        _ recorder: inout Recorder
    ) {
        // Answers come in order, so one to a later change leaves those before it without any.
        while let oldest = queues[connection].oldest, oldest.number < number {
            lose(one: connection, &desk, &recorder)
        }
        guard let request = queues[connection].oldest, request.number == number else {
            return recorder.count { $0.duplicated &+= 1 }
        }
        _ = queues[connection].removeFirst()
        acknowledgements -= 1
        desk.finish(connection)
        if news.kind == .stateUpdate, let version = news.version {
            guard deliveries.raise(version, on: connection) else {
                return recorder.refused(request.flight, "version not higher")
            }
            recorder.received(request.flight, at: desk.now)
            recorder.part(Part.ack, of: request.flight, at: desk.now)
        } else {
            // What is refused reaches nobody.
            deliveries.forgive(number, from: connection)
            recorder.refused(request.flight, news.code.map { String($0.string(in: message).prefix(64)) } ?? "no answer")
        }
    }

    // MARK: Arrivals

    private mutating func arrive(
        _ news: SyncNews, _ message: Span<UInt8>, on connection: Int, _ now: Instant, _ recorder: inout Recorder
    ) {
        guard let value = news.value, !value.hasEscapes, value.count >= Self.digits.utf8.count,
            let sender = message.decimal(in: value.start..<value.start + 8),
            let number = message.decimal(in: value.start + 8..<value.start + 24),
            let intended = message.decimal(in: value.start + 24..<value.start + 40),
            let sent = message.decimal(in: value.start + 40..<value.start + 56)
        else { return recorder.count { $0.wrong &+= 1 } }
        let flight = Flight(
            intended: epoch + .nanoseconds(Int64(intended)), sent: epoch + .nanoseconds(Int64(sent)))
        let isCounted = recorder.counts(flight.intended)
        switch deliveries.arrive(number, from: Int(sender), at: connection) {
        case .afterTheEnd: recorder.count { $0.pushed &+= 1 }
        case .foreign: recorder.refused(flight, "another session's change")
        case .again: if isCounted { recorder.count { $0.redelivered &+= 1 } }
        case .late:
            if isCounted { recorder.count { $0.misordered &+= 1 } }
            deliver(flight, now, &recorder)
        case .next:
            let isHigher = news.version.map { deliveries.raise($0, on: connection) } ?? false
            if !isHigher, isCounted { recorder.count { $0.misordered &+= 1 } }
            deliver(flight, now, &recorder)
        }
    }

    private func deliver(_ flight: Flight, _ now: Instant, _ recorder: inout Recorder) {
        guard recorder.counts(flight.intended) else { return }
        recorder.count { $0.delivered &+= 1 }
        recorder.part(Part.arrival, of: flight, at: now)
    }

    // MARK: Losses

    private mutating func lose(one connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        guard let request = queues[connection].removeFirst() else { return }
        acknowledgements -= 1
        desk.finish(connection)
        recorder.lost(request.flight)
    }

    mutating func lose(_ connection: Int, _ desk: inout Desk, _ recorder: inout Recorder) {
        while let request = queues[connection].oldest {
            // Nobody knows whether it was done.
            deliveries.forgive(request.number, from: connection)
            lose(one: connection, &desk, &recorder)
        }
        let missing = deliveries.leave(connection)
        recorder.count { $0.undelivered &+= UInt64(missing) }
    }

    mutating func expire(before limit: Instant, _ desk: inout Desk, _ recorder: inout Recorder) {
        for connection in queues.indices {
            while let oldest = queues[connection].oldest, oldest.flight.sent < limit {
                lose(one: connection, &desk, &recorder)
            }
        }
    }
}
