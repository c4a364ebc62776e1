package import CommandKit

/// What the man pages of `serve` and `config` say besides their options.
package enum ServeManual {
    /// Variables besides those of options.
    static let variables = [
        ("XDG_STATE_HOME", "Holds sessionctl's folder of state, unless --data-dir names it"),
        ("HOME", "Where XDG_STATE_HOME is not set, state is kept in .local/state/sessionctl below it"),
        ("XDG_RUNTIME_DIR", "Holds sessionctl/PID.sock, unless --admin-socket names it"),
        ("NO_COLOR", "Where it is not empty, nothing is coloured"),
    ]

    /// How settings are found and files are written.
    package static let configuration = ManualSection(
        "CONFIGURATION",
        [
            """
            A setting comes from the command line, or else from the environment, or else from the file of --config, \
            or else it has its default. 'sessionctl config print' shows each with its origin.
            """,
            """
            The file has one 'key value' a line. Keys are the long option names without dashes; a key that takes a \
            list is repeated; a yes/no key is 'on' or 'off'. '#' starts a comment at the beginning of a line or after \
            white space. A value with a '#' after a blank is written between double quotes, with backslashes before quotes \
            and backslashes. An unknown key, a key given twice, or a bad value is an error with its line, and exit \
            status 78.
            """,
            """
            The variable of a key is SESSIONCTL_ and the key in capitals with underscores, such as \
            SESSIONCTL_PING_INTERVAL; a list is separated by commas there. serve warns of a variable that begins like that and is no key's.
            """,
            """
            A duration is a whole number and one of ms, s, m, h and d; a bare number is milliseconds where the option \
            says so, and otherwise refused. A size is a number of bytes, or one with KiB, MiB or GiB.
            """,
        ])

    /// What standard output says, for scripts.
    static let listeners = ManualSection(
        "STANDARD OUTPUT",
        [
            """
            One line a listener, once it accepts connections: 'listening NAMES HOST:PORT' or 'listening NAMES \
            unix:PATH', where NAMES are the profiles joined by '+' and PORT is the real one. Everything else goes to \
            standard error.
            """
        ])
}
