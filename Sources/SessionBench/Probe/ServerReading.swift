import SessionBase
import SessionCodec
package import SessionIO

/// What `sessionctl serve` says of itself at one moment: its `/varz`.
///
/// Counters run since its start, so that two readings tell what happened between them.
package struct ServerReading: Equatable, Sendable {
    /// Its version.
    package var version: String
    /// The number of its process, by which a restart shows.
    package var processIdentifier: Int64
    /// How long it has been running, by its own clock.
    package var uptime: Duration
    /// How many threads serve connections.
    package var loops: Int
    /// CPU time used, user and kernel.
    package var cpu: Duration
    /// Messages received.
    package var messagesIn: UInt64
    /// Messages sent.
    package var messagesOut: UInt64
    /// Resident memory in bytes.
    package var residentBytes: Int
    /// Open WebSockets.
    package var connections: Int
    /// The most bytes that ever waited for one socket.
    package var queuedBytesMax: Int
    /// WebSockets closed, by close code.
    package var closes: [Int: UInt64]
    /// Where its services listen.
    package var listeners: [SocketAddress]
}

extension ServerReading {
    /// Why a document is no reading: the first field that is missing or of another kind.
    struct Missing: Error, Equatable { let field: String }

    /// Reads the body of an answer to `GET /varz`.
    init(_ body: [UInt8]) throws(Missing) {
        let document: JSONValue
        do { document = try JSONValue.parse(body.span) } catch { throw Missing(field: "version") }
        guard let version = document["version"]?.string else { throw Missing(field: "version") }
        func number(_ field: String) throws(Missing) -> Int64 {
            guard let value = document[field]?.integer, value >= 0 else { throw Missing(field: field) }
            return value
        }
        self.version = version
        processIdentifier = try number("pid")
        uptime = .milliseconds(try number("uptime_ms"))
        loops = Int(try number("loops"))
        cpu = .milliseconds(try number("cpu_user_ms") + number("cpu_system_ms"))
        messagesIn = UInt64(try number("messages_in"))
        messagesOut = UInt64(try number("messages_out"))
        residentBytes = Int(try number("resident_bytes"))
        queuedBytesMax = Int(try number("outq_bytes_max"))
        connections = try Self.connections(document["connections"])
        closes = try Self.closes(document["closes"])
        listeners = try Self.listeners(document["listeners"])
    }

    /// Adds up the services' connections.
    private static func connections(_ value: JSONValue?) throws(Missing) -> Int {
        guard case .object(let services)? = value else { throw Missing(field: "connections") }
        var sum = 0
        for member in services.members {
            guard let count = member.value.integer, count >= 0 else { throw Missing(field: "connections") }
            sum += Int(count)
        }
        return sum
    }

    /// Adds up the services' closes.
    private static func closes(_ value: JSONValue?) throws(Missing) -> [Int: UInt64] {
        guard case .object(let services)? = value else { throw Missing(field: "closes") }
        var sums: [Int: UInt64] = [:]
        for service in services.members {
            guard case .object(let codes) = service.value else { throw Missing(field: "closes") }
            for member in codes.members {
                guard let code = Int(member.key), let count = member.value.integer, count >= 0 else {
                    throw Missing(field: "closes")
                }
                sums[code, default: 0] += UInt64(count)
            }
        }
        return sums
    }

    private static func listeners(_ value: JSONValue?) throws(Missing) -> [SocketAddress] {
        guard let elements = value?.elements else { throw Missing(field: "listeners") }
        var addresses: [SocketAddress] = []
        for element in elements {
            guard let address = element["address"]?.string.flatMap({ SocketAddress($0) }) else {
                throw Missing(field: "listeners")
            }
            addresses.append(address)
        }
        return addresses
    }

    /// Whether a connection to an address ends here: it is a listener's, or one listens on all addresses at its port.
    package func listens(on address: SocketAddress) -> Bool {
        listeners.contains { listener in
            listener == address || listener.isUnspecified && listener.port == address.port
        }
    }
}

extension ServerFigures {
    /// What happened between readings of one server.
    ///
    /// - Parameters:
    ///   - before: From before any connection of the command was opened.
    ///   - start: From the start of the measured part.
    ///   - end: From its end.
    /// - Returns: `nil` where the server was started anew in between.
    package init?(before: ServerReading, start: ServerReading, end: ServerReading) {
        guard before.processIdentifier == end.processIdentifier, start.processIdentifier == end.processIdentifier else {
            return nil
        }
        var closes = end.closes
        for (code, count) in start.closes { closes[code] = closes[code].map { $0 &- count } }
        self.init(
            version: end.version, period: end.uptime - start.uptime, cpu: end.cpu - start.cpu, loops: end.loops,
            messagesIn: end.messagesIn &- start.messagesIn, messagesOut: end.messagesOut &- start.messagesOut,
            residentBytes: end.residentBytes, residentBytesBefore: before.residentBytes,
            // The workers may be closing already when the server is asked for the last time.
            connections: max(0, max(start.connections, end.connections) - before.connections),
            queuedBytesMax: end.queuedBytesMax, closes: closes.filter { $0.value > 0 })
    }
}
