/// Who may join which room (PROTOCOLS 4-9).
///
/// Where everything is open, anybody; an administrator any. The first rule whose pattern fits decides; where none does,
/// anybody with a session may, and a kiosk only the room of its own name.
enum RoomAccess {
    /// Whether somebody may join a room.
    ///
    /// - Parameter identity: `nil` for an anonymous peer.
    static func allows(_ identity: Identity?, _ room: String, _ configuration: LockersConfiguration) -> Bool {
        // Open mode's assumed identity is an administrator's, also where one namespace alone is open.
        if configuration.isOpen || identity?.isAdmin == true { return true }
        let known = identity.flatMap { $0.isAssumed ? nil : $0 }
        guard let rule = configuration.roomRules.first(where: { $0.fits(room) }) else {
            return known.map { $0.kiosk?.isSameBytes(as: room) ?? true } ?? false
        }
        return rule.members.contains { member in
            switch member {
            case "anyone": true
            case "authenticated": known != nil
            case "kiosk": known?.kiosk?.isSameBytes(as: room) ?? false
            default: known?.roles.contains { $0.isSameBytes(as: member) } ?? false
            }
        }
    }
}

extension RoomRule {
    /// Whether the rule is about a room; patterns mean what those of channels mean.
    func fits(_ room: String) -> Bool { ChannelRule(pattern: pattern).fits(room) }
}
