internal import CommandKit
internal import SessionBase
internal import SessionCodec
internal import SessionCore
internal import SessionIO
internal import SessionServer

extension AccessConfiguration {
    /// From resolved settings to what decides about credentials; reads secrets and key files, and draws secrets where none
    /// are configured.
    ///
    /// - Parameters:
    ///   - drawsSecrets: Whether a profile runs that has a use for tokens.
    init(
        _ settings: Settings, drawsSecrets: Bool, environment: (String) -> String?
    ) throws(CommandError) {
        self.init()
        allowsWeakSecrets = settings[ServeOptions.dev]
        syncMode = AccessMode(settings[ServeOptions.syncAuth], isDevelopment: allowsWeakSecrets)
        channelsMode = AccessMode(settings[ServeOptions.channelsAuth], isDevelopment: allowsWeakSecrets)
        let modes = try LockersConfiguration.modes(settings)
        lockersMode = AccessMode(modes.profile, isDevelopment: allowsWeakSecrets)
        lockersModes = modes.namespaces.mapValues { AccessMode($0, isDevelopment: allowsWeakSecrets) }
        boardMode = AccessMode(settings[ServeOptions.boardAuth], isDevelopment: allowsWeakSecrets)
        rules = TokenRules(settings)
        cookieName = settings[AccessOptions.cookie] ?? cookieName
        accessLife = settings[AccessOptions.life]
        refreshLife = settings[AccessOptions.refreshLife]
        apiKeys = try Self.apiKeys(settings)
        let sources = try TokenKeySources(settings[AccessOptions.keys], allowingWeak: allowsWeakSecrets)
        (keys, keyURLs) = (sources.keys, sources.urls)
        let secrets = try TokenSecrets.find(
            settings, environment: environment, allowingWeak: allowsWeakSecrets, draws: drawsSecrets,
            needsAccess: sources.isEmpty)
        try sign(with: secrets)
        notice = secrets.notice
    }

    private mutating func sign(with secrets: AccessSecrets) throws(CommandError) {
        refreshSecret = secrets.refresh
        guard let secret = secrets.access else { return }
        accessSecret = secret
        guard allowsWeakSecrets || secret != secrets.refresh else {
            throw .configuration(
                "the secrets of access and refresh tokens are the same, so that each would pass for the other; give two"
            )
        }
        do throws(TokenKeyError) {
            issuer = try TokenIssuer(secret: secret, allowingWeak: allowsWeakSecrets)
            keys = keys.joined(with: try KeySet(secret: secret, allowingWeak: allowsWeakSecrets))
        } catch {
            throw .configuration("the secret of access tokens is refused: \(error)")
        }
    }

    private static func apiKeys(_ settings: Settings) throws(CommandError) -> [APIKey] {
        var keys: [APIKey] = []
        for text in settings[AccessOptions.apiKey] {
            guard let key = APIKey(parsing: text) else {
                throw settings.error(
                    AccessOptions.apiKey, "write NAME:ROLE[,ROLE]:SHA256HEX, as 'sessionctl token api-key' prints it")
            }
            keys.append(key)
        }
        return keys
    }
}

extension TokenRules {
    /// What the options ask of tokens.
    init(_ settings: Settings) {
        self.init()
        requiresExpiry = !settings[AccessOptions.allowNoExpiry]
        issuer = settings[AccessOptions.issuer]
        audiences = settings[AccessOptions.audience]
    }
}

extension AccessMode {
    /// - Parameter isDevelopment: Whether `--dev` opens everything.
    fileprivate init(_ mode: AuthMode, isDevelopment: Bool) {
        self =
            switch mode {
            case _ where isDevelopment: .open
            case .open: .open
            case .optional: .optional
            case .required: .required
            }
    }
}

/// The keys of `--jwt-keys`: those of files, read, and the places of the others.
struct TokenKeySources {
    /// The keys of all files.
    var keys = KeySet()
    /// The URLs.
    var urls: [Endpoint] = []

    /// Whether nothing was named.
    var isEmpty: Bool { keys.keys.isEmpty && urls.isEmpty }

    /// Reads the files.
    ///
    /// - Throws: ``CommandError`` with status 66 for a file that is not there, 78 for what is no key.
    init(_ names: [String], allowingWeak: Bool) throws(CommandError) {
        for name in names {
            if name.hasPrefix("http://") || name.hasPrefix("https://") {
                do throws(EndpointError) { urls.append(try Endpoint(parsing: name)) } catch {
                    throw .configuration("jwt-keys \(Origin.printable(name)): \(error)")
                }
                continue
            }
            let contents = try TextFile.readBytes(name)
            do throws(TokenKeyError) {
                keys = keys.joined(with: try KeySet(contents: contents, allowingWeak: allowingWeak))
            } catch {
                throw .configuration("the keys of \(name) cannot be used: \(error)")
            }
        }
    }
}

/// Secrets for `serve` and `token` alike.
enum TokenSecrets {
    /// Finds secrets.
    ///
    /// - Parameters:
    ///   - draws: Whether what is missing is drawn; otherwise only what had been drawn is found.
    ///   - needsAccess: Whether one for access tokens is looked for in the data directory; not where other keys were named.
    static func find(
        _ settings: Settings, environment: (String) -> String?, allowingWeak: Bool, draws: Bool,
        needsAccess: Bool = true
    ) throws(CommandError) -> AccessSecrets {
        let configured = try mapping { () throws(AccessError) in
            try AccessSecrets(
                file: settings[AccessOptions.secretFile], environment: environment, allowingWeak: allowingWeak)
        }
        // What is configured whole needs no folder.
        guard configured.refresh == nil || (needsAccess && configured.access == nil),
            let folder = try folder(settings, environment, draws: draws)
        else { return configured }
        var secrets = try mapping { () throws(AccessError) in try configured.completed(in: folder, draws: draws) }
        if !needsAccess { secrets.access = configured.access }
        return secrets
    }

    /// The data directory; `nil` where there is none, which only matters to who would draw.
    private static func folder(
        _ settings: Settings, _ environment: (String) -> String?, draws: Bool
    ) throws(CommandError) -> String? {
        do throws(CommandError) { return try StateFolder.dataDirectory(settings, environment: environment) } catch {
            if draws { throw error }
            return nil
        }
    }

    private static func mapping(_ body: () throws(AccessError) -> AccessSecrets) throws(CommandError) -> AccessSecrets {
        do throws(AccessError) { return try body() } catch {
            throw CommandError(error.isMissing ? .noInput : .configuration, error.description)
        }
    }
}
