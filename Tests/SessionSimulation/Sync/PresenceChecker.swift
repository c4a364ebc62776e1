import SessionBase
import SessionCodec
import SessionCore

/// Who is there: presence ends two minutes after silence at the latest, and lists say what is true (PROTOCOLS 1-24).
struct PresenceChecker {
    /// A device of a session on one server.
    struct Place: Hashable {
        var node: Int
        var session: String
        var device: String
    }

    private static let silenceMax = Duration.seconds(120)
    private static let grace = Duration.seconds(15)

    /// When each socket was heard last, as far as the server can know.
    private var lastHeard: [ConnectionID: Instant] = [:]
    /// Devices that were cut off, and until when they may return unnoticed.
    private var graces: [Place: Instant] = [:]

    mutating func heard(_ id: ConnectionID, at now: Instant) { lastHeard[id] = now }

    mutating func bound(_ place: Place) { graces[place] = nil }

    /// A socket's link broke, or it closed.
    mutating func ended(_ id: ConnectionID, _ place: Place?, cleanly: Bool, at now: Instant) {
        lastHeard[id] = nil
        guard let place else { return }
        graces[place] = cleanly ? nil : now + Self.grace
    }

    /// A device was told to go.
    mutating func removed(_ place: Place) { graces[place] = nil }

    /// A server crashed.
    mutating func crashed(_ node: Int) { graces = graces.filter { $0.key.node != node } }

    /// A DEVICE_LEFT is told.
    mutating func left(_ place: Place, _ reason: SyncLeaveReason, at now: Instant) throws {
        let grace = graces.removeValue(forKey: place)
        if reason == .lost, grace.map({ $0 > now }) ?? true {
            throw SimulationFailure("\(place.device) is lost before its time is over")
        }
    }

    /// Holds the sockets that belong to a device against the clock.
    func check(_ sockets: some Sequence<ConnectionID>, at now: Instant) throws {
        for id in sockets {
            guard let last = lastHeard[id], now - last > Self.silenceMax else { continue }
            throw SimulationFailure("\(id) is there \((now - last).milliseconds) ms after it was heard last")
        }
    }

    /// Holds a list against the truth.
    ///
    /// - Parameter isBound: Whether a socket of the device is bound on this server.
    func check(
        _ devices: [SyncDevice], node: Int, session: String, at now: Instant, isBound: (String) -> Bool
    ) throws {
        for device in devices {
            let place = Place(node: node, session: session, device: device.id)
            let isInGrace = graces[place].map { $0 >= now } ?? false
            // On the edge of its grace both are right.
            if graces[place] == now { continue }
            guard device.isOnline != (isBound(device.id) || isInGrace) else { continue }
            throw SimulationFailure("\(device.id) is listed as \(device.isOnline ? "online" : "offline")")
        }
    }
}
