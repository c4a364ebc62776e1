import SessionBase

/// The rule for names of channels (PROTOCOLS 2-12), and the names that the server itself publishes to.
///
/// `^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.@-]+){0,7}$`, at most 200 bytes.
package enum ChannelName {
    /// The longest name, in bytes.
    package static let bytesMax = 200
    /// The most segments, which colons divide.
    package static let segmentsMax = 8

    /// Tells whether a text is the name of a channel.
    ///
    /// - Complexity: O(n), no allocation.
    package static func allows(_ name: Span<UInt8>) -> Bool {
        guard 1...bytesMax ~= name.count else { return false }
        var segments = 1
        var length = 0
        for index in name.indices {
            let byte = name[index]
            if byte == UInt8(ascii: ":") {
                guard length > 0, segments < segmentsMax else { return false }
                segments += 1
                length = 0
            } else {
                guard isAllowed(byte, isFirstSegment: segments == 1) else { return false }
                length += 1
            }
        }
        return length > 0
    }

    /// Tells whether a text is the name of a channel.
    package static func allows(_ name: String) -> Bool { allows(name.utf8.span) }

    private static func isAllowed(_ byte: UInt8, isFirstSegment: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        case UInt8(ascii: "@"): !isFirstSegment
        default: false
        }
    }

    // MARK: Channels of the seed

    /// Everybody's progress of reports (2-10).
    package static let progress = "reports:progress"
    /// Everybody's rows of streams (2-10).
    package static let dataUpdates = "reports:data-updates"
    /// News about the system.
    package static let systemNotifications = "system:notifications"
    /// The caller's own alerts, whoever that is (2-11).
    package static let ownAlerts = "user:alerts"
    /// What a connection to the notifications hears without asking (2-27).
    package static let notifications = ["reports:system", "reports:maintenance", "reports:alerts"]

    /// The progress of one report (2-10).
    package static func progress(of report: String) -> String { "reports:progress:" + report }
    /// The rows of one stream (2-10).
    package static func data(of template: String) -> String { "reports:data:" + template }
    /// What the producer of a report is told (2-20).
    package static func control(of report: String) -> String { "reports:control:" + report }
    /// A user in the name of a channel: the id, or `b64.` and the id in base64url where it has other characters than names
    /// have, such as `auth0|123`. No two users have the same.
    package static func segment(of user: String) -> String {
        let isPlain = !user.isEmpty && user.utf8.allSatisfy { isAllowed($0, isFirstSegment: false) }
        return isPlain && !user.hasPrefix("b64.") ? user : "b64." + Base64URL.encode(user.utf8.span)
    }
    /// A user's own alerts (2-11).
    package static func alerts(of user: String) -> String { "user:\(segment(of: user)):alerts" }
    /// News about a user's own reports (2-27).
    package static func reports(of user: String) -> String { "user:\(segment(of: user)):reports" }
}
