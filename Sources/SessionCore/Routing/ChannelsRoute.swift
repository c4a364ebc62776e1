/// Which of channels' WebSockets a path is (PROTOCOLS §1.2, seed 002, *Endpoints*).
package enum ChannelsRoute: Equatable, Sendable {
    /// `/ws` and `/channels/ws`: channels.
    case hub
    /// `/ws/health` and `/channels/ws/health`: one frame, then the end (PROTOCOLS 2-18).
    case health
    /// `/api/v1/reports/progress/{id}`: how far a report is.
    case progress(report: String)
    /// `/api/v1/reports/stream/{tpl}`: the rows of a template.
    case stream(template: String)
    /// `/api/v1/reports/notifications`: what concerns everybody.
    case notifications

    /// Reads a path, percent-decoded; `nil` where channels have no WebSocket.
    package init?(_ path: String) {
        switch path {
        case "/ws", "/channels/ws": self = .hub
        case "/ws/health", "/channels/ws/health": self = .health
        case "/api/v1/reports/notifications": self = .notifications
        default:
            if let id = Self.id(in: path, behind: "/api/v1/reports/progress/") {
                self = .progress(report: id)
            } else if let id = Self.id(in: path, behind: "/api/v1/reports/stream/") {
                self = .stream(template: id)
            } else {
                return nil
            }
        }
    }

    /// All that follows a prefix: an id may hold slashes, which were escaped, and begin with an accent.
    private static func id(in path: String, behind prefix: String) -> String? {
        guard path.utf8.starts(with: prefix.utf8), path.utf8.count > prefix.utf8.count else { return nil }
        return String(path.utf8.dropFirst(prefix.utf8.count))
    }
}
