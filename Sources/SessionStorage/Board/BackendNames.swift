import SessionBase
import SessionClient
import SessionIO

/// The addresses of a backend: those that are spelled, or those of a name, looked up on a thread of its own.
///
/// Found ones are believed for a few seconds, so that a backend that moves is followed. One look-up at a time: where the
/// resolver hangs, whoever waits gives up at its own deadline.
struct BackendNames {
    /// How long addresses are believed.
    private static let lifetime = Duration.seconds(5)

    /// What is known.
    enum Answer {
        /// These, at least one.
        case known([SocketAddress])
        /// There are none, for this reason.
        case unknown(String)
        /// They are being looked up; the poller tells when there is news.
        case sought
    }

    private let site: BackendSite
    private var known: [SocketAddress] = []
    private var knownUntil = Instant.zero
    private var lookup: NameLookup?

    /// Knows nothing yet.
    init(_ site: BackendSite) { self.site = site }

    /// Looks the name up anew when addresses are wanted next.
    mutating func forget() { known = [] }

    /// The addresses; begins to look them up where they are not known.
    mutating func addresses(at now: Instant, watchedBy poller: borrowing Poller, token: UInt64) -> Answer {
        if let spelled = site.spelledAddresses { return .known(spelled) }
        if let lookup {
            guard let answer = lookup.takeAnswer() else { return .sought }
            self.lookup = nil
            switch answer {
            case .success(let addresses):
                (known, knownUntil) = (addresses, now + Self.lifetime)
                return .known(addresses)
            case .failure(let error): return .unknown("\(error)")
            }
        }
        if !known.isEmpty, now < knownUntil { return .known(known) }
        do throws(SystemError) {
            let begun = try NameLookup(site.configuration.endpoint, site.resolve)
            // Forgotten by the poller when the look-up is let go of, which closes its descriptor.
            try poller.add(begun.descriptor, token: token, .readable)
            lookup = begun
            return .sought
        } catch {
            return .unknown("\(error)")
        }
    }
}
