/// The limits of sync that are part of the protocol (PROTOCOLS 1-29, §3.3, §3.4).
package enum SyncLimits {
    /// The longest `state_data`, in bytes of JSON: 1 MiB.
    package static let stateBytesMax = 1 << 20
    /// The longest body of a request, in bytes: a state with as much white space again and what stands around it.
    package static let bodyBytesMax = 2 << 20
    /// The most keys at the top level of a state.
    package static let stateKeysMax = 1000
    /// The longest key, in Unicode scalars.
    package static let keyScalarsMax = 256
    /// How many objects and arrays may lie in each other in a state, so that a SNAPSHOT_RESPONSE keeps to 32.
    package static let stateDepthMax = 30
    /// The same for the value of one key.
    package static let valueDepthMax = stateDepthMax - 1
    /// The longest `data` of a client's BROADCAST, in bytes of JSON: 32 KiB.
    package static let broadcastBytesMax = 32 << 10
    /// The longest event name of a BROADCAST, in scalars.
    package static let eventScalarsMax = 64
    /// The longest device name, in scalars.
    package static let deviceNameScalarsMax = 128
    /// The longest `app_version` and `os_version`, in scalars.
    package static let versionScalarsMax = 64
    /// The most devices of a session.
    package static let devicesMax = 20
    /// The most sessions of a user.
    package static let sessionsMax = 50
    /// The longest message of `POST /admin/broadcast`, in bytes of UTF-8: 4 KiB.
    package static let adminMessageBytesMax = 4 << 10

    /// Tells whether a text may be a key of a state: 1 to 256 scalars, NUL not among them.
    package static func allowsKey(_ key: String) -> Bool {
        !key.isEmpty && allowsText(key, scalarsMax: keyScalarsMax) && !key.unicodeScalars.contains("\0")
    }

    /// Tells whether a text has at most so many scalars.
    package static func allowsText(_ text: String, scalarsMax: Int) -> Bool {
        // A scalar takes one byte at least, so that most texts need not be counted.
        text.utf8.count <= scalarsMax || text.unicodeScalars.count <= scalarsMax
    }
}
