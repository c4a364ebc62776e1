import SessionBase
import SessionClient
import SessionCodec
import SessionIO
import SessionStorage
import Synchronization

/// Asks another service about sessions (PROTOCOLS 4-3, `http`): `POST url {"sessionId":…}` → 200 with the session, or 401 or 404.
///
/// Threads of its own ask, a few at a time; those who want to know the same wait for one answer, which holds for 30 seconds.
/// That the service cannot be had is remembered for nobody.
final class SessionIntrospection: SessionProvider {
    /// How many requests are under way at most.
    private static let threadsMax = 8
    /// How many sessions may be waiting to be asked for; more are refused.
    private static let waitingMax = 10_000
    /// How long one request may take.
    private static let timeout = Duration.seconds(5)
    /// How long a session may wait for its request; whoever waits longer has given up (C2).
    private static let patience = Duration.seconds(5)
    /// A session is a few hundred bytes.
    private static let bodyBytesMax = 65_536

    private struct Question {
        var id: [UInt8]
        var name: String
        var time: Timestamp
        var since: Instant
    }

    private struct State {
        var cache = SessionCache()
        var questions = FIFO<Question>()
        /// Who waits for a session, by its name.
        var waiting: [String: [@Sendable (SessionAnswer) -> Void]] = [:]
        var threads = 0
        var isStopped = false
    }

    private let endpoint: Endpoint
    private let log: Access.LogWriter
    private let health = SessionHealth()
    private let state = Mutex(State())

    /// Prepares to ask; nothing is sent yet.
    init(_ endpoint: Endpoint, log: @escaping Access.LogWriter) {
        self.endpoint = endpoint
        self.log = log
    }

    func find(
        _ id: [UInt8], name: String, at time: Timestamp, then: @escaping @Sendable (SessionAnswer) -> Void
    ) {
        let (answer, needsThread) = state.withLock { state -> (SessionAnswer?, Bool) in
            if let known = state.cache.answer(name, at: time) { return (known, false) }
            guard !state.isStopped, state.waiting[name] != nil || state.waiting.count < Self.waitingMax else {
                return (.unavailable, false)
            }
            state.waiting[name, default: []].append(then)
            guard state.waiting[name]?.count == 1 else { return (nil, false) }
            state.questions.append(Question(id: id, name: name, time: time, since: SystemClock.now()))
            guard state.threads < Self.threadsMax else { return (nil, false) }
            state.threads += 1
            return (nil, true)
        }
        if let answer { return then(answer) }
        if needsThread { startThread() }
    }

    var isDegraded: Bool { health.isDegraded }

    func stop() {
        let waiting = state.withLock { state in
            state.isStopped = true
            state.questions = FIFO()
            defer { state.waiting = [:] }
            return state.waiting.values.flatMap { $0 }
        }
        for then in waiting { then(.unavailable) }
    }

    // MARK: Asking

    private func startThread() {
        do throws(SystemError) {
            let thread = try SystemThread(name: "sessions") { [self] in work() }
            thread.detach()
        } catch {
            log(.error, "cannot look sessions up: \(error)")
            // Where another thread runs it takes the questions; where none does, nobody ever would.
            let isAlone = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            if isAlone { refuseAll() }
        }
    }

    private func refuseAll() {
        while let question = next() { answer(.unavailable, to: question) }
    }

    /// Asks until nobody wants to know anything, on one connection where the service keeps it.
    private func work() {
        var configuration = HTTPConfiguration(endpoint: endpoint)
        configuration.timeout = Self.timeout
        configuration.bodyBytesMax = Self.bodyBytesMax
        let client = HTTPClient(configuration)
        while let question = next(endsThread: true) {
            let isLate = SystemClock.now() - question.since > Self.patience
            answer(isLate ? .unavailable : ask(client, question.id), to: question)
        }
    }

    private func next(endsThread: Bool = false) -> Question? {
        state.withLock { state in
            let question = state.questions.popFirst()
            if question == nil, endsThread { state.threads -= 1 }
            return question
        }
    }

    private func ask(_ client: HTTPClient, _ id: [UInt8]) -> SessionAnswer {
        var json = JSONWriter()
        json.object { json in json.field("sessionId", String(decoding: id, as: UTF8.self)) }
        let fields: HTTPFields = ["Content-Type": "application/json", "Accept": "application/json"]
        let response: HTTPResponse
        do {
            response = try client.send("POST", endpoint.target, fields: fields, body: json.takeBytes())
        } catch {
            return unavailable("\(error)")
        }
        switch response.status.rawValue {
        case 200:
            if let session = LockerSession(response.body) { return .found(session) }
            return unavailable("\(endpoint.httpDescription) answers with something that is no session")
        case 401, 404: return .unknown
        case let status: return unavailable("\(endpoint.httpDescription) answers with status \(status)")
        }
    }

    private func unavailable(_ reason: String) -> SessionAnswer {
        log(.warn, "a session cannot be looked up: \(reason)")
        return .unavailable
    }

    private func answer(_ answer: SessionAnswer, to question: Question) {
        health.note(answer)
        let waiting = state.withLock { state in
            if answer != .unavailable { state.cache.insert(answer, for: question.name, at: question.time) }
            return state.waiting.removeValue(forKey: question.name) ?? []
        }
        for then in waiting { then(answer) }
    }
}
