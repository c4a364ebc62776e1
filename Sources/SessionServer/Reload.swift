import SessionCodec

/// What a reload did (PROTOCOLS C12).
struct ReloadReport: Sendable, Equatable {
    /// Keys whose new value is in force.
    var applied: [String] = []
    /// Keys whose new value needs a restart.
    var needsRestart: [String] = []

    /// Keys that are read once, at the start: what is open stays open.
    private static let fixedKeys: Set<String> = [
        "profile", "listen", "single", "host", "threads", "dev", "admin-listen", "admin-socket", "data-dir",
        "awareness-port", "sync-port", "sync-address", "echo-port", "channels-port", "lockers-port", "board-port",
        "ws-owner", "lockers-namespace", "store", "redis-password", "redis-db",
    ]

    /// Compares two configurations key by key.
    init(from old: [(key: String, value: String)], to new: [(key: String, value: String)]) {
        for (before, after) in zip(old, new) where before != after {
            // Whether boards have a backend decides where they are looked for.
            let isSwitch = after.key == "board-backend" && (before.value.isEmpty || after.value.isEmpty)
            if isSwitch || Self.fixedKeys.contains(after.key) {
                needsRestart.append(after.key)
            } else {
                applied.append(after.key)
            }
        }
    }

    /// The answer to `POST /admin/reload`.
    var response: HTTPResponse {
        .json { json in
            json.field("status", "reloaded")
            json.field("applied") { json in json.array { json in for key in applied { json.value(key) } } }
            json.field("needs_restart") { json in json.array { json in for key in needsRestart { json.value(key) } } }
        }
    }
}

/// Reads the configuration again; a description of what is wrong where it cannot be used.
package typealias ConfigurationReader = @Sendable () -> Result<ServerConfiguration, ReloadFailure>

/// Why a configuration was rejected whole; the old one stays in force.
package struct ReloadFailure: Error {
    /// One sentence.
    package let message: String

    /// Describes the failure.
    package init(_ message: String) { self.message = message }
}
