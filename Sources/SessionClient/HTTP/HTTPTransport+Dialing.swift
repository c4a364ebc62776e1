import SessionBase
import SessionCodec
import SessionIO

/// From an endpoint to a connected transport: the addresses of its name, each in turn, then TLS.
extension HTTPTransport {
    /// Connects.
    static func connect(_ configuration: HTTPConfiguration, _ wait: HTTPWait) throws(HTTPFailure) -> HTTPTransport {
        let addresses =
            if let spelled = configuration.endpoint.spelledAddresses { spelled } else {
                try lookUp(configuration, wait)
            }
        var errors: [SystemError] = []
        for (index, address) in addresses.enumerated() {
            // The last address may have all the time that is left.
            let share = wait.remaining / (addresses.count - index)
            switch try open(address, configuration, wait, until: SystemClock.now() + share) {
            case .success(let transport):
                if configuration.endpoint.isSecure { try transport.secure(configuration.security) }
                return transport
            case .failure(let error): errors.append(error)
            }
        }
        let name = configuration.endpoint.httpDescription
        guard errors.contains(where: { !$0.isTimedOut }) else {
            throw .timedOut(endpoint: name, after: configuration.timeout)
        }
        throw .unreachable(endpoint: name, errors)
    }

    /// Looks a name up on another thread, so that a resolver that hangs does not outlive the deadline.
    private static func lookUp(
        _ configuration: HTTPConfiguration, _ wait: HTTPWait
    ) throws(HTTPFailure) -> [SocketAddress] {
        let name = configuration.endpoint.httpDescription
        let lookup: NameLookup
        do throws(SystemError) { lookup = try NameLookup(configuration.endpoint, nil) } catch {
            throw .unreachable(endpoint: name, [error])
        }
        while true {
            switch lookup.takeAnswer() {
            case .success(let addresses)?: return addresses
            case .failure(let error)?: throw .unknownHost(error)
            case nil: try wait.until(.readable, on: lookup.descriptor)
            }
        }
    }

    /// Connects to one address.
    private static func open(
        _ address: SocketAddress, _ configuration: HTTPConfiguration, _ wait: HTTPWait, until deadline: Instant
    ) throws(HTTPFailure) -> Result<HTTPTransport, SystemError> {
        let transport: HTTPTransport
        do throws(SystemError) {
            transport = HTTPTransport(try Socket.connect(to: address), configuration, wait)
        } catch {
            return .failure(error)
        }
        guard try wait.waits(for: .writable, on: transport.descriptor, until: deadline) else {
            return .failure(.timedOut("connect to", address.description))
        }
        let code = Socket.takeError(transport.descriptor)
        guard code == 0 else {
            return .failure(SystemError(code: code, operation: "connect to", context: address.description))
        }
        return .success(transport)
    }
}
