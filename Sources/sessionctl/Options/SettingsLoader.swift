package import CommandKit
internal import SessionCore
internal import SessionServer
internal import SessionStorage

/// Finds the settings of a command: command line, environment, configuration file, in this order (PROTOCOLS C15).
package enum SettingsLoader {
    /// Resolves what a command line asks for. May be called again to reload: it reads the file anew.
    ///
    /// - Throws: ``CommandError`` with status 64 for the command line, 66 for a file that is not there, 78 for the rest.
    package static func load(
        _ parsed: ParsedCommand, environment: @escaping (String) -> String?
    ) throws(CommandError) -> Settings {
        let resolver = SettingsResolver(options: parsed.details.settings, environment: environment)
        guard isServe(parsed) else {
            let settings = try resolver.resolve(parsed)
            try resolver.requireAll(settings, command: parsed.name)
            return settings
        }
        let first = try resolver.resolve(parsed, admitsShared: { _, _ in false })
        return try resolveServe(parsed, resolver, file: readFile(first, parsed.details.settings))
    }

    /// Resolves `serve` with a file that is already read; what `config check` does without an environment.
    package static func resolveServe(
        _ parsed: ParsedCommand, _ resolver: SettingsResolver, file: ConfigurationFile?
    ) throws(CommandError) -> Settings {
        let unshared = try resolver.resolve(parsed, file: file, admitsShared: { _, _ in false })
        let settings = try resolver.resolve(parsed, file: file) { _, variable throws(CommandError) in
            try ServePlacement.admits(variable, unshared)
        }
        try ServeChecks.check(settings)
        return settings
    }

    private static func isServe(_ parsed: ParsedCommand) -> Bool { parsed.path.dropFirst().first == "serve" }

    private static func readFile(
        _ settings: Settings, _ options: [OptionSpec]
    ) throws(CommandError) -> ConfigurationFile? {
        guard let path = settings[ServeOptions.config] else { return nil }
        return try ConfigurationFile(reading: path, options: options)
    }
}

extension ConfigurationFile {
    /// Reads a file against the keys that exist.
    ///
    /// - Throws: ``CommandError`` with status 66 where it cannot be read, 78 where it is no UTF-8.
    init(reading path: String, options: [OptionSpec]) throws(CommandError) {
        let remedy = "check the name, or begin a file with 'sessionctl config print'"
        self.init(try TextFile.read(path, remedy: remedy), path: path, options: options)
    }
}

/// What must hold among the settings of `serve`, beyond each value by itself.
package enum ServeChecks {
    /// Throws where settings contradict each other or ask for what cannot be had.
    package static func check(_ settings: Settings) throws(CommandError) {
        guard settings[ServeOptions.awarenessAuth] == .open else {
            throw .configuration(
                "awareness-auth \(settings[ServeOptions.awarenessAuth].rawValue): awareness asks for no tokens yet; "
                    + "leave it open, and keep strangers away with --host 127.0.0.1 or a proxy")
        }
        _ = try store(settings, folder: ".")
        try requirePair(settings, ServeOptions.tlsCertificate, ServeOptions.tlsKey)
        try requirePair(settings, ServeOptions.tlsKey, ServeOptions.tlsCertificate)
        if settings.isSet(ServeOptions.tlsClientCA), !settings.isSet(ServeOptions.tlsCertificate) {
            throw settings.error(ServeOptions.tlsClientCA, "it needs --tls-cert and --tls-key beside it")
        }
        _ = try ServePlacement.listeners(settings)
        _ = try ChannelsConfiguration(settings)
        _ = try HookConfiguration.endpoint(settings)
        _ = try LockersConfiguration(settings)
        _ = try LockersConfiguration.modes(settings)
        try LockerSessionsConfiguration.check(settings)
        try BoardBackendConfiguration.check(settings)
    }

    /// Where documents are kept (PROTOCOLS 1-32).
    ///
    /// - Parameter folder: The folder of state, where the embedded store is.
    static func store(_ settings: Settings, folder: String) throws(CommandError) -> StorageLocation {
        do throws(StorageError) {
            return try StorageLocation(
                setting: settings[ServeOptions.store], password: settings[ServeOptions.redisPassword],
                database: settings[ServeOptions.redisDatabase].map { String($0) }, dataFolder: folder)
        } catch {
            throw settings.error(ServeOptions.store, "\(error)")
        }
    }

    private static func requirePair(
        _ settings: Settings, _ option: Option<String?>, _ other: Option<String?>
    ) throws(CommandError) {
        guard settings.isSet(option), !settings.isSet(other) else { return }
        throw settings.error(option, "it needs --\(other.spec.key) beside it")
    }
}
