import SessionBase
import SessionCodec
import SessionCore
import SessionStorage
import Synchronization
import Testing

/// A ``BoardBackend`` at work, asked and waited for.
final class RunningBackend: Sendable {
    /// What the tokens are signed with.
    static let secret = Array("the secret of these tests, of 32 bytes and more".utf8)

    private struct State {
        var nextTicket: UInt64 = 0
        var replies: [UInt64: BackendReply] = [:]
        var loops: [UInt64: Int] = [:]
        var sentAt: [UInt64: Instant] = [:]
        var news: [BackendNews] = []
    }

    /// Held by the backend's thread too, which must never be the one that lets go of the backend itself.
    private final class Inbox: Sendable {
        let state = Mutex(State())
    }

    let backend: BoardBackend
    private let inbox = Inbox()

    /// Starts a front to a backend.
    init(_ configuration: BoardBackendConfiguration) throws {
        backend = try BoardBackend(configuration) { [inbox] news in inbox.state.withLock { $0.news.append(news) } }
        try backend.start { [inbox] loop, answers in
            inbox.state.withLock { state in
                for answer in answers {
                    precondition(state.replies[answer.ticket] == nil, "a call was answered twice")
                    state.replies[answer.ticket] = answer.reply
                    state.loops[answer.ticket] = loop
                    state.sentAt[answer.ticket] = answer.sentAt
                }
            }
        }
    }

    /// Starts a front to a scripted backend.
    convenience init(
        _ scripted: ScriptedBackend, _ change: (inout BoardBackendConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = BoardBackendConfiguration(endpoint: scripted.endpoint, secret: Self.secret)
        change(&configuration)
        try self.init(configuration)
    }

    deinit { backend.stop(patience: .zero) }

    /// What operators would have been told.
    var news: [BackendNews] { inbox.state.withLock { $0.news } }

    /// Hands in requests together; returns at once.
    func submit(_ requests: [BackendRequest], from loop: Int = 0) -> [UInt64] {
        let tickets = inbox.state.withLock { state in
            defer { state.nextTicket += UInt64(requests.count) }
            return (0..<requests.count).map { state.nextTicket + UInt64($0) }
        }
        backend.submit(zip(tickets, requests).map { BackendCall(ticket: $0, request: $1) }, from: loop)
        return tickets
    }

    /// The reply to a call; `nil` while there is none.
    func reply(to ticket: UInt64) -> BackendReply? { inbox.state.withLock { $0.replies[ticket] } }

    /// Which loop got the reply to a call.
    func loop(of ticket: UInt64) -> Int? { inbox.state.withLock { $0.loops[ticket] } }

    /// When a call that is answered left; `nil` where it never did.
    func sentAt(_ ticket: UInt64) -> Instant? { inbox.state.withLock { $0.sentAt[ticket] } }

    /// Waits for the replies to calls.
    func replies(to tickets: [UInt64]) -> [BackendReply] {
        Waiting.until("all calls are answered") { tickets.allSatisfy { reply(to: $0) != nil } }
        return tickets.compactMap { reply(to: $0) }
    }

    /// Asks, and waits for the reply.
    func ask(_ request: BackendRequest) -> BackendReply {
        replies(to: submit([request])).first ?? .unavailable("no reply came")
    }

    /// Loads a room's board.
    func load(_ room: String = "r") -> BackendReply { ask(.load(room: room)) }

    /// Stores a room's board.
    func store(_ room: String = "r", version: UInt64 = 1, _ body: String = "{}") -> BackendReply {
        ask(.store(room: room, version: version, body: Array(body.utf8)))
    }
}

extension BackendReply {
    /// Why the backend cannot be used; `nil` where it can.
    var refusal: String? { if case .unavailable(let reason) = self { reason } else { nil } }

    /// A board of a text.
    static func board(_ text: String) -> BackendReply { .board(Array(text.utf8)) }
}
