import CommandKit
import sessionctl

/// A command run inside the test, with an environment and outputs of its own.
struct InProcess {
    var status: ExitStatus
    var output: String
    var errors: String

    /// Runs a command line, without the program's name.
    init(_ arguments: String..., environment: [String: String] = [:]) { self.init(arguments, environment: environment) }

    /// Runs a command line, without the program's name.
    init(_ arguments: [String], environment: [String: String] = [:]) {
        let context = CommandContext(
            environment: { environment[$0] }, environmentNames: { Array(environment.keys) }, output: Output(),
            errors: Output())
        status = Program.run(arguments, context)
        output = context.output.text
        errors = context.errors.text
    }
}

/// Settings of `serve` as a command line, an environment and a file would give them.
func serveSettings(
    _ arguments: [String], environment: [String: String] = [:], file: String? = nil
) throws(CommandError) -> Settings {
    let parsed = try ArgumentParser.parse(arguments, root: CommandTable.root)
    let resolver = SettingsResolver(options: parsed.details.settings) { environment[$0] }
    let configuration = file.map { ConfigurationFile($0, path: "f.conf", options: parsed.details.settings) }
    return try SettingsLoader.resolveServe(parsed, resolver, file: configuration)
}

/// The message and status of what `serve` refuses; `nil` where it refuses nothing.
func serveFailure(_ arguments: [String], file: String? = nil) -> (message: String, status: CommandKit.ExitStatus)? {
    do throws(CommandError) {
        _ = try serveSettings(["serve"] + arguments, file: file)
        return nil
    } catch {
        return (error.message, error.status)
    }
}
