internal import CommandKit
internal import SessionIO

/// Where a server keeps what outlives it and what dies with it (PROTOCOLS §1.10).
enum RuntimeFolders {
    /// The data directory: `--data-dir`, or else `$XDG_STATE_HOME/sessionctl`, or else `~/.local/state/sessionctl`.
    static func data(_ settings: Settings, _ environment: (String) -> String?) throws(CommandError) -> String {
        if let folder = settings[ServeOptions.dataDirectory] { return folder }
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/sessionctl" }
        guard let home = environment("HOME"), !home.isEmpty else {
            throw .configuration("neither HOME nor XDG_STATE_HOME is set; say where to keep state with --data-dir DIR")
        }
        return home + "/.local/state/sessionctl"
    }

    /// The admin socket: `--admin-socket`, or else one named for this process in the runtime directory.
    static func adminSocket(_ settings: Settings, _ environment: (String) -> String?) throws(CommandError) -> String {
        if let path = settings[ServeOptions.adminSocket] { return path }
        let name = "/\(ProcessUsage.identifier).sock"
        if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") {
            return runtime + "/sessionctl" + name
        }
        return try data(settings, environment) + "/run" + name
    }
}
