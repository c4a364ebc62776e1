internal import CommandKit
internal import SessionIO
internal import SessionServer

/// `sessionctl serve`: runs the server until it is drained.
enum ServeCommand {
    /// Opens the listeners, names each on standard output, and serves.
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let configuration = try ServerConfiguration(invocation.settings, environment: invocation.context.environment)
        let server: Server
        do {
            server = try Server(configuration, reader: reader(invocation))
        } catch {
            throw CommandError(status(of: error), advice(for: error))
        }
        for line in server.announcements { try invocation.context.output.write(line + "\n") }
        do {
            try server.run(handlesSignals: true)
        } catch {
            throw CommandError(.internal, "\(error)")
        }
        return .success
    }

    /// Reads command line, environment and file once more, as a reload does.
    private static func reader(_ invocation: Invocation) -> ConfigurationReader {
        let parsed = invocation.parsed
        return {
            do throws(CommandError) {
                let environment = CommandContext.process.environment
                let settings = try SettingsLoader.load(parsed, environment: environment)
                return .success(try ServerConfiguration(settings, environment: environment))
            } catch {
                return .failure(ReloadFailure(error.message))
            }
        }
    }

    private static func status(of error: ServerStartError) -> ExitStatus {
        switch error {
        case .system: .unavailable
        case .tls: .configuration
        }
    }

    private static func advice(for error: ServerStartError) -> String {
        guard case .system(let cause) = error, cause.isAddressInUse else { return "\(error)" }
        return "\(error); end the process that listens there, or choose another port with --listen or --port"
    }
}
