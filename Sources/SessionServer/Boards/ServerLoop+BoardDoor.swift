import SessionBase
import SessionCodec
import SessionCore

/// Who comes into which room of board (PROTOCOLS 3-4, §1.10 "Board").
extension ServerLoop {
    /// The room of whoever names none where nobody has to.
    private static let commonRoom = "default"

    /// Settles user and room of a peer: as the claims of its token say, or, where the profile lets peers in without one, as
    /// the query says.
    ///
    /// Who comes in without a token edits in open mode, and looks on where tokens are optional.
    ///
    /// - Throws: Where claims are missing, or a name in the query is none.
    mutating func member(_ identity: Identity, _ target: HTTPTarget) throws(Refusal) -> Identity {
        let isOpen = configuration.access.mode(of: .board) == .open
        var member = identity
        if identity.isAssumed {
            member.user = try name("userId", target) ?? "guest-" + String(requestID().prefix(8))
            if !isOpen { member.roles = [BoardProtocol.viewerRole] }
        }
        guard member.room == nil else { return member }
        guard isOpen || identity.isAssumed else { throw .unauthorized(.claims, "the token has no roomId") }
        member.room = try name("roomId", target) ?? Self.commonRoom
        return member
    }

    private func name(_ parameter: String, _ target: HTTPTarget) throws(Refusal) -> String? {
        guard let name = target.query(parameter) else { return nil }
        guard IdentifierRule.allows(name) else {
            throw .badParameter("\(parameter) has 1 to 128 characters, none of them a blank or a control character")
        }
        return name
    }
}
