internal import CommandKit
internal import SessionIO

/// Where a server keeps what dies with it (PROTOCOLS §1.10).
enum RuntimeFolders {
    /// The admin socket: `--admin-socket`, or else one named for this process in the runtime directory.
    static func adminSocket(_ settings: Settings, _ environment: (String) -> String?) throws(CommandError) -> String {
        if let path = settings[ServeOptions.adminSocket] { return path }
        let name = "/\(ProcessUsage.identifier).sock"
        if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") {
            return runtime + "/sessionctl" + name
        }
        return try StateFolder.dataDirectory(settings, environment: environment) + "/run" + name
    }
}
