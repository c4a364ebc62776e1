import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

extension ServerLoop {
    /// How many sockets one turn accepts from a listener, so that a flood does not starve those that are open.
    private static let acceptsPerTurn = 64

    /// Starts to watch the listeners; only loop 0 does.
    mutating func watchListeners() throws(SystemError) {
        for (position, entry) in node.listeners.enumerated() {
            try poller.add(entry.listener.descriptor, token: Token.listener(position).rawValue, .readable)
        }
    }

    /// Accepts what waits at a listener and deals it to the loops.
    mutating func accept(from position: Int) {
        for _ in 0..<Self.acceptsPerTurn {
            switch node.listeners[position].listener.accept() {
            case .accepted(let descriptor, let address):
                deal(AcceptedSocket(descriptor: descriptor, address: address, listener: UInt8(position)))
            case .wouldBlock: return
            case .outOfDescriptors: return survive(position)
            case .failed(let code):
                log.write(.warn, "accept failed", at: moment.timestamp, ["reason": SystemError.reason(code)])
                return
            }
        }
    }

    private mutating func deal(_ socket: AcceptedSocket) {
        let loop = acceptor.chooseLoop(of: node.loopCount)
        loop == index ? adopt(socket) : node.post(.accepted(socket), to: loop)
    }

    /// Answers 503 with the reserved descriptor, or rests; it never spins (C9).
    private mutating func survive(_ position: Int) {
        counters.refuse(.descriptors)
        if !acceptor.isShortageLogged {
            acceptor.isShortageLogged = true
            log.write(
                .error, "out of descriptors: new connections get 503", at: moment.timestamp,
                ["sockets": "\(counters.sockets)", "help": "raise the limit (ulimit -n) or lower --connection-limit"])
        }
        if acceptor.refuseOne(node.listeners[position].listener) { return }
        // They are watched: only a rest takes them out, and it is not resting now.
        for entry in node.listeners { try? poller.remove(entry.listener.descriptor) }
        acceptor.resumesAt = moment.instant + Acceptor.rest
    }

    /// Watches the listeners again after a rest.
    mutating func resumeAccepting() {
        guard let resumesAt = acceptor.resumesAt, resumesAt <= moment.instant else { return }
        acceptor.resumesAt = nil
        do { try watchListeners() } catch {
            log.write(.error, "cannot watch the listeners", at: moment.timestamp, ["reason": "\(error)"])
        }
    }

    /// Takes in a socket that was just accepted.
    mutating func adopt(_ socket: AcceptedSocket) {
        counters.accepted &+= 1
        var connection = ServerConnection(
            serial: node.makeSerial(), descriptor: socket.descriptor, listener: socket.listener,
            wire: Connection(role: .server, limits: node.listeners[Int(socket.listener)].limits),
            address: socket.address,
            openedAt: moment, deadline: moment.instant + configuration.timing.handshakeTimeout)
        if let tls, node.listeners[Int(socket.listener)].isSecure {
            connection.rareState().tls = try? TLSSession(tls)
        }
        let id = connections.insert(connection)
        counters.sockets += 1
        Socket.setNoDelay(socket.descriptor)
        _ = watch(id)
    }
}
