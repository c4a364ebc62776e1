import SessionBase
import SessionCodec
import SessionCore

/// Who is in which group of this loop.
struct Groups {
    private var members: [GroupID: [ConnectionID]] = [:]

    /// Adds a member.
    mutating func join(_ id: ConnectionID, _ group: GroupID) { members[group, default: []].append(id) }

    /// Removes a member; the group goes with its last one.
    mutating func leave(_ id: ConnectionID, _ group: GroupID) {
        members[group]?.removeAll { $0 == id }
        if members[group]?.isEmpty == true { members[group] = nil }
    }

    /// The members of a group.
    subscript(_ group: GroupID) -> [ConnectionID] { members[group] ?? [] }
}

extension ServerLoop {
    /// Sends a message to the members of a group.
    mutating func multicast(_ multicast: Multicast, _ bytes: Span<UInt8>) {
        let members = groups[multicast.group].filter { $0 != multicast.except }
        publish(multicast.message.kind, bytes.extracting(multicast.message.range), to: members[...])
    }
}
