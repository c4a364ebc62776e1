/// The types of message that a client of channels may send (PROTOCOLS §4.3).
package enum ChannelsClientKind: Int, SpelledKind, CaseIterable, Hashable, Sendable {
    case subscribe, unsubscribe, publish, ping
    case getStatus
    case subscribeTemplate
    case cancelReport
    case requestUpdate
    case updateInterval
    case applyFilter

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .subscribe: "subscribe"
        case .unsubscribe: "unsubscribe"
        case .publish: "publish"
        case .ping: "ping"
        case .getStatus: "get_status"
        case .subscribeTemplate: "subscribe_template"
        case .cancelReport: "cancel_report"
        case .requestUpdate: "request_update"
        case .updateInterval: "update_interval"
        case .applyFilter: "apply_filter"
        }
    }

    /// The spelling as a string.
    package var name: String { spelling.description }

    /// The kind that is spelled `name`.
    package init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
