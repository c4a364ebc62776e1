import SessionBase
import SessionCodec

/// The sessions of one worker: who asks about them, what was last acknowledged in each, and how they are prepared before the
/// load, so that every one of them has a state.
struct SyncSessions: ConversationOpening {
    /// What is known of a session.
    struct Record {
        /// The highest version that was acknowledged.
        var version: UInt64 = 0
        /// The write whose version that is.
        var acknowledgedWrite: UInt64 = 0
        /// The last write that was begun.
        var write: UInt64 = 0
    }

    let roster: SyncRoster
    let state: SyncState
    let credentials: SyncCredentials
    private let greeting: SyncGreeting
    private let put: RequestTemplate
    /// How many writes prepare a session.
    private let preparations: Int
    private(set) var records: [Record]
    /// The session that each writer prepares, and how often it has; `nil` once it is done.
    private var preparing: [(session: Int, done: Int)?]

    /// Prepares a share of a run.
    ///
    /// - Parameter preparations: How many writes each session begins with.
    /// - Throws: Where tokens cannot be signed.
    init(_ share: WorkerShare, _ load: SyncLoad, preparations: Int = 1) throws {
        roster = SyncRoster(share, load)
        state = SyncState(bytes: load.stateBytes, seed: share.plan.seed)
        credentials = try SyncCredentials(load, roster)
        greeting = SyncGreeting(roster, credentials)
        put = Self.put(roster, state, share.plan.authority)
        self.preparations = preparations
        records = Array(repeating: Record(), count: roster.sessions)
        preparing = Array(repeating: nil, count: roster.writers)
    }

    private static func put(_ roster: SyncRoster, _ state: SyncState, _ authority: String) -> RequestTemplate {
        let digits = RequestTemplate.Slot.session.placeholder
        let body =
            #"{"session_id":"\#(roster.sessionID(digits))","user_id":"\#(roster.user(digits))","#
            + #""app_version":"bench","state_data":\#(state.text)}"#
        return RequestTemplate("POST /session/snapshot", authority: authority, body: body)
    }

    /// The longest put.
    var putBytesMax: Int { put.count + credentials.bytesMax }

    // MARK: Writes

    /// Appends a put of a session's next state.
    ///
    /// - Returns: The write's number.
    mutating func appendPut(of session: Int, to link: Int, _ desk: inout Desk) -> UInt64 {
        records[session].write += 1
        let write = records[session].write
        let copy = put.append(to: &desk.frames, credential: credentials.line(of: session))
        put.set(.session, roster.number(ofSession: session), in: copy, of: &desk.frames)
        put.set(.mark, write, in: copy, of: &desk.frames)
        desk.send(to: link, from: copy.start)
        return write
    }

    /// Numbers a write that another request makes.
    mutating func beginWrite(of session: Int) -> UInt64 {
        records[session].write += 1
        return records[session].write
    }

    /// Notes an acknowledged version.
    mutating func acknowledge(_ version: UInt64, write: UInt64, of session: Int) {
        guard version > records[session].version else { return }
        records[session].version = version
        records[session].acknowledgedWrite = write
    }

    /// The version that an answer must not fall below: where a session has one writer, whose answers come in order, the
    /// highest that was acknowledged; otherwise the highest that was when the request left.
    ///
    /// - Parameter departure: The highest version acknowledged when the request left.
    func floor(of session: Int, departure: UInt64) -> UInt64 {
        roster.sessions < roster.writers ? departure : records[session].version
    }

    /// The version of a write that was acknowledged as it must be; otherwise what is wrong.
    ///
    /// - Parameter floor: The version that it must be higher than.
    func check(
        _ reply: HTTPReply, _ answer: SyncAnswer?, floor: UInt64
    ) -> Result<UInt64, SyncFault> {
        guard reply.isSuccess, let version = answer?.version else { return .failure(.refused) }
        return version > floor ? .success(version) : .failure(.versionNotHigher)
    }

    // MARK: Preparation

    var subprotocols: [String] { greeting.subprotocols }

    func greeting(of connection: Int) -> [Greeting]? { greeting.greeting(of: connection) }

    func greeted(by message: Span<UInt8>, kind: MessageKind, on connection: Int) -> GreetingAnswer {
        greeting.greeted(by: message, kind: kind, on: connection)
    }

    /// Begins to prepare the sessions of a writer.
    ///
    /// - Returns: Whether it has any.
    mutating func introduce(_ link: Int, _ desk: inout Desk) -> Bool {
        let writer = link - roster.devices
        guard writer < roster.sessions else { return false }
        preparing[writer] = (writer, 0)
        _ = appendPut(of: writer, to: link, &desk)
        return true
    }

    /// Takes the answer to a write that prepares, and goes on with the next.
    mutating func introduced(
        by reply: HTTPReply, _ bytes: Span<UInt8>, on link: Int, _ desk: inout Desk
    ) -> GreetingAnswer {
        let writer = link - roster.devices
        guard var (session, done) = preparing[writer] else { return .other }
        let answer = SyncAnswer.read(bytes.extracting(reply.body))
        guard reply.isSuccess, let version = answer?.version else {
            let words = SyncFault.words(reply, answer, bytes)
            return .refusal("the server refused a snapshot: \(words)\(credentials.advice)")
        }
        acknowledge(version, write: records[session].write, of: session)
        done += 1
        if done == preparations { (session, done) = (session + roster.writers, 0) }
        preparing[writer] = session < roster.sessions ? (session, done) : nil
        guard session < roster.sessions else { return .welcome }
        _ = appendPut(of: session, to: link, &desk)
        return .other
    }
}

/// What was wrong with an answer.
enum SyncFault: Error {
    /// The server said so.
    case refused
    case versionNotHigher, versionTooOld, otherState, notAnswer

    /// The words under which it is counted: the server's own code, or what a check found.
    func words(_ reply: HTTPReply, _ answer: SyncAnswer?, _ bytes: Span<UInt8>) -> String {
        switch self {
        case .refused: Self.words(reply, answer, bytes)
        case .versionNotHigher: "version not higher"
        case .versionTooOld: "version too old"
        case .otherState: "other state"
        case .notAnswer: "no answer to that"
        }
    }

    /// The status and the code of an answer.
    static func words(_ reply: HTTPReply, _ answer: SyncAnswer?, _ bytes: Span<UInt8>) -> String {
        guard let code = answer?.code else { return "http \(reply.status)" }
        return "\(reply.status) \(String(code.string(in: bytes.extracting(reply.body)).prefix(64)))"
    }
}
