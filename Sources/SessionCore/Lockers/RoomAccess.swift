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
            return known.map { $0.kiosk == nil || $0.kiosk == room } ?? false
        }
        return rule.members.contains { member in
            switch member {
            case "anyone": true
            case "authenticated": known != nil
            case "kiosk": known?.kiosk == room
            default: known?.roles.contains(member) ?? false
            }
        }
    }
}

extension RoomRule {
    /// Whether the rule is about a room.
    func fits(_ room: String) -> Bool {
        guard let star = pattern.utf8.firstIndex(of: UInt8(ascii: "*")) else { return room == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.utf8.index(after: star)...])
        return room.utf8.count >= head.utf8.count + tail.utf8.count && room.hasPrefix(head) && room.hasSuffix(tail)
    }
}
