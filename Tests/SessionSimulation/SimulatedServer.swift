import SessionBase
import SessionCodec
import SessionCore

/// What a machine is told.
enum MachineEvent {
    case opened(ConnectionID, Handshake)
    case received(ConnectionID, [UInt8])
    case heard(ConnectionID)
    case closed(ConnectionID, cleanly: Bool)
    case tick
}

/// What a machine wants, decoded: messages as owned values.
enum Outcome: Equatable {
    case message(ConnectionID, [UInt8])
    case close(ConnectionID, CloseCode)
    case move(ConnectionID, shard: Int)
}

/// A server as small as can be: real connections and a real machine, without sockets.
struct SimulatedServer {
    private struct Socket {
        var id: ConnectionID
        var connection: Connection
        var isOpen = false
        var output: [UInt8] = []
        var lastHeard: Instant
    }

    var machine: PlantedMachine
    /// By link.
    private var sockets: [Int: Socket] = [:]
    private var linkOfSlot: [Int] = []
    private var generations: [UInt32] = []
    private var vacantSlots: [UInt32] = []

    init(machine: PlantedMachine) { self.machine = machine }

    /// The links it has, ascending.
    var links: [Int] { sockets.keys.sorted() }

    func isServing(_ link: Int) -> Bool { sockets[link] != nil }

    func lastHeard(_ link: Int) -> Instant? { sockets[link]?.lastHeard }

    /// The link of a connection.
    func link(of id: ConnectionID) -> Int? {
        guard id.slot < linkOfSlot.count, generations[Int(id.slot)] == id.generation else { return nil }
        let link = linkOfSlot[Int(id.slot)]
        return isServing(link) ? link : nil
    }

    // MARK: Input

    /// Accepts a link.
    mutating func accept(_ link: Int, at now: Instant) {
        let slot = vacantSlots.popLast() ?? UInt32(linkOfSlot.count)
        if Int(slot) == linkOfSlot.count {
            linkOfSlot.append(link)
            generations.append(0)
        }
        linkOfSlot[Int(slot)] = link
        let id = ConnectionID(slot: slot, generation: generations[Int(slot)])
        let limits = ConnectionLimits(messageBytesMax: AwarenessProtocol.descriptor.messageBytesMax)
        sockets[link] = Socket(id: id, connection: Connection(role: .server, limits: limits), lastHeard: now)
    }

    /// Reads bytes of a link.
    ///
    /// - Returns: What the machine must be told, in order, and whether the link is to be closed then.
    mutating func receive(_ bytes: [UInt8], on link: Int, at now: Instant) -> (events: [MachineEvent], isOver: Bool) {
        guard var socket = sockets[link] else { return ([], false) }
        socket.lastHeard = now
        var bytes = bytes
        var cursor = 0
        var events: [MachineEvent] = []
        while !socket.connection.isFinished {
            var input = bytes.mutableSpan
            let event = socket.connection.receive(&input, from: &cursor, output: &socket.output)
            if event == .needsInput { break }
            if let machineEvent = Self.machineEvent(event, of: &socket, bytes) { events.append(machineEvent) }
        }
        sockets[link] = socket
        return (events, socket.connection.isFinished)
    }

    private static func machineEvent(_ event: ConnectionEvent, of socket: inout Socket, _ bytes: [UInt8])
        -> MachineEvent?
    {
        switch event {
        case .upgrade: return accept(&socket)
        case .message(_, .input(let range)): return .received(socket.id, Array(bytes[range]))
        case .message: return .received(socket.id, socket.connection.assembled)
        case .ping, .pong: return .heard(socket.id)
        case .closeReceived(let code):
            guard socket.isOpen else { return nil }
            socket.isOpen = false
            return .closed(socket.id, cleanly: [.normal, .goingAway, .noStatus].contains(code))
        default:
            guard socket.isOpen else { return nil }
            socket.isOpen = false
            return .closed(socket.id, cleanly: false)
        }
    }

    private static func accept(_ socket: inout Socket) -> MachineEvent {
        let head = socket.connection.takeRequest().head
        let offered = head.fields["sec-websocket-protocol"]
        let subprotocol = offered == AwarenessProtocol.version2 ? offered : nil
        socket.connection.accept(
            Acceptance(messageBytesMax: 65_536), subprotocol: subprotocol, output: &socket.output)
        socket.isOpen = true
        return .opened(socket.id, Handshake(subprotocol: subprotocol, query: HTTPTarget(head.target).query))
    }

    /// Forgets a link.
    ///
    /// - Returns: What the machine must be told.
    mutating func drop(_ link: Int) -> MachineEvent? {
        guard let socket = sockets.removeValue(forKey: link) else { return nil }
        generations[Int(socket.id.slot)] += 1
        vacantSlots.append(socket.id.slot)
        return socket.isOpen ? .closed(socket.id, cleanly: false) : nil
    }

    // MARK: Output

    /// Does what the machine wants.
    ///
    /// - Returns: The links on which a closing handshake began.
    mutating func carryOut(_ outcomes: [Outcome]) -> [Int] {
        var closing: [Int] = []
        for outcome in outcomes {
            switch outcome {
            case .message(let id, let bytes):
                guard let link = link(of: id), var socket = sockets[link] else { continue }
                socket.connection.send(.text, bytes.span, output: &socket.output)
                sockets[link] = socket
            case .close(let id, let code):
                guard let link = link(of: id), var socket = sockets[link] else { continue }
                socket.connection.close(code, output: &socket.output)
                sockets[link] = socket
                closing.append(link)
            case .move: preconditionFailure("a single shard moves nobody")
            }
        }
        return closing
    }

    /// Sends a Ping.
    mutating func ping(_ link: Int) {
        guard var socket = sockets[link], socket.isOpen else { return }
        let payload: [UInt8] = []
        socket.connection.ping(payload.span, output: &socket.output)
        sockets[link] = socket
    }

    /// What is to be sent on a link.
    mutating func takeOutput(_ link: Int) -> [UInt8] {
        guard let output = sockets[link]?.output, !output.isEmpty else { return [] }
        sockets[link]?.output = []
        return output
    }
}
