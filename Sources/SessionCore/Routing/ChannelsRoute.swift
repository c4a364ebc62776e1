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
            guard path.hasPrefix("/api/v1/reports/") else { return nil }
            let segments = path.dropFirst(16).split(separator: "/", omittingEmptySubsequences: false)
            guard segments.count == 2, !segments[1].isEmpty else { return nil }
            switch segments[0] {
            case "progress": self = .progress(report: String(segments[1]))
            case "stream": self = .stream(template: String(segments[1]))
            default: return nil
            }
        }
    }
}
