package import CommandKit
internal import SessionConsole

/// The declaration of `console`.
package enum ConsoleCommands {
    /// `-c`.
    static let execute = Option.list("command", "Do COMMAND and leave; may be given again", "COMMAND").short("c")
    /// `-f`.
    static let file = Option.text("file", "Do the lines of FILE and leave, - for input", "FILE", .file).short("f")
    /// `--keep-going`.
    static let keepGoing = Option.toggle("keep-going", "Go on behind a line that fails")
        .detail("The exit status is that of the first failure.")
    /// `--history`.
    static let history = Option.text("history", "Keep typed lines in FILE", "FILE", .file)
        .unset("$XDG_STATE_HOME/sessionctl/console-history, or ~/.local/state/sessionctl/console-history")
        .detail("Mode 0600; lines that hold a secret are left out.")

    /// `console`.
    package static let console = CommandSpec("console", "Look at a running server and act on it, by hand") {
        var details = CommandDetails(
            discussion: [
                """
                Offers the verbs of sessionctl-admin(1) on a prompt, with completion of verbs, options, field names \
                and of ids that live on the server. 'help' lists the verbs, 'help VERB' explains one.
                """,
                """
                'watch N COMMAND' gives a command every N seconds, 'trace ID' prints the frames of a connection above \
                the line being typed while other commands go on, 'untrace' ends that. Ctrl-C clears the line, or \
                stops what runs; Ctrl-D leaves.
                """,
                """
                With --command, --file or a pipe it is a script: '#' starts a comment, the first line that fails ends \
                it with that line's exit status, and what touches more than one session needs --yes behind its verb. \
                Words are cut as in a shell: quotes keep blanks.
                """,
            ],
            options: [execute.spec, file.spec, keepGoing.spec].under("Scripts") + [history.spec].under("Prompt")
                + APICommands.common(.administration))
        details.examples = [
            CommandExample("sessionctl console", "Talk to the server of this machine"),
            CommandExample("sessionctl console -c status -c 'connections --sort -queued'", "Two answers"),
            CommandExample(
                "sessionctl console --url https://host.example --token-file admin.jwt", "Talk to one far away"),
            CommandExample("echo 'kick --where \"idle>1h\" --yes' | sessionctl console", "From a pipe"),
        ]
        return details
    }
}
