import SessionCodec

extension ChannelsRoute {
    /// Whether a message may be sent here; on other routes its type does not exist (PROTOCOLS §4.3).
    func takes(_ kind: ChannelsClientKind) -> Bool {
        switch (kind, self) {
        case (_, .health): false
        case (.ping, _), (.getStatus, _): true
        case (.subscribe, .hub), (.unsubscribe, .hub), (.publish, .hub): true
        case (.subscribeTemplate, .progress), (.cancelReport, .progress), (.requestUpdate, .progress): true
        case (.updateInterval, .stream), (.applyFilter, .stream): true
        default: false
        }
    }

    /// Whether the id in the path is one (PROTOCOLS §1.8).
    var hasValidID: Bool {
        switch self {
        case .hub, .health, .notifications: true
        case .progress(let id), .stream(let id): IdentifierRule.allows(id)
        }
    }
}
