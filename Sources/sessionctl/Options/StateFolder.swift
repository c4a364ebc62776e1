package import CommandKit

/// Where state is kept between runs (PROTOCOLS §1.10, `--data-dir`).
package enum StateFolder {
    /// The folder of `serve`: `--data-dir`, or else the person's own.
    ///
    /// - Throws: ``CommandError`` with status 78 where neither option nor environment names one.
    package static func dataDirectory(
        _ settings: Settings, environment: (String) -> String?
    ) throws(CommandError) -> String {
        if let path = settings[ServeOptions.dataDirectory] { return path }
        if let path = personal(environment) { return path }
        throw .configuration("HOME is not set, so there is no place for state; name one with --data-dir DIR")
    }

    /// `$XDG_STATE_HOME/sessionctl`, or `~/.local/state/sessionctl`; `nil` without either variable.
    ///
    /// A relative `XDG_STATE_HOME` is ignored, as the XDG Base Directory Specification asks.
    package static func personal(_ environment: (String) -> String?) -> String? {
        if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/sessionctl" }
        guard let home = environment("HOME"), !home.isEmpty else { return nil }
        return home + "/.local/state/sessionctl"
    }
}
