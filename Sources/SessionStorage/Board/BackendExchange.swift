import SessionBase
import SessionCodec

/// A call that is being carried out.
struct BackendExchange {
    /// The call, and who gets the reply.
    var work: BackendWork
    /// How it is asked.
    var site: BackendSite
    /// The request as it goes over the wire.
    var request: HTTPRequest
    /// When its first step was taken.
    var startedAt: Instant
    /// When the request began to leave the last time; `nil` while there is no connection.
    var sentAt: Instant?
    /// When it is given up.
    var deadline: Instant

    /// Begins an exchange.
    init(_ work: BackendWork, _ site: BackendSite, wallNanoseconds: Int64, at now: Instant) {
        self.work = work
        self.site = site
        request = site.request(work.call.request, at: wallNanoseconds)
        startedAt = now
        deadline = now + site.configuration.timeout
    }
}

/// How an exchange ended.
enum BackendOutcome {
    /// With an answer, which only the end of the connection completed where `isCut`.
    case response(HTTPResponse, isCut: Bool)
    /// Without one, for this reason.
    case failure(String)
}
