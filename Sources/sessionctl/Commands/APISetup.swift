import CommandKit
import SessionBase
import SessionClient
import SessionCodec
import SessionConsole
import SessionIO
import SessionTerminal

/// From the options of a command that speaks the HTTP API to its client and its printer.
extension Invocation {
    /// How the server is asked.
    ///
    /// - Parameters:
    ///   - server: Who it is, unless `--url` says so.
    ///   - interruption: A descriptor that ends waits.
    func httpConfiguration(
        _ server: VerbServer, interruption: Int32?
    ) throws(CommandError) -> HTTPConfiguration {
        var configuration = HTTPConfiguration(endpoint: try httpEndpoint(server))
        configuration.timeout = settings[APIOptions.timeout]
        configuration.interruption = interruption
        configuration.security = security
        if let bearer = try bearer() { configuration.fields.append("Authorization", "Bearer \(bearer)") }
        if let key = try credential(APIOptions.apiKey, APIOptions.apiKeyFile) {
            configuration.fields.append("X-API-Key", key)
        }
        return configuration
    }

    /// Where the HTTP API is: `--url`, or where its server is unless told otherwise.
    private func httpEndpoint(_ server: VerbServer) throws(CommandError) -> Endpoint {
        guard let text = settings[APIOptions.url] else {
            switch server {
            case .administration: return try AdminTarget.find(context.environment)
            case .service(let service):
                return Endpoint(address: .host("127.0.0.1", port: service.descriptor.defaultPort))
            }
        }
        let endpoint = try Self.endpoint(parsing: text)
        switch server {
        case .service(.channels): return endpoint.rootOfChannels
        case .service(.lockers): return endpoint.rootOfLockers
        default: return endpoint.rootOfSync
        }
    }

    /// What a request shows as its bearer: a token, or for lockers a session.
    func bearer() throws(CommandError) -> String? {
        let token = try credential(APIOptions.token, APIOptions.tokenFile)
        let session = try credential(LockerOptions.session, LockerOptions.sessionFile)
        guard let token, let session else { return token ?? session }
        // The environment may hold both; what is written on the command line is meant.
        switch (
            isWritten(APIOptions.token, APIOptions.tokenFile),
            isWritten(LockerOptions.session, LockerOptions.sessionFile)
        ) {
        case (true, true): throw .usage("a token and a session are two bearers; leave one out")
        case (true, false): return token
        default: return session
        }
    }

    /// Whether the command line has one of two options.
    private func isWritten(_ option: Option<String?>, _ file: Option<String?>) -> Bool {
        parsed.given.contains { $0.key == option.spec.key || $0.key == file.spec.key }
    }

    /// What TLS trusts and shows.
    var security: ClientSecurity {
        var security = ClientSecurity()
        security.authoritiesPath = settings[ClientOptions.caCertificate]
        security.certificatePath = settings[ClientOptions.certificate]
        security.keyPath = settings[ClientOptions.key]
        security.isVerificationOff = settings[ClientOptions.insecure]
        return security
    }

    /// A credential: of a file where one is named, else of the option or the environment; never repeated in a message.
    func credential(_ option: Option<String?>, _ file: Option<String?>) throws(CommandError) -> String? {
        var text = settings[option]
        if let path = settings[file] {
            let bytes = try readInput(path)
            text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init)
            if text == nil { throw CommandError(.badData, "\(path) holds no credential; write it on the first line") }
        }
        guard let text else { return nil }
        guard HTTPFields.isValid(name: "X", value: text), !text.contains(" ") else {
            throw .usage("--\(option.spec.key): a credential is one word without blanks and control characters")
        }
        return text
    }

    /// Reads a file, or standard input for `-`.
    func readInput(_ path: String) throws(CommandError) -> [UInt8] {
        guard path == "-" else { return try TextFile.readBytes(path) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let input = context.input
            switch chunk.withUnsafeMutableBytes({ Descriptor.read(input, into: $0) }) {
            case .received(let count): all += chunk[..<count]
            case .wouldBlock: continue
            case .ended: return all
            case .failed(let code):
                throw CommandError(.noInput, "cannot read standard input: \(SystemError.reason(code))")
            }
            guard all.count <= Self.inputBytesMax else {
                throw CommandError(.badData, "standard input holds more than \(Self.inputBytesMax) bytes")
            }
        }
    }

    /// Far more than any state or token; a mistaken pipe is stopped here.
    private static let inputBytesMax = 16 << 20

    /// Where results go.
    func resultPrinter() -> ResultPrinter {
        var form = ResultPrinter.Form()
        form.isJSON = settings[APIOptions.json]
        form.isTerminal = context.output.isTerminal
        form.width = form.isTerminal ? Terminal.width(Descriptor.standardOutput) : nil
        form.style = settings[ClientOptions.noColor] ? .plain : context.style(of: context.output)
        let (output, errors) = (context.output, context.errors)
        return ResultPrinter(
            form, output: { text throws(CommandError) in try output.write(text) },
            remarks: { text throws(CommandError) in try errors.write(text) })
    }

    /// What verbs share.
    func verbWorld(_ configuration: HTTPConfiguration, interruption: Int32) -> VerbWorld {
        let lines = InputLines(context.input, interruption: interruption)
        return VerbWorld(
            api: APIClient(configuration), printer: resultPrinter(),
            read: { path throws(CommandError) in try readInput(path) },
            lines: { () throws(CommandError) in try lines.next() },
            now: { Timestamp(milliseconds: SystemClock.wallNanoseconds() / 1_000_000) },
            pause: { duration throws(CommandError) in
                try Interruptible.wait(for: interruption, until: SystemClock.now() + duration)
            })
    }
}
