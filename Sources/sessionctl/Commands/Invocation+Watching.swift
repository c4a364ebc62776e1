import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO

/// From the options of a command of channels or lockers to its connection and its script.
extension Invocation {
    /// Where the service is: `--url`, or its native listener on loopback.
    func serviceEndpoint(_ service: ProtocolID) throws(CommandError) -> Endpoint {
        guard let text = settings[APIOptions.url] else {
            return Endpoint(address: .host("127.0.0.1", port: service.descriptor.defaultPort))
        }
        return try Self.endpoint(parsing: text)
    }

    /// When enough was told.
    func watchConditions() throws(CommandError) -> StopRule.Conditions {
        var conditions = try conditions()
        conditions.wait = nil
        conditions.lasting = settings[ClientOptions.duration]
        return conditions
    }

    /// Plays a script on a connection.
    ///
    /// - Parameters:
    ///   - endpoint: The socket.
    ///   - remedy: What somebody can do whom the server does not know; a clause.
    ///   - readsInput: Whether lines of standard input are the script's.
    ///   - credentials: Who connects; `nil` reads the options.
    func play(
        _ script: some WatchScript, on endpoint: Endpoint, of service: ProtocolID,
        presenter: (any NewsPresenter)? = nil,
        isSilent: Bool = false, readsInput: Bool = false, credentials: Credentials? = nil
    ) throws(CommandError) -> ExitStatus {
        let bar = presenter as? ReportBar
        let errors = context.errors
        let run = try watchRun(endpoint, service, isSilent: isSilent) { bytes throws(CommandError) in
            try bar?.clear()
            try errors.write(bytes: bytes)
        }
        let who: Credentials
        if let credentials { who = credentials } else { who = try watchCredentials() }
        var client = WatchClient(run, script, resultPrinter(), presenter: presenter, credentials: who)
        client.readsInput = readsInput
        if service == .lockers {
            client.remedy =
                "give a session with --session-file, or SESSIONCTL_LOCKER_SESSION; 'sessionctl session create' makes one"
        }
        return ExitStatus(try client.play())
    }

    /// A connection that is not made yet; its reporter tells of the connection, and the script of the frames.
    ///
    /// - Parameters:
    ///   - signals: Those that its loop reports.
    ///   - errors: Takes what is said of the connection.
    func watchRun(
        _ endpoint: Endpoint, _ service: ProtocolID, isSilent: Bool = false,
        signals: [Signal] = [.hangup, .interrupt, .terminate], errors: @escaping Reporter.Sink
    ) throws(CommandError) -> ClientRun {
        var configuration = ClientConfiguration(endpoint: endpoint)
        configuration.connectTimeout = settings[APIOptions.timeout]
        configuration.security = security
        // On a port that several services share the name tells which is meant (PROTOCOLS §1.2).
        configuration.subprotocols = service.descriptor.subprotocols
        var form = Reporter.Form()
        form.isQuiet = isSilent || settings[ClientOptions.quiet]
        form.style = style(of: context.errors)
        // The query may hold a credential, and is nobody's business.
        let shown = endpoint.withTarget(String(endpoint.target.prefix { $0 != "?" }))
        let reporter = Reporter(
            endpoint: shown, form: form, output: { _ throws(CommandError) in }, errors: errors)
        let loop = try loop(configuration, policy: ConnectCommand.policy(settings), signals: signals)
        return ClientRun(loop: loop, reporter: reporter)
    }

    /// Header fields that show who connects.
    typealias CredentialFields = [(name: String, value: String)]
    /// Reads them before each connection.
    typealias Credentials = () throws(CommandError) -> CredentialFields

    /// Reads who connects, before each connection.
    private func watchCredentials() throws(CommandError) -> Credentials { renewing(try credentialFields()) }

    /// Reads who connects anew before each connection but the first; standard input only once.
    func renewing(_ first: CredentialFields) -> Credentials {
        let files = [APIOptions.tokenFile, APIOptions.apiKeyFile, LockerOptions.sessionFile].map { settings[$0] }
        guard !files.contains("-") else { return { () throws(CommandError) in first } }
        var isFirst = true
        return { () throws(CommandError) in
            defer { isFirst = false }
            return isFirst ? first : try credentialFields()
        }
    }

    /// Reads who connects.
    func credentialFields() throws(CommandError) -> CredentialFields {
        var fields: CredentialFields = []
        if let bearer = try bearer() { fields.append(("Authorization", "Bearer \(bearer)")) }
        if let key = try credential(APIOptions.apiKey, APIOptions.apiKeyFile) { fields.append(("X-API-Key", key)) }
        return fields
    }
}
