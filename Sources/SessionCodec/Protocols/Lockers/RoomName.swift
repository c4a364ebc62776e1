import SessionBase

/// The rule for names of rooms (PROTOCOLS 4-8): `^[A-Za-z0-9_.:-]{1,100}$`; names of events follow it too (4-16).
package enum RoomName {
    /// The longest name, in bytes.
    package static let bytesMax = 100

    /// Tells whether a text is the name of a room.
    ///
    /// - Complexity: O(n), no allocation.
    package static func allows(_ name: Span<UInt8>) -> Bool {
        guard 1...bytesMax ~= name.count else { return false }
        for index in name.indices where !isAllowed(name[index]) { return false }
        return true
    }

    /// Tells whether a text is the name of a room.
    package static func allows(_ name: String) -> Bool { allows(name.utf8.span) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The rule for namespaces: `/ws/` and 1 to 64 letters, digits, underscores or hyphens (seed 004, *Namespaces*).
package enum NamespacePath {
    /// Locker states.
    package static let lockers = "/ws/lockers"
    /// Requests for help.
    package static let help = "/ws/help"
    /// Commands and whatever else happens.
    package static let events = "/ws/events"

    /// What every path begins with.
    package static let prefix = "/ws/"
    /// The longest name behind the prefix, in bytes.
    package static let nameBytesMax = 64

    /// Tells whether a text is the path of a namespace.
    package static func allows(_ path: String) -> Bool {
        guard path.hasPrefix(prefix) else { return false }
        return allows(name: path.utf8.dropFirst(prefix.utf8.count))
    }

    /// The path of a namespace that is named by its path or, as people write it, without `/ws/`; `nil` where it is neither.
    package static func normalized(_ text: String) -> String? {
        if allows(text) { return text }
        return allows(name: text.utf8[...]) ? prefix + text : nil
    }

    private static func allows(name: Substring.UTF8View) -> Bool {
        1...nameBytesMax ~= name.count
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
