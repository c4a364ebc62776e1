import SessionBase
import SessionClient
import SessionCodec
import SessionIO

/// One line to the backend: a connection, which is kept where the backend keeps it, and the exchange that is on it.
///
/// `free` → `resolving` → `connecting` → `talking` → `free`; from `free` straight to `talking` on a kept connection, and
/// from there once to `resolving` where the backend had ended it: both methods may be repeated (RFC 9110 §9.2.2).
/// Its worker owns it, tells it the time and the addresses, and takes what it came to.
final class BackendLine {
    /// How long a connection is kept that nobody uses.
    private static let idleTime = Duration.seconds(30)

    private enum Phase {
        /// No exchange; a kept connection since then, where there is one.
        case free(since: Instant)
        /// Waits for addresses.
        case resolving
        /// Tries an address until then; the others are left.
        case connecting(until: Instant, others: [SocketAddress])
        /// The request goes out, the answer comes in.
        case talking
    }

    private var phase = Phase.free(since: .zero)
    private var exchange: BackendExchange?
    private var stream: ClientStream?
    /// Whom the connection was made to.
    private var site: BackendSite?
    private var parser = HTTPMessageParser(role: .client)
    /// Whether the connection had carried another exchange before, and nothing of this one's answer has come.
    private var mayBeStale = false
    /// Whether the worker has not yet heard of the connection.
    private var isNew = false

    /// What the exchange came to, for the worker to take.
    private(set) var outcome: BackendOutcome?
    /// Whether an address that was tried took no connection, so that names should be looked up anew.
    private(set) var distrustsAddresses = false

    /// Whether it can take an exchange.
    var isFree: Bool { exchange == nil }

    /// Whether it has a connection that nobody uses.
    var isKept: Bool { exchange == nil && stream != nil }

    /// Whether it waits for addresses.
    var needsAddresses: Bool { if case .resolving = phase { true } else { false } }

    /// Begins an exchange on a line that is free.
    func begin(_ exchange: BackendExchange, at now: Instant) {
        precondition(isFree, "a second exchange on one line")
        self.exchange = exchange
        if let site, !site.sharesConnections(with: exchange.site) { hangUp() }
        guard stream != nil else {
            phase = .resolving
            return
        }
        mayBeStale = true
        talk(at: now)
    }

    /// Gives up what is under way.
    func abandon(_ reason: String) {
        hangUp()
        finish(.failure(reason))
    }

    /// Takes the exchange that has ended, and what it came to; the line is free then.
    func takeEnded(at now: Instant) -> (BackendExchange, BackendOutcome)? {
        guard let exchange, let outcome else { return nil }
        (self.exchange, self.outcome) = (nil, nil)
        phase = .free(since: now)
        stream?.rest()
        return (exchange, outcome)
    }

    private func finish(_ outcome: BackendOutcome) { if exchange != nil { self.outcome = outcome } }

    private func hangUp() {
        stream = nil
        site = nil
    }
}

/// Connecting.
extension BackendLine {
    /// Goes on with addresses.
    func connect(to addresses: [SocketAddress], at now: Instant) {
        guard case .resolving = phase else { return }
        distrustsAddresses = false
        tryNext(addresses, reason: "\(exchange?.site.name ?? "it") has no address", at: now)
    }

    /// Opens a socket to the first address that takes one, or gives up.
    ///
    /// - Parameter reason: Why the address before failed.
    private func tryNext(_ addresses: [SocketAddress], reason: String, at now: Instant) {
        guard let exchange else { return }
        hangUp()
        var (others, reason) = (addresses[...], reason)
        while let address = others.popFirst() {
            do throws(ClientStream.Failure) {
                stream = try exchange.site.connect(to: address)
                site = exchange.site
                isNew = true
                mayBeStale = false
                parser = Self.parser(for: exchange.site)
                // The last address may have all the time that is left.
                let share = (exchange.deadline - now) / (others.count + 1)
                phase = .connecting(until: now + share, others: Array(others))
                return
            } catch {
                reason = error.reason
            }
        }
        distrustsAddresses = true
        finish(.failure(reason))
    }

    private static func parser(for site: BackendSite) -> HTTPMessageParser {
        HTTPMessageParser(role: .client, limits: HTTPLimits(bodyBytesMax: site.configuration.responseBytesMax))
    }
}

/// What the worker's poller watches.
extension BackendLine {
    /// The connection's descriptor; `nil` where there is none.
    var descriptor: Int32? { stream?.descriptor }

    /// Whether room to write matters.
    var wantsToWrite: Bool { stream?.wantsToWrite ?? false }

    /// Whether this is the first question about a connection: descriptors are numbers that come again.
    func takeIsNew() -> Bool {
        defer { isNew = false }
        return isNew
    }
}

/// Time.
extension BackendLine {
    /// When something has to be done at the latest, though nothing comes; `nil` for never.
    var nextDeadline: Instant? {
        if outcome != nil { return .zero }
        guard let exchange else {
            guard case .free(let since) = phase, stream != nil else { return nil }
            return since + Self.idleTime
        }
        if case .connecting(let until, _) = phase { return min(until, exchange.deadline) }
        return exchange.deadline
    }

    /// Does what the time has come for.
    func act(at now: Instant) {
        guard let exchange else {
            if case .free(let since) = phase, now >= since + Self.idleTime { hangUp() }
            return
        }
        guard outcome == nil else { return }
        if now >= exchange.deadline {
            return abandon("\(exchange.site.name) \(waitsFor) within \(exchange.site.configuration.timeout.spelled)")
        }
        if case .connecting(let until, let others) = phase, now >= until, !others.isEmpty {
            tryNext(others, reason: "an address of \(exchange.site.name) does not answer", at: now)
        }
    }

    private var waitsFor: String {
        switch phase {
        case .resolving: "was not found"
        case .connecting: "took no connection"
        case .free, .talking: "did not answer"
        }
    }
}

/// The exchange itself.
extension BackendLine {
    /// Goes on where the socket is ready for something.
    func handle(_ readiness: Poller.Readiness, at now: Instant) {
        guard let stream else { return }
        guard exchange != nil, outcome == nil else {
            // Nothing was asked: this is the end of a kept connection, or an answer to nobody.
            return hangUp()
        }
        do throws(ClientStream.Failure) {
            if !stream.isConnected { try stream.becameWritable() }
            // First what the backend says: where it refuses a body that is still on its way, writing fails.
            if readiness.isReadable, try !read(stream) { return ended(at: now) }
            if readiness.isWritable, outcome == nil { try stream.becameWritable() }
            if case .connecting = phase, stream.isOpen { talk(at: now) }
        } catch {
            failed(error.reason, at: now)
        }
    }

    /// Sends the request.
    private func talk(at now: Instant) {
        guard let exchange, let stream else { return }
        self.exchange?.sentAt = now
        phase = .talking
        var bytes: [UInt8] = []
        exchange.request.append(to: &bytes)
        parser.expectResponse(to: exchange.request.head.method)
        do throws(ClientStream.Failure) {
            try stream.send(bytes)
        } catch {
            failed(error.reason, at: now)
        }
    }

    /// Reads what has come.
    ///
    /// - Returns: Whether more may come.
    private func read(_ stream: ClientStream) throws(ClientStream.Failure) -> Bool {
        let isOpen = try stream.becameReadable { (bytes: Span<UInt8>) throws(ClientStream.Failure) in
            mayBeStale = false
            try parse(bytes)
        }
        return isOpen && !stream.isClosedByPeer
    }

    private func parse(_ bytes: Span<UInt8>) throws(ClientStream.Failure) {
        var cursor = 0
        while cursor < bytes.count {
            // What comes behind the answer is nobody's: the connection cannot be used again.
            guard outcome == nil else { return hangUp() }
            do throws(HTTPParseError) {
                switch try parser.parse(bytes, from: &cursor) {
                case nil: return
                case .interim?: continue
                case .response(let response)?: take(response)
                case .request?: preconditionFailure("a client was asked for something")
                }
            } catch {
                throw ClientStream.Failure(reason: Self.reason(error, exchange?.site))
            }
        }
    }

    private static func reason(_ error: HTTPParseError, _ site: BackendSite?) -> String {
        guard let site else { return error.message }
        return error.status == .contentTooLarge
            ? "the answer of \(site.name) is larger than \(site.configuration.responseBytesMax) bytes"
            : "\(site.name) did not answer as an HTTP/1.1 server: \(error.message)"
    }

    private func take(_ response: HTTPResponse) {
        finish(.response(response, isCut: false))
        // An answer that came before the request was out leaves the connection in the middle of it.
        let isKept = !response.fields.containsToken("connection", "close") && stream?.wantsToWrite == false
        if !isKept { hangUp() }
    }

    /// The backend ended the connection: that may complete an answer, or end a kept connection at a bad time.
    private func ended(at now: Instant) {
        if outcome != nil { return hangUp() }
        do throws(HTTPParseError) {
            if case .response(let response)? = try parser.finish() {
                hangUp()
                return finish(.response(response, isCut: true))
            }
        } catch {
            return failed("\(exchange?.site.name ?? "it") ended the connection inside of its answer", at: now)
        }
        failed("\(exchange?.site.name ?? "it") ended the connection without an answer", at: now)
    }

    private func failed(_ reason: String, at now: Instant) {
        if outcome != nil { return hangUp() }
        if mayBeStale {
            mayBeStale = false
            hangUp()
            phase = .resolving
        } else if case .connecting(_, let others) = phase {
            tryNext(others, reason: reason, at: now)
        } else {
            abandon(reason)
        }
    }
}
