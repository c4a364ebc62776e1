/// Why a command ends without having done what was asked: one line that says what, where and what to do.
package struct CommandError: Error, Equatable {
    /// What the process leaves with.
    package var status: ExitStatus
    /// The line, without the program's name before it and without a full stop.
    package var message: String

    /// Makes an error.
    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// A mistake on the command line.
    package static func usage(_ message: String) -> CommandError { CommandError(.usage, message) }

    /// A mistake in the environment or in a configuration file.
    package static func configuration(_ message: String) -> CommandError { CommandError(.configuration, message) }
}

/// Where the value of an option came from (PROTOCOLS C15: flag, then environment, then file, then default).
package enum Origin: Equatable, Sendable {
    /// The command line, with the spelling used: `--port`, `-p`.
    case option(String)
    /// The command itself: `serve awareness`.
    case command(String)
    /// An environment variable.
    case environment(String)
    /// A line of a configuration file; lines count from 1.
    case file(path: String, line: Int)
    /// Nothing set it.
    case standard

    /// How comments and messages name it: `--port`, `environment PORT`, `/etc/x.conf:3`, `default`.
    package var description: String {
        switch self {
        case .option(let spelling): spelling
        case .command(let name): name
        case .environment(let variable): "environment \(variable)"
        case .file(let path, let line): "\(path):\(line)"
        case .standard: "default"
        }
    }

    /// What a bad value from here ends the process with.
    package var exitStatus: ExitStatus {
        switch self {
        case .option, .command: .usage
        case .environment, .file, .standard: .configuration
        }
    }

    /// The error for a value of an option that came from here.
    ///
    /// - Parameters:
    ///   - text: The value as it was written, or `nil` where it must not be shown or does not matter.
    ///   - remedy: What to write instead.
    package func error(for option: OptionSpec, _ text: String?, _ remedy: String) -> CommandError {
        let shown = text.map { option.isSecret ? "" : " \(Self.printable(URLText.withoutPassword($0) ?? $0))" } ?? ""
        let place =
            switch self {
            case .option(let spelling): "\(spelling)\(shown)"
            case .command(let name): "\(name): \(option.displayName)\(shown)"
            case .environment(let variable): "environment variable \(variable)\(shown.isEmpty ? "" : " is\(shown)")"
            case .file(let path, let line): "\(path):\(line): \(option.key)\(shown)"
            case .standard: "default of \(option.key)\(shown)"
            }
        return CommandError(exitStatus, "\(place): \(remedy)")
    }

    /// A value on one line: control characters replaced, long ones cut, an empty one as `""`.
    package static func printable(_ text: String) -> String {
        if text.isEmpty { return "\"\"" }
        let cut = text.count > 80 ? text.prefix(77) + "..." : text[...]
        return String(cut.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : Character($0) })
    }
}
