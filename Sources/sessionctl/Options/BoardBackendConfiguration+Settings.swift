internal import CommandKit
internal import SessionClient
internal import SessionCodec
internal import SessionServer
internal import SessionStorage

extension BoardBackendConfiguration {
    /// The backend of `--board-backend`; `nil` without one. Reads the file of its secret.
    ///
    /// - Parameter tokenSecret: What tokens are signed with, where the backend has no secret of its own.
    /// - Throws: Status 66 for a file that is not there, otherwise what is wrong.
    static func configured(
        _ settings: Settings, tokenSecret: [UInt8]?
    ) throws(CommandError) -> BoardBackendConfiguration? {
        guard let endpoint = try endpoint(settings) else { return nil }
        guard let secret = try secret(settings) ?? tokenSecret else {
            throw settings.error(
                ServeOptions.boardBackend,
                "its requests need tokens: give a secret with JWT_SECRET or --board-backend-secret-file")
        }
        var configuration = BoardBackendConfiguration(endpoint: endpoint, secret: secret)
        configuration.loadTemplate = try template(settings, ServeOptions.boardBackendLoad)
        configuration.storeTemplate = try template(settings, ServeOptions.boardBackendStore)
        configuration.timeout = settings[ServeOptions.boardBackendTimeout]
        configuration.concurrency = settings[ServeOptions.boardBackendConcurrency]
        configuration.security.authoritiesPath = settings[ServeOptions.boardBackendCA]
        return configuration
    }

    /// Holds the settings of the backend against each other, without reading any file.
    static func check(_ settings: Settings) throws(CommandError) {
        let endpoint = try endpoint(settings)
        _ = try template(settings, ServeOptions.boardBackendLoad)
        _ = try template(settings, ServeOptions.boardBackendStore)
        let companions = [
            ServeOptions.boardBackendLoad, ServeOptions.boardBackendStore, ServeOptions.boardBackendSecret,
            ServeOptions.boardBackendSecretFile, ServeOptions.boardBackendCA,
        ]
        if endpoint == nil, let idle = companions.first(where: { settings.isSet($0) }) {
            throw settings.error(idle, "it needs --board-backend beside it")
        }
        if settings.isSet(ServeOptions.boardBackendSecret), settings.isSet(ServeOptions.boardBackendSecretFile) {
            throw settings.error(
                ServeOptions.boardBackendSecretFile, "--board-backend-secret says the secret too; leave one out")
        }
    }

    private static func endpoint(_ settings: Settings) throws(CommandError) -> Endpoint? {
        guard let text = settings[ServeOptions.boardBackend] else { return nil }
        return try RuleWords.endpoint(text) { reason in settings.error(ServeOptions.boardBackend, reason) }
    }

    private static func template(_ settings: Settings, _ option: Option<String?>) throws(CommandError) -> String {
        guard let text = settings[option] else { return defaultTemplate }
        guard isTemplate(text) else {
            throw settings.error(option, "write a path with \(roomPlace) in it, such as \(defaultTemplate)")
        }
        return text
    }

    private static func secret(_ settings: Settings) throws(CommandError) -> [UInt8]? {
        if let text = settings[ServeOptions.boardBackendSecret] { return Array(text.utf8) }
        guard let path = settings[ServeOptions.boardBackendSecretFile] else { return nil }
        guard let line = try TextFile.firstLine(path) else {
            throw settings.error(ServeOptions.boardBackendSecretFile, "write the secret in its first line")
        }
        return line
    }
}

extension TextFile {
    /// The bytes of a file's first line; `nil` where there are none.
    static func firstLine(_ path: String) throws(CommandError) -> [UInt8]? {
        let line = try readBytes(path).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return line.isEmpty ? nil : Array(line)
    }
}
