import CommandKit
import SessionBase
import SessionClient
import SessionCodec
import SessionConsole
import SessionCrypto
import SessionIO
import SessionTerminal

/// From the options of a client command to its connection, its loop and its reporter.
extension Invocation {
    /// The profile whose protocol is spoken.
    var profile: ProtocolDescriptor {
        switch settings[ClientOptions.profile] {
        case .awareness: ProtocolID.awareness.descriptor
        case .sync: ProtocolID.sync.descriptor
        case .channels: ProtocolID.channels.descriptor
        case .board: ProtocolID.board.descriptor
        case .lockers: ProtocolID.lockers.descriptor
        case .echo: ProtocolID.echo.descriptor
        }
    }

    /// Where to connect: the URL that was given, or the profile's native listener on loopback (PROTOCOLS §1.11).
    func endpoint() throws(CommandError) -> Endpoint {
        guard let text = parsed.operand("URL") else {
            let address = Endpoint.Address.host("127.0.0.1", port: profile.defaultPort)
            return Endpoint(address: address, target: profile.nativePaths.first ?? "/")
        }
        return try Self.endpoint(parsing: text)
    }

    /// Reads a URL of the command line.
    static func endpoint(parsing text: String) throws(CommandError) -> Endpoint {
        do throws(EndpointError) {
            return try Endpoint(parsing: text)
        } catch {
            throw .usage("\(Escaping.escaped(withoutCredentials(text))) is no URL to connect to: \(error)")
        }
    }

    /// What may be shown of a URL: neither what stands before an `@` nor the query.
    private static func withoutCredentials(_ text: String) -> String {
        let place = text.prefix { $0 != "?" }
        guard let at = place.lastIndex(of: "@") else { return String(place) }
        let host = place[place.index(after: at)...]
        guard let colon = place.firstIndex(of: ":"), place[colon...].hasPrefix("://") else { return "…@" + host }
        return place[..<colon] + "://…@" + host
    }

    /// How the client connects and talks, as far as every command has options for it.
    func configuration() throws(CommandError) -> ClientConfiguration {
        var configuration = ClientConfiguration(endpoint: try endpoint())
        configuration.headers = try headers()
        configuration.origin = settings[ClientOptions.origin]
        configuration.subprotocols = settings[ClientOptions.subprotocol]
        configuration.offersCompression = settings[ClientOptions.compress]
        configuration.connectTimeout = settings[ClientOptions.connectTimeout]
        configuration.security = security
        if let origin = configuration.origin, !HTTPFields.isValid(name: "Origin", value: origin) {
            throw settings.error(ClientOptions.origin, "an HTTP field holds no control characters")
        }
        for name in configuration.subprotocols where !Self.isToken(name) {
            throw settings.error(ClientOptions.subprotocol, "a subprotocol is one word without commas")
        }
        return configuration
    }

    /// The same with what only `connect` and `send` have options for: ways to misbehave on purpose.
    func faultyConfiguration() throws(CommandError) -> ClientConfiguration {
        var configuration = try configuration()
        configuration.answersPings = !settings[ClientOptions.noPong]
        configuration.fragmentBytes = settings[ClientOptions.fragment] ?? 0
        configuration.readBytesPerSecond = settings[ClientOptions.readRate]
        return configuration
    }

    /// A loop around a connection that is not made yet.
    func loop(
        _ configuration: ClientConfiguration, policy: ReconnectPolicy? = nil,
        signals: [Signal] = [.hangup, .interrupt, .terminate]
    ) throws(CommandError) -> ClientLoop {
        let maskSeed = SipHash(key0: SecureRandom.word(), key1: SecureRandom.word())
        do throws(SystemError) {
            return try ClientLoop(
                client: Client(configuration: configuration, maskSeed: maskSeed), policy: policy, input: context.input,
                signals: signals, seed: SecureRandom.word())
        } catch {
            throw CommandError(.internal, error.description)
        }
    }

    /// What tells the results.
    func reporter(_ endpoint: Endpoint) -> Reporter {
        var form = Reporter.Form()
        form.isJSON = settings[ClientOptions.json]
        form.isQuiet = settings[ClientOptions.quiet]
        form.isTerminal = context.output.isTerminal
        form.style = style(of: context.errors)
        let (output, errors) = (context.output, context.errors)
        return Reporter(
            endpoint: endpoint, form: form,
            output: { bytes throws(CommandError) in try output.write(bytes: bytes) },
            errors: { bytes throws(CommandError) in try errors.write(bytes: bytes) })
    }

    /// A run with its loop and its reporter.
    func clientRun(
        _ configuration: ClientConfiguration, policy: ReconnectPolicy? = nil
    ) throws(CommandError) -> ClientRun {
        ClientRun(loop: try loop(configuration, policy: policy), reporter: reporter(configuration.endpoint))
    }

    /// The colours of one output.
    func style(of output: Output) -> Style {
        Style(
            isTerminal: output.isTerminal, isRefused: settings[ClientOptions.noColor], environment: context.environment)
    }

    /// What a scripted client looks for before it leaves.
    func conditions() throws(CommandError) -> StopRule.Conditions {
        var conditions = StopRule.Conditions()
        conditions.count = settings[ClientOptions.count]
        conditions.silence = settings[ClientOptions.expectNone]
        conditions.closeCode = settings[ClientOptions.expectClose].map { CloseCode(rawValue: UInt16($0)) }
        conditions.within = settings[ClientOptions.within]
        conditions.wait = settings[ClientOptions.wait]
        conditions.patterns = try patterns()
        return conditions
    }

    /// The pattern of every `--expect-json`.
    func patterns() throws(CommandError) -> [JSONValue] {
        var patterns: [JSONValue] = []
        for text in settings[ClientOptions.expectJSON] {
            do throws(JSONError) {
                patterns.append(try JSONValue.parse(text))
            } catch {
                throw .usage("--expect-json \(Escaping.escaped(text)): \(error)")
            }
        }
        return patterns
    }

    /// The bytes of every `--raw-frame`.
    func rawFrames() throws(CommandError) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        for text in settings[ClientOptions.rawFrame] {
            guard let bytes = HexText.parse(text) else {
                throw .usage("--raw-frame \(Escaping.escaped(text)): write pairs of hexadecimal digits, such as 8100")
            }
            frames.append(bytes)
        }
        return frames
    }

    /// The fields of every `--header`.
    func headers() throws(CommandError) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for text in settings[ClientOptions.header] {
            guard let colon = text.firstIndex(of: ":") else { throw badHeader(text) }
            let name = String(text[..<colon])
            let value = String(text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
            guard HTTPFields.isValid(name: name, value: value) else { throw badHeader(text) }
            headers.append((name, value))
        }
        return headers
    }

    /// The value is not repeated in the message: headers carry credentials.
    private func badHeader(_ text: String) -> CommandError {
        .usage("--header \(Escaping.escaped(String(text.prefix { $0 != ":" }))): write 'Name: value' on one line")
    }

    private static func isToken(_ text: String) -> Bool {
        HTTPFields.isValid(name: text, value: "")
    }
}
