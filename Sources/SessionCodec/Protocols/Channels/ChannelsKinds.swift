/// The types of message that a client of channels may send (PROTOCOLS §4.3).
package enum ChannelsClientKind: Int, CaseIterable, Hashable, Sendable {
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

/// The types of message that a server of channels may send (PROTOCOLS §4.4); the raw value is an index for counters.
package enum ChannelsServerKind: Int, CaseIterable, Hashable, Sendable {
    case welcome, subscribed, unsubscribed, pong, status
    case reportStatus, reportCompleted
    case initialData, dataUpdate
    case systemAlert, maintenanceNotice
    case error, health
    case published
    case intervalUpdated
    /// Any other object with a string `type`, as producers send them (2-15); it has no spelling of its own.
    case other

    /// How the type is spelled on the wire.
    package var spelling: StaticString {
        switch self {
        case .welcome: "welcome"
        case .subscribed: "subscribed"
        case .unsubscribed: "unsubscribed"
        case .pong: "pong"
        case .status: "status"
        case .reportStatus: "report_status"
        case .reportCompleted: "report_completed"
        case .initialData: "initial_data"
        case .dataUpdate: "data_update"
        case .systemAlert: "system_alert"
        case .maintenanceNotice: "maintenance_notice"
        case .error: "error"
        case .health: "health"
        case .published: "published"
        case .intervalUpdated: "interval_updated"
        case .other: "other"
        }
    }

    /// The spelling as a string.
    package var name: String { spelling.description }

    /// The kind of messages whose type is spelled `name`.
    package init(name: String) { self = Self.allCases.first { $0 != .other && $0.name == name } ?? .other }
}
