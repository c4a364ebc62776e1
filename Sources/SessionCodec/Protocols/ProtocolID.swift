/// The protocols that sessionctl speaks: a closed list, so that a new case leads its author to every decision it needs.
///
/// The raw value is what `--profile` takes, the name in metrics, and the folder of the fixtures.
package enum ProtocolID: String, CaseIterable, Hashable, Sendable {
    /// Awareness of a user's open windows and cases (seed 000).
    case awareness
    /// Session state across the devices of a user (seed 001).
    case sync
    /// Topics of a hospital's system: report progress, live streams, notifications (seed 002).
    case channels
    /// Shared whiteboard rooms (seed 003).
    case board
    /// Namespaces and rooms of locker kiosks (seed 004).
    case lockers
    /// Sends back what it receives: for load and conformance tools (PROTOCOLS §1.11).
    case echo

    /// The path under which the protocol can be reached on every listener that carries it (PROTOCOLS §1.2).
    package var mountedPath: String {
        switch self {
        case .awareness, .board, .lockers, .echo: "/" + rawValue
        case .sync: "/sync/ws"
        case .channels: "/channels/ws"
        }
    }
}
