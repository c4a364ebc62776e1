/// The types of message that a server of channels may send (PROTOCOLS §4.4); the raw value is an index for counters.
package enum ChannelsServerKind: Int, Spelled, Hashable, Sendable {
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

    /// The kind of messages whose type is spelled `name`.
    package init(name: String) { self = Self.allCases.first { $0 != .other && $0.name == name } ?? .other }
}
