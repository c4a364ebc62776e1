package import SessionBase
import SessionCodec
import SessionIO

/// From a name to a connected socket: the addresses of the endpoint, each in turn.
extension Client {
    /// Starts to connect; does nothing unless the client is idle.
    ///
    /// Looking the name up blocks, as the system's resolver does.
    package func connect(at now: Instant) {
        guard state == .idle else { return }
        state = .connecting
        startedAt = now
        attemptErrors = []
        stateDeadline = now + configuration.connectTimeout
        do throws(ResolutionError) {
            addresses = try resolve(configuration.endpoint)
        } catch {
            return fail(.unknownHost(error))
        }
        tryNextAddress(at: SystemClock.now())
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
        fail(.unreachable(endpoint: configuration.endpoint.description, attemptErrors))
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
