import SessionBase
import SessionClient
import SessionCodec
import SessionCrypto
import SessionIO

/// From nothing to connections that take part: TCP, TLS, the upgrade, and what the workload says first.
extension WorkerLoop where Work: ~Copyable {
    /// How often progress is told.
    private static var openingInterval: Duration { .milliseconds(100) }
    /// The longest message that is accepted.
    private static var messageBytesMax: Int { 64 << 20 }

    /// Opens the share's connections, at their rate or as fast as the handshakes under way allow; where each is a request,
    /// one of them, to see whether anybody answers.
    mutating func open() throws(SystemError) {
        let start = now
        let count = Work.isCycling ? min(1, links.count) : links.count
        var (next, tellAt) = (0, now)
        while next < count || !handshakes.isEmpty, !port.isStopping {
            while next < count, handshakes.count < plan.handshakesInFlight, now >= due(next, from: start) {
                dial(next)
                next += 1
            }
            let isWaiting = next < count && handshakes.count < plan.handshakesInFlight
            try turn(until: isWaiting ? min(due(next, from: start), tellAt) : tellAt)
            guard now >= tellAt else { continue }
            tellAt = now + Self.openingInterval
            port.post(.opening(open: openCount, failed: failedCount))
            // Nobody answers, and the others would not fare better.
            if openCount == 0, failedCount >= plan.handshakesInFlight { break }
        }
        abandonAllHandshakes()
        port.post(.opening(open: openCount, failed: failedCount))
    }

    /// When a connection's attempt is due.
    private func due(_ link: Int, from start: Instant) -> Instant {
        guard let rate = plan.connectRate, rate > 0 else { return start }
        return start + .nanoseconds(Int64(Double(share.globalNumber(link)) / rate * 1e9))
    }

    /// Ends the handshakes that have had their time.
    mutating func abandonSlowHandshakes() {
        for link in handshakes where now - wires[link].startedAt >= plan.timeout {
            fail(link, .timedOut(endpoint: endpoint(of: link).publicDescription, after: plan.timeout))
        }
    }

    /// Ends all handshakes.
    mutating func abandonAllHandshakes() {
        for link in handshakes { drop(link) }
        handshakes = []
    }

    /// Tells why there is no load.
    mutating func reportFailure() {
        if let firstRefusal { return port.post(.failed(firstRefusal, status: Self.refusedStatus)) }
        guard let firstFailure else { return port.post(.failed("no connection was opened", status: 75)) }
        port.post(.failed(Self.sentence(firstFailure), status: Int(firstFailure.verdict.rawValue)))
    }

    /// The exit status of PROTOCOLS §1.10 for what was refused.
    private static var refusedStatus: Int { 77 }

    /// What failed, with the name that the time-out has here.
    private static func sentence(_ failure: ClientFailure) -> String {
        guard case .timedOut(let endpoint, let patience) = failure else { return "\(failure)" }
        return "\(endpoint) did not answer within \(patience.spelled); try --timeout with more"
    }

    // MARK: One connection

    /// Where a connection goes.
    func endpoint(of link: Int) -> Endpoint { targets[targetIndex(of: link)].endpoint }

    private func targetIndex(of link: Int) -> Int { share.globalNumber(link) % targets.count }

    /// Begins a connection.
    mutating func dial(_ link: Int) {
        wires[link] = Wire(connection: blank)
        wires[link].startedAt = now
        wires[link].phaseAt = now
        links[link].state = .connecting
        handshakes.append(link)
        connect(link)
    }

    /// Tries the target's addresses, beginning with the one that did last, until an attempt is under way.
    private mutating func connect(_ link: Int) {
        let target = targetIndex(of: link)
        let count = targets[target].addresses.count
        while wires[link].attempts < count {
            let address = targets[target].addresses[(targets[target].preferred + wires[link].attempts) % count]
            wires[link].attempts += 1
            do throws(SystemError) {
                let source = sources.isEmpty ? nil : sources[share.globalNumber(link) / targets.count % sources.count]
                try adopt(Socket.connect(to: address, from: source), link)
                return
            } catch {
                wires[link].errors.append(error)
            }
        }
        fail(link, .unreachable(endpoint: endpoint(of: link).publicDescription, wires[link].errors))
    }

    private mutating func adopt(_ socket: consuming OwnedDescriptor, _ link: Int) throws(SystemError) {
        let descriptor = socket.rawValue
        links[link].generation &+= 1
        try poller.add(descriptor, token: links[link].token(of: link), [.readable, .writable, .edge])
        links[link].descriptor = socket.release()
    }

    /// Looks at how TCP's attempt was decided.
    mutating func finishConnecting(_ link: Int) {
        let code = Socket.takeError(links[link].descriptor)
        guard code == 0 else {
            wires[link].errors.append(
                SystemError(code: code, operation: "connect to", context: address(of: link).description))
            closeSocket(link)
            return connect(link)
        }
        let target = targetIndex(of: link)
        let count = targets[target].addresses.count
        targets[target].preferred = (targets[target].preferred + wires[link].attempts - 1) % count
        passPhase(link, \.connect)
        targets[target].tls == nil ? upgrade(link) : secure(link)
    }

    private func address(of link: Int) -> SocketAddress {
        let target = targets[targetIndex(of: link)]
        return target.addresses[(target.preferred + wires[link].attempts - 1) % target.addresses.count]
    }

    private mutating func passPhase(_ link: Int, _ phase: WritableKeyPath<HandshakePhases, HdrHistogram>) {
        readClock()
        recorder.phase(phase, now - wires[link].phaseAt)
        wires[link].phaseAt = now
    }

    private mutating func secure(_ link: Int) {
        links[link].state = .securing
        guard let context = targets[targetIndex(of: link)].tls else { return }
        var output: [UInt8] = []
        do throws(TLSError) {
            let session = try TLSSession(context, peerName: endpoint(of: link).host)
            try session.start(output: &output)
            wires[link].tls = session
            links[link].isSecure = true
        } catch {
            return didFailTLS(link, error)
        }
        transmitPlain(output, to: link)
    }

    /// Goes on behind TLS's handshake.
    mutating func didSecure(_ link: Int) {
        passPhase(link, \.tls)
        upgrade(link)
    }

    private mutating func upgrade(_ link: Int) {
        if links[link].isHTTP { return beginHTTP(link) }
        links[link].state = .upgrading
        links[link].isInsideMessage = true
        let number = UInt64(share.globalNumber(link))
        let keys = SipHash(key0: plan.seed ^ number &* 0x9E37_79B9_7F4A_7C15, key1: UInt64(links[link].generation))
        wires[link].connection = Connection(
            role: .client(maskKeys: keys), limits: ConnectionLimits(messageBytesMax: Self.messageBytesMax))
        wires[link].connection.request(handshake(of: link), output: &outbox)
        flushOutbox(to: link)
    }

    private func handshake(of link: Int) -> ClientHandshake {
        let (endpoint, own) = (endpoint(of: link), work.handshake(of: link))
        var fields = HTTPFields()
        for header in plan.headers + own.fields { fields.append(header.name, header.value) }
        return ClientHandshake(
            target: own.target ?? endpoint.target, authority: endpoint.authority, nonce: Self.nonce,
            subprotocols: work.subprotocols, compression: plan.offersCompression ? .client : nil, fields: fields)
    }

    /// RFC 6455's own example (§1.3). A random key guards against caches, of which there are none here; this one is what
    /// bare servers that answer with a constant, for measuring what is possible, have the answer to.
    private static var nonce: (UInt64, UInt64) { (0x7468_6520_7361_6D70, 0x6C65_206E_6F6E_6365) }

    /// Takes note of the server's 101.
    mutating func didOpen(_ link: Int) {
        _ = wires[link].connection.takeResponse()
        if let needed = work.requiredSubprotocol, wires[link].connection.subprotocol != needed {
            let reason = "it does not speak \(needed), without which these messages are not answered"
            return fail(link, .noWebSocket(endpoint: endpoint(of: link).publicDescription, reason: reason))
        }
        passPhase(link, \.upgrade)
        links[link].isCompressed = wires[link].connection.compresses(bytes: .max)
        links[link].isInsideMessage = links[link].isCompressed
        desk.now = now
        guard let greetings = work.greeting(of: link) else { return join(link) }
        links[link].state = .greeting
        for greeting in greetings {
            wires[link].connection.send(greeting.kind, greeting.payload.span, output: &outbox)
        }
    }

    /// Takes note of what came before the connection takes part.
    mutating func didGreet(_ link: Int, _ answer: GreetingAnswer) {
        switch answer {
        case .welcome:
            passPhase(link, \.greeting)
            join(link)
        case .other: recorder.count { $0.pushed &+= 1 }
        case .part: break
        case .refusal(let clause): didRefuse(link, clause)
        }
    }

    /// Takes note of a server that does not let a connection take part.
    mutating func didRefuse(_ link: Int, _ clause: String) {
        let place = endpoint(of: link).publicDescription
        if firstRefusal == nil { firstRefusal = "\(place): \(clause)" }
        fail(link, .noWebSocket(endpoint: place, reason: clause), reason: "refused to take part")
    }

    mutating func join(_ link: Int) {
        links[link].state = .open
        leaveHandshakes(link)
        openCount += 1
        hasOpened = true
        recorder.count { $0.opened &+= 1 }
        if storm != nil { didReturn(link) }
        if slow != nil { slowDown(link) }
        if Work.isCycling { didCycle(link) }
        // One that was lost under load goes on with it.
        if Work.isConversing, isRefilling, share.requesters.contains(link) { desk.finish(link) }
    }

    /// Takes note of an answer other than 101.
    mutating func didRefuse(_ link: Int) {
        let response = wires[link].connection.takeResponse()
        fail(link, .refused(RefusedHandshake(response, from: endpoint(of: link))))
    }

    /// Takes note of an answer that is no handshake.
    mutating func didViolate(_ link: Int) {
        let reason = wires[link].connection.failure?.description ?? "it answered with something else"
        fail(link, .noWebSocket(endpoint: endpoint(of: link).publicDescription, reason: reason))
    }

    /// Takes note of a failure of TLS, whenever it happens.
    mutating func didFailTLS(_ link: Int, _ error: TLSError) {
        guard links[link].state == .securing else { return end(link, "tls") }
        fail(link, ClientFailure(error, endpoint: endpoint(of: link)))
    }

    /// Ends an attempt.
    ///
    /// - Parameter reason: The word under which it is counted; the failure's own unless told otherwise.
    mutating func fail(_ link: Int, _ failure: ClientFailure, reason: String? = nil) {
        failedCount += 1
        if firstFailure == nil { firstFailure = failure }
        recorder.ended(reason ?? failure.reasonWord)
        leaveHandshakes(link)
        drop(link)
    }

    private mutating func leaveHandshakes(_ link: Int) {
        if let place = handshakes.firstIndex(of: link) { handshakes.remove(at: place) }
    }
}

extension ClientFailure {
    /// The word under which a failed attempt is counted.
    fileprivate var reasonWord: String {
        switch self {
        case .unreachable(_, let errors):
            if errors.contains(where: \.isRefused) { "refused" } else { "unreachable" }
        case .timedOut: "timeout"
        case .tls: "tls"
        case .refused(let refusal): "http \(refusal.status)"
        case .noWebSocket: "handshake"
        case .lost: "reset"
        case .unknownHost: "unknown host"
        case .unreadable: "unreadable"
        }
    }
}
