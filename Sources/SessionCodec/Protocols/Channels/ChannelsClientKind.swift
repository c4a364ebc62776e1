/// The types of message that a client of channels may send (PROTOCOLS §4.3).
package enum ChannelsClientKind: Int, Spelled, Hashable, Sendable {
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
}
