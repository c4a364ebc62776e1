import CommandKit
import SessionClient
import SessionCodec
import SessionConsole
import SessionCrypto
import SessionIO

/// `sessionctl state …`: changes and watches a session over a WebSocket.
enum StateCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard let verb = SyncChangeVerb(rawValue: invocation.parsed.path[2]) else {
            return try watch(invocation, .state(keys: invocation.parsed.operands("KEY")))
        }
        return try change(invocation, verb)
    }

    // MARK: Changing

    private static func change(_ invocation: Invocation, _ verb: SyncChangeVerb) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        let update = try verb.update(
            invocation.parsed.operand("KEY") ?? "", try value(invocation), isText: settings[SyncOptions.string],
            baseVersion: settings[SyncOptions.baseVersion])
        let script = SyncChangeScript(
            try invocation.syncIdentity(purpose: ""), update, correlation: String(SecureRandom.word(), radix: 36),
            timeout: settings[APIOptions.timeout])
        var client = SyncChangeClient(try invocation.syncRun(isSilent: true), script)
        let printer = invocation.resultPrinter()
        switch try client.play() {
        case .made(let change, let session):
            try printer.show(change.value(session: session)) { change.blocks(session: session) }
            return .success
        case .refused(let rejection):
            if printer.form.isJSON { try printer.show(rejection.value) { [] } }
            throw rejection.error(from: client.run)
        case .interrupted(let verdict): return ExitStatus(verdict)
        }
    }

    /// The value as it was given: an operand, an option, or all of standard input.
    private static func value(_ invocation: Invocation) throws(CommandError) -> String? {
        if let number = invocation.settings[StateCommands.by] { return number }
        guard let text = invocation.parsed.operand("VALUE") ?? invocation.parsed.operand("OBJECT") else { return nil }
        guard text == "-" else { return text }
        guard let input = String(validating: try invocation.readInput("-"), as: UTF8.self) else {
            throw CommandError(.badData, "standard input is not UTF-8, and a value must be")
        }
        return input
    }

    // MARK: Watching

    /// `state watch` and `handoff watch`.
    static func watch(_ invocation: Invocation, _ subject: SyncNews.Subject) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        var conditions = StopRule.Conditions()
        conditions.count = settings[ClientOptions.count]
        conditions.patterns = try invocation.patterns()
        conditions.within = settings[ClientOptions.within]
        conditions.wait = nil
        conditions.lasting = settings[ClientOptions.duration]
        let script = SyncWatchScript(
            try invocation.syncIdentity(purpose: "watch-"), subject, conditions, timeout: settings[APIOptions.timeout])
        let run = try invocation.syncRun(isSilent: false, policy: ConnectCommand.policy(settings))
        var client = SyncWatchClient(run, script, invocation.resultPrinter()) { () throws(CommandError) in
            try invocation.credential(APIOptions.token, APIOptions.tokenFile)
        }
        return ExitStatus(try client.play())
    }
}

/// `sessionctl handoff …`: two verbs over HTTP, one over a WebSocket.
enum HandoffCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard invocation.parsed.path.last == StateCommands.handoffWatch.name else {
            return try APICommand.run(invocation)
        }
        return try StateCommand.watch(
            invocation, .handoffs(showsTokens: invocation.settings[StateCommands.showToken]))
    }
}

extension Invocation {
    /// Who a command of sync says it is.
    ///
    /// - Parameter purpose: Part of the device's name, so that a watch is not superseded by a change.
    fileprivate func syncIdentity(purpose: String) throws(CommandError) -> SyncLogin.Identity {
        let host = (HostName.current ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
        let standard = "sessionctl-" + purpose + (host.isEmpty ? "localhost" : host)
        let token = try credential(APIOptions.token, APIOptions.tokenFile)
        let claimed = token.flatMap { TokenClaims(unverified: $0) }?.device
        var identity = SyncLogin.Identity(device: settings[StateCommands.device] ?? claimed ?? standard)
        guard IdentifierRule.allows(identity.device) else {
            throw settings.error(StateCommands.device, "write 1 to 128 characters without blanks")
        }
        identity.token = token
        identity.user = settings[StateCommands.user]
        identity.session = settings[StateCommands.session]
        identity.appVersion = Program.version
        return identity
    }

    /// A connection that is not made yet, and whose frames nobody reports: AUTH carries a credential.
    fileprivate func syncRun(
        isSilent: Bool, policy: ReconnectPolicy? = nil
    ) throws(CommandError) -> ClientRun {
        let endpoint =
            if let text = settings[APIOptions.url] { try Self.endpoint(parsing: text).socketOfSync } else {
                Endpoint(address: .host("127.0.0.1", port: ProtocolID.sync.descriptor.defaultPort)).socketOfSync
            }
        var configuration = ClientConfiguration(endpoint: endpoint)
        configuration.connectTimeout = settings[APIOptions.timeout]
        configuration.security = security
        var form = Reporter.Form()
        form.isQuiet = isSilent || settings[ClientOptions.quiet]
        form.style = style(of: context.errors)
        let errors = context.errors
        let reporter = Reporter(
            endpoint: endpoint, form: form, output: { _ throws(CommandError) in },
            errors: { bytes throws(CommandError) in if !isSilent { try errors.write(bytes: bytes) } })
        return ClientRun(loop: try loop(configuration, policy: policy), reporter: reporter)
    }
}
