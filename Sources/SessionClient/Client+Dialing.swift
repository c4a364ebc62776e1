package import SessionBase
import SessionCodec
import SessionIO

/// From a name to a connected socket: the addresses of the endpoint, each in turn.
extension Client {
    /// Starts to connect; does nothing unless the client is idle. Never blocks: a name is looked up on another thread.
    package func connect(at now: Instant) {
        guard state == .idle else { return }
        state = .connecting
        startedAt = now
        attemptErrors = []
        stateDeadline = now + configuration.connectTimeout
        if resolve == nil, let known = configuration.endpoint.spelledAddresses {
            addresses = known
            tryNextAddress(at: now)
        } else {
            lookUp()
        }
    }

    private func lookUp() {
        do throws(SystemError) {
            lookup = try NameLookup(configuration.endpoint, resolve)
            socketsOpened += 1
        } catch {
            fail(.unreachable(endpoint: configuration.endpoint.publicDescription, [error]))
        }
    }

    /// Goes on with the addresses of the name, once they are there.
    func finishLookup(at now: Instant) {
        guard let answer = lookup?.takeAnswer() else { return }
        lookup = nil
        switch answer {
        case .success(let found):
            addresses = found
            tryNextAddress(at: now)
        case .failure(let error): fail(.unknownHost(error))
        }
    }

    /// The failure of an attempt whose time is over.
    var timeout: ClientFailure {
        let patience = configuration.connectTimeout
        guard lookup != nil else {
            return .timedOut(endpoint: configuration.endpoint.publicDescription, after: patience)
        }
        let reason = "the resolver did not answer within \(patience.spelled)"
        return .unknownHost(ResolutionError(host: configuration.endpoint.host, reason: reason, isTemporary: true))
    }

    /// Opens a socket to the next address that takes one, or gives up.
    private func tryNextAddress(at now: Instant) {
        socket = nil
        attemptDeadline = nil
        while !addresses.isEmpty {
            let left = addresses.count
            address = addresses.removeFirst()
            do throws(SystemError) {
                socket = try Socket.connect(to: address)
                socketsOpened += 1
                // The last address may have all the time that is left.
                if left > 1, let stateDeadline { attemptDeadline = now + (stateDeadline - now) / left }
                return
            } catch {
                attemptErrors.append(error)
            }
        }
        fail(.unreachable(endpoint: configuration.endpoint.publicDescription, attemptErrors))
    }

    /// Looks at how an attempt was decided, once its socket is writable.
    func finishConnecting(at now: Instant) {
        guard let descriptor else { return }
        let code = Socket.takeError(descriptor)
        guard code == 0 else {
            attemptErrors.append(SystemError(code: code, operation: "connect to", context: address.description))
            return tryNextAddress(at: now)
        }
        attemptDeadline = nil
        if configuration.endpoint.isSecure { beginSecuring(at: now) } else { beginUpgrade(at: now) }
    }

    /// Leaves an address that says nothing to the next one.
    func abandonAttempt(at now: Instant) {
        attemptErrors.append(.timedOut("connect to", address.description))
        tryNextAddress(at: now)
    }
}
