internal import CommandKit
internal import SessionIO
internal import SessionServer

/// `sessionctl serve`: runs the server until it is drained.
enum ServeCommand {
    /// Opens the listeners, names each on standard output, and serves.
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        try EnvironmentCheck.warn(invocation)
        let configuration = try ServerConfiguration(invocation.settings, environment: invocation.context.environment)
        if let notice = configuration.access.notice {
            try invocation.context.errors.write("sessionctl serve: \(notice)\n")
        }
        let server: Server
        do {
            server = try Server(configuration, reader: reader(invocation))
        } catch {
            throw CommandError(status(of: error), advice(for: error))
        }
        try run(server, announcingTo: invocation.context.output)
        return .success
    }

    private static func run(_ server: Server, announcingTo output: Output) throws(CommandError) {
        let signals: Signals
        do { signals = try Server.catchSignals() } catch { throw CommandError(.internal, "\(error)") }
        for line in server.announcements { try output.write(line + "\n") }
        do { try server.run(catching: signals) } catch { throw CommandError(.internal, "\(error)") }
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
        case .tls, .storage: .configuration
        }
    }

    private static func advice(for error: ServerStartError) -> String {
        guard case .system(let cause) = error, cause.isAddressInUse else { return "\(error)" }
        return "\(error); end the process that listens there, or choose another port with --listen"
    }
}
