package import CommandKit
internal import Glibc
internal import SessionIO

/// The world as a command sees it, so that every command can run inside a test.
package struct CommandContext {
    /// Looks an environment variable up.
    package var environment: (String) -> String?
    /// The names of all variables.
    package var environmentNames: () -> [String]
    /// Results.
    package var output: Output
    /// Everything that is no result.
    package var errors: Output
    /// The descriptor that input is read from.
    package var input: CInt = STDIN_FILENO

    /// Makes a context.
    package init(
        environment: @escaping (String) -> String?, environmentNames: @escaping () -> [String] = { [] }, output: Output,
        errors: Output
    ) {
        self.environment = environment
        self.environmentNames = environmentNames
        self.output = output
        self.errors = errors
    }

    /// The context of this process.
    package static var process: CommandContext {
        CommandContext(
            environment: Environment.value, environmentNames: { Array(Environment.all().keys) },
            output: Output(descriptor: STDOUT_FILENO, name: "standard output"),
            errors: Output(descriptor: STDERR_FILENO, name: "standard error"))
    }

    /// Whether input is typed.
    package var isInputTerminal: Bool { isatty(input) == 1 }

    /// How text on an output is decorated: not where `NO_COLOR` is set (no-color.org), `TERM` is `dumb`, or no terminal
    /// is attached.
    package func style(of output: Output) -> TextStyle {
        let refused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        return refused || environment("TERM") == "dumb" || !output.isTerminal ? .plain : .terminal
    }
}
