package import CommandKit
internal import SessionBase
internal import SessionCodec
package import SessionCore
internal import SessionServer
internal import SessionStorage

extension LockersConfiguration {
    /// How lockers behave, as the settings have it.
    init(_ settings: Settings) throws(CommandError) {
        self.init()
        namespaces = try Self.namespaces(settings)
        sendsEventsToRooms = settings[ServeOptions.lockersEventsScope] == .room
        roomRules = try RoomRule.all(settings)
        historyMax = settings[ServeOptions.lockersHistory]
    }

    /// The seed's namespaces and those of `--lockers-namespace`.
    package static func namespaces(_ settings: Settings) throws(CommandError) -> [String] {
        var namespaces = LockersConfiguration().namespaces
        for (index, text) in settings[ServeOptions.lockersNamespace].enumerated() {
            func mistake(_ remedy: String) -> CommandError {
                settings.error(ServeOptions.lockersNamespace, value: index, remedy)
            }
            guard let path = NamespacePath.normalized(text) else {
                throw mistake(
                    "write /ws/NAME with 1 to \(NamespacePath.nameBytesMax) letters, digits, _ or - as the name")
            }
            guard ChannelsRoute(path) == nil else {
                throw mistake("this path belongs to channels; choose another name")
            }
            if !namespaces.contains(path) { namespaces.append(path) }
        }
        return namespaces
    }

    /// The mode of the profile and those of namespaces that have their own (PROTOCOLS 4-22).
    package static func modes(
        _ settings: Settings
    ) throws(CommandError) -> (profile: AuthMode, namespaces: [String: AuthMode]) {
        let known = try namespaces(settings)
        var profile: AuthMode?
        var modes: [String: AuthMode] = [:]
        for (index, text) in settings[ServeOptions.lockersAuth].enumerated() {
            func mistake(_ remedy: String) -> CommandError {
                settings.error(ServeOptions.lockersAuth, value: index, remedy)
            }
            let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard let last = parts.last, parts.count <= 2, let mode = AuthMode(rawValue: last) else {
                throw mistake("write open, optional or required, or one of them behind a namespace and =")
            }
            guard parts.count == 2 else {
                guard profile == nil else { throw mistake("another line says the mode of all namespaces; keep one") }
                profile = mode
                continue
            }
            guard let path = NamespacePath.normalized(parts[0]), known.contains(path) else {
                throw mistake("there is no such namespace; there are \(known.joined(separator: ", "))")
            }
            guard modes.updateValue(mode, forKey: path) == nil else {
                throw mistake("another line says the mode of \(path); keep one")
            }
        }
        return (profile ?? .required, modes)
    }
}

extension RoomRule {
    /// The rules of `--lockers-room-rule`, in order.
    package static func all(_ settings: Settings) throws(CommandError) -> [RoomRule] {
        var rules: [RoomRule] = []
        for (index, text) in settings[ServeOptions.lockersRoomRule].enumerated() {
            do throws(RuleMistake) { rules.append(try RoomRule(parsing: text)) } catch {
                throw settings.error(ServeOptions.lockersRoomRule, value: index, error.remedy)
            }
        }
        return rules
    }

    /// Reads `PATTERN join=ROLE[,ROLE]`.
    private init(parsing text: String) throws(RuleMistake) {
        let words = try RuleWords(text)
        guard words.pattern.utf8.count <= RoomName.bytesMax, RoomName.allows(words.example) else {
            throw RuleMistake("begin with a room's name, in which * stands for any text, such as kiosk-*")
        }
        guard words.members.count == 1, words.members[0].key == "join" else {
            throw RuleMistake("write join=ROLE[,ROLE] behind the pattern, and nothing else")
        }
        self.init(pattern: words.pattern, members: try RuleWords.roles(words.members[0].value, of: "join"))
    }
}

extension LockerSessionsConfiguration {
    /// Who knows the sessions, as the settings have it. Reads the file of `--lockers-session-file`.
    ///
    /// - Throws: Status 66 for a file that is not there, otherwise what is wrong.
    init(_ settings: Settings) throws(CommandError) {
        self.init()
        allowsQuery = settings[ServeOptions.lockersAllowQuerySession]
        switch settings[ServeOptions.lockersSessionProvider] {
        case .memory: provider = .memory
        case .redis: provider = .redis(try Self.redis(settings))
        case .static: provider = .fixed(try Self.fixed(try Self.file(settings)))
        case .http: provider = .introspection(try Self.url(settings))
        }
    }

    /// Holds the settings of providers against each other, without reading any file.
    static func check(_ settings: Settings) throws(CommandError) {
        switch settings[ServeOptions.lockersSessionProvider] {
        case .memory: break
        case .redis: _ = try redis(settings)
        case .static: _ = try file(settings)
        case .http: _ = try url(settings)
        }
        try requireProvider(settings, ServeOptions.lockersSessionRedis, .redis)
        try requireProvider(settings, ServeOptions.lockersSessionFile, .static)
        try requireProvider(settings, ServeOptions.lockersSessionURL, .http)
    }

    private static func requireProvider(
        _ settings: Settings, _ option: Option<String?>, _ provider: LockersSessionProvider
    ) throws(CommandError) {
        guard settings.isSet(option), settings[ServeOptions.lockersSessionProvider] != provider else { return }
        throw settings.error(option, "nobody looks there; write lockers-session-provider \(provider.rawValue) too")
    }

    private static func file(_ settings: Settings) throws(CommandError) -> String {
        guard let path = settings[ServeOptions.lockersSessionFile] else {
            throw settings.error(ServeOptions.lockersSessionProvider, "name the file with --lockers-session-file")
        }
        return path
    }

    private static func fixed(_ path: String) throws(CommandError) -> FixedSessions {
        let bytes = try TextFile.readBytes(path)
        do throws(LockerSessionsError) { return try FixedSessions(parsing: bytes, path: path) } catch {
            throw .configuration("\(error)")
        }
    }

    private static func url(_ settings: Settings) throws(CommandError) -> Endpoint {
        guard let text = settings[ServeOptions.lockersSessionURL] else {
            throw settings.error(ServeOptions.lockersSessionProvider, "name the service with --lockers-session-url")
        }
        return try RuleWords.endpoint(text) { reason in settings.error(ServeOptions.lockersSessionURL, reason) }
    }

    /// The Redis server that is named, or else that of the store.
    private static func redis(_ settings: Settings) throws(CommandError) -> RedisAddress {
        let option =
            settings.isSet(ServeOptions.lockersSessionRedis)
            ? ServeOptions.lockersSessionRedis : ServeOptions.store
        do throws(StorageError) {
            let location = try StorageLocation(
                setting: settings[option], password: settings[ServeOptions.redisPassword],
                database: settings[ServeOptions.redisDatabase].map { String($0) }, dataFolder: ".")
            if case .redis(let address) = location { return address }
        } catch {
            throw settings.error(option, "\(error)")
        }
        throw settings.error(
            ServeOptions.lockersSessionProvider,
            "name the server with --lockers-session-redis redis://HOST:PORT; --store is none")
    }
}
