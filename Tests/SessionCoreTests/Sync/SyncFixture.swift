import SessionBase
import SessionCodec
import SessionCore
import Synchronization

/// A sync machine with a clock and a store of its own, spoken to in owned messages.
///
/// A token is the name of a user, with `@device`, `#session` and `!` for the role admin: `u1@d1!`. Some words are refused.
struct SyncFixture {
    /// What came of an event, in order.
    enum Heard: Equatable {
        case said(ConnectionID, SyncServerMessage, correlation: String? = nil)
        case closed(ConnectionID, CloseCode)
        case moved(ConnectionID, shard: Int)
        case paused(ConnectionID)
        case resumed(ConnectionID)
    }

    var machine: SyncMachine
    /// 2024-01-15T10:30:00Z, one minute after the machine's clock began.
    private(set) var moment = Moment(
        instant: .zero + .seconds(60), timestamp: Timestamp(milliseconds: 1_705_314_600_000))
    /// What the machine has stored.
    var store = MemoryStore()
    /// Whether the machine is checked after every event; that costs as much as there is in it.
    var isChecked = true
    /// Whether calls of the store are answered at once; otherwise they collect in ``calls``.
    var answersStore = true
    /// Whether the store answers nothing but `unavailable`.
    var isStoreDown = false
    private(set) var calls: [StoreCall] = []
    /// Every write that the store was asked for.
    private(set) var writes: [DocumentWrite] = []
    /// The writes that happened.
    private(set) var written: [DocumentWrite] = []
    /// Every read that the store was asked for.
    private(set) var reads: [DocumentKey] = []
    /// The answers to HTTP requests by number.
    private(set) var responses: [UInt64: HTTPResponse] = [:]
    /// The payloads of ADMIN_UPDATE that are for all loops.
    private(set) var news: [JSONValue] = []
    /// The envelope of each message that was heard last, by connection.
    private(set) var envelopes: [ConnectionID: SyncEnvelope] = [:]
    /// Everything that was heard, for messages that came with an earlier event.
    private(set) var log: [Heard] = []
    private var slotCount: UInt32 = 0
    private var requestCount: UInt64 = 0

    init(_ configure: (inout SyncConfiguration) -> Void = { _ in }) {
        var configuration = SyncConfiguration()
        configuration.messageRate = nil
        configure(&configuration)
        machine = SyncMachine(configuration: configuration, entropy: .seeded(1))
    }

    // MARK: Connections

    mutating func open(
        subprotocol: String? = nil, query: [(name: String, value: String)] = [], identity: Identity? = nil,
        device: String? = nil
    ) -> ConnectionID {
        let connection = ConnectionID(slot: slotCount, generation: 7)
        slotCount += 1
        if subprotocol == SyncProtocol.protobuf { binaryConnections.insert(connection) }
        var handshake = Handshake(subprotocol: subprotocol, query: query, identity: identity, deviceID: device)
        handshake.connectionNumber = UInt64(slotCount)
        opened = perform { $0.opened(connection, handshake, at: $1, effects: &$2) }
        return connection
    }

    /// The connections that speak Protobuf.
    private var binaryConnections: Set<ConnectionID> = []

    /// What the last handshake led to.
    private(set) var opened: [Heard] = []

    @discardableResult
    mutating func say(
        _ message: SyncClientMessage, on connection: ConnectionID, envelope: SyncEnvelope = SyncEnvelope()
    ) -> [Heard] {
        let text = SyncClientFrame(message, envelope: envelope).encoded()
        guard binaryConnections.contains(connection) else { return receive(text, on: connection) }
        return receive(text.asProtobuf, .binary, on: connection)
    }

    @discardableResult
    mutating func say(
        _ message: SyncClientMessage, correlation: String, on connection: ConnectionID
    ) -> [Heard] {
        say(message, on: connection, envelope: SyncEnvelope(correlationID: correlation))
    }

    @discardableResult
    mutating func receive(_ text: String, on connection: ConnectionID) -> [Heard] {
        receive([UInt8](text.utf8), on: connection)
    }

    @discardableResult
    mutating func receive(
        _ bytes: [UInt8], _ kind: MessageKind = .text, on connection: ConnectionID
    ) -> [Heard] {
        perform { $0.received(connection, kind, bytes.span, at: $1, effects: &$2) }
    }

    /// Opens a connection and authenticates it; what was heard is in ``welcomed``.
    mutating func join(
        _ token: String, device: String? = "d1", session: String? = nil, type: SyncDeviceType? = nil,
        resume: SyncAuthentication.Resume? = nil
    ) -> ConnectionID {
        let connection = open()
        welcomed = authenticate(
            token, device: device, session: session, type: type, resume: resume, on: connection)
        return connection
    }

    /// What the last ``join(_:device:session:type:resume:)`` led to.
    private(set) var welcomed: [Heard] = []

    @discardableResult
    mutating func authenticate(
        _ token: String?, device: String? = "d1", session: String? = nil, type: SyncDeviceType? = nil,
        resume: SyncAuthentication.Resume? = nil, on connection: ConnectionID
    ) -> [Heard] {
        let authentication = SyncAuthentication(token: token, deviceID: device, deviceType: type, resume: resume)
        return say(.auth(authentication), on: connection, envelope: SyncEnvelope(sessionID: session))
    }

    mutating func pong(on connection: ConnectionID) { machine.heard(connection, at: moment) }

    @discardableResult
    mutating func close(_ connection: ConnectionID, cleanly: Bool = true) -> [Heard] {
        perform { $0.closed(connection, cleanly: cleanly, at: $1, effects: &$2) }
    }

    // MARK: HTTP

    /// Sends a request as a user, which is answered at once.
    @discardableResult
    mutating func request(_ call: SyncCall, as token: String = "u1") -> HTTPResponse {
        let number = post(call, as: token)
        guard let response = responses[number] else { preconditionFailure("\(call.name) is not answered") }
        return response
    }

    /// Sends a request whose answer may come later.
    mutating func post(_ call: SyncCall, as token: String = "u1") -> UInt64 {
        requestCount += 1
        let number = requestCount
        let identity = Identity(token: token)
        perform {
            $0.requested(RequestTicket(loop: 3, number: number), call, by: identity, at: $1, effects: &$2)
        }
        return number
    }

    // MARK: Time and the store

    /// Lets time pass, with every tick that is due on the way.
    @discardableResult
    mutating func wait(_ duration: Duration) -> [Heard] {
        let end = moment.instant + duration
        var heard: [Heard] = []
        while let deadline = machine.deadline, deadline <= end {
            advance(to: deadline)
            heard += perform { $0.tick(at: $1, effects: &$2) }
        }
        advance(to: end)
        return heard
    }

    private mutating func advance(to instant: Instant) {
        guard instant > moment.instant else { return }
        moment.timestamp.milliseconds += (instant - moment.instant).milliseconds
        moment.instant = instant
    }

    /// Answers the calls that wait, those included that come of it.
    @discardableResult
    mutating func answerStore() -> [Heard] {
        var heard: [Heard] = []
        while !calls.isEmpty { heard += answerCall(at: 0) }
        return heard
    }

    /// Answers one call that waits.
    @discardableResult
    mutating func answerCall(at place: Int) -> [Heard] {
        let call = calls.remove(at: place)
        let reply = isStoreDown ? .unavailable("down") : store.handle(call.request, at: moment.timestamp)
        if case .write(let write) = call.request, reply == .written { written.append(write) }
        return perform { $0.replied(call.ticket, reply, at: $1, effects: &$2) }
    }

    /// Does something with the machine, and what it asks of the store where that answers at once.
    @discardableResult
    mutating func perform(_ body: (inout SyncMachine, Moment, inout Effects) -> Void) -> [Heard] {
        var effects = Effects()
        body(&machine, moment, &effects)
        if isChecked { machine.checkInvariants() }
        var heard = effects.list.flatMap { carryOut($0, in: effects) }
        log += heard
        for verdict in verdicts { heard += verify(verdict) }
        if answersStore { heard += answerStore() }
        return heard
    }

    private var verdicts: [(ConnectionID, String)] = []

    private mutating func verify(_ verdict: (connection: ConnectionID, token: String)) -> [Heard] {
        verdicts.removeAll { $0 == verdict }
        return perform {
            // In open mode the driver takes a token that does not verify for none.
            let isIgnored = $0.configuration.isOpen && verdict.token == "invalid"
            let answer = isIgnored ? .granted(.assumed) : AccessVerdict(token: verdict.token)
            $0.authenticated(verdict.connection, answer, at: $1, effects: &$2)
        }
    }

    private mutating func carryOut(_ effect: Effect, in effects: Effects) -> [Heard] {
        switch effect {
        case .send(let message, let connection): return [decoded(message, to: connection, in: effects)]
        case .publish(let message, let audience):
            return effects.members[audience.range].map { decoded(message, to: $0, in: effects) }
        case .close(let connection, let code): return [.closed(connection, code)]
        case .move(let connection, let shard): return [.moved(connection, shard: shard)]
        case .pause(let connection): return [.paused(connection)]
        case .resume(let connection): return [.resumed(connection)]
        case .authenticate(let connection, let token):
            verdicts.append((connection, String(decoding: effects.bytes[token.range], as: UTF8.self)))
        case .store(let index):
            let (ticket, request) = effects.requests[index]
            if case .write(let write) = request { writes.append(write) }
            if case .read(let key, _) = request { reads.append(key) }
            calls.append(StoreCall(ticket: ticket, request: request, time: moment.timestamp))
        case .respond(let ticket, let index):
            precondition(ticket.loop == 3, "a request is answered on another loop")
            precondition(responses[ticket.number] == nil, "a request is answered twice")
            responses[ticket.number] = effects.responses[index]
        case .inform(let payload):
            guard let value = try? JSONValue.parse(effects.bytes.span.extracting(payload.range)) else {
                preconditionFailure("the machine informs of what is no JSON")
            }
            news.append(value)
        case .join, .leave, .multicast, .post, .hook, .backend: preconditionFailure("sync has no groups")
        }
        return []
    }

    private mutating func decoded(
        _ message: EncodedMessage, to connection: ConnectionID, in effects: Effects
    ) -> Heard {
        var bytes = Array(effects.bytes[message.range])
        precondition(message.isBinary == binaryConnections.contains(connection), "a message is in the other codec")
        if message.isBinary { bytes = bytes.asJSON }
        guard let frame = try? SyncServerFrame.decode(bytes.span).message else {
            preconditionFailure("the machine sent what no client understands")
        }
        envelopes[connection] = frame.envelope
        return .said(connection, frame.message, correlation: frame.envelope.correlationID)
    }
}

extension [SyncFixture.Heard] {
    /// What is said and closed, without pauses.
    var spoken: [SyncFixture.Heard] {
        filter { heard in
            switch heard {
            case .paused, .resumed: false
            case .said, .closed, .moved: true
            }
        }
    }

    /// What one connection hears.
    func messages(to connection: ConnectionID) -> [SyncServerMessage] {
        compactMap { if case .said(connection, let message, _) = $0 { message } else { nil } }
    }

    /// The AUTH_SUCCESS among them.
    var welcome: SyncWelcome? {
        for case .said(_, .authSuccess(let welcome), _) in self { return welcome }
        return nil
    }

    /// The codes of the errors among them.
    var errors: [SyncErrorCode] {
        compactMap { if case .said(_, .error(let code, _, _), _) = $0 { code } else { nil } }
    }

    /// The codes of the failed AUTHs among them.
    var authFailures: [SyncAuthFailureCode] {
        compactMap { if case .said(_, .authFailure(let code, _), _) = $0 { code } else { nil } }
    }

    /// The codes with which connections are closed.
    var closes: [CloseCode] { compactMap { if case .closed(_, let code) = $0 { code } else { nil } } }
}

extension [UInt8] {
    /// A message in JSON as Protobuf.
    fileprivate var asProtobuf: [UInt8] {
        var bytes: [UInt8] = []
        do { try SyncProtobuf.append(json: span, to: &bytes) } catch { preconditionFailure("\(error)") }
        return bytes
    }

    /// A message in Protobuf as JSON.
    fileprivate var asJSON: [UInt8] {
        var bytes: [UInt8] = []
        do { try SyncProtobuf.appendJSON(span, to: &bytes) } catch { preconditionFailure("\(error)") }
        return bytes
    }
}

extension HTTPResponse {
    /// The body as JSON.
    var json: JSONValue {
        guard let value = try? JSONValue.parse(body.span) else { return .null }
        return value
    }

    /// The `error` of the body.
    var code: String? { json["error"]?.string }
}

extension Entropy {
    /// The bytes that follow from a seed.
    static func seeded(_ seed: UInt64) -> Entropy {
        let random = Mutex(SeededRandom(seed: seed))
        return Entropy { count in
            random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
    }
}

extension Identity {
    /// Reads the notation of a fixture's token.
    init(token: String) {
        if token == "nobody" {
            self = .assumed
            return
        }
        let name = token.prefix { $0 != "@" && $0 != "#" && $0 != "!" }
        self.init(user: String(name))
        func part(after mark: Character) -> String? {
            guard let start = token.firstIndex(of: mark) else { return nil }
            return String(token[token.index(after: start)...].prefix { $0 != "@" && $0 != "#" && $0 != "!" })
        }
        device = part(after: "@")
        session = part(after: "#")
        tokenID = "jti-\(token)"
        roles = token.contains("!") ? ["admin"] : []
    }
}

extension AccessVerdict {
    /// What becomes of a fixture's token.
    init(token: String) {
        switch token {
        case "invalid": self = .refused(.invalid, "no signature")
        case "expired": self = .refused(.expired, "its time is over")
        case "revoked": self = .refused(.revoked, "it was withdrawn")
        default:
            var identity = Identity(token: token)
            // As far away as a time can be written, which is how some issuers say "never".
            if token.hasPrefix("eternal") { identity.expiresAt = Timestamp(milliseconds: 253_402_300_799_000) }
            if token.hasPrefix("brief") {
                identity.issuedAt = Timestamp(milliseconds: 1_705_314_600_000)
                identity.expiresAt = Timestamp(milliseconds: 1_705_314_660_000)
            }
            self = .granted(identity)
        }
    }
}
