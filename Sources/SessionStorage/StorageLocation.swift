/// Where documents are kept, as `--store` and the seed's `REDIS_…` variables name it (PROTOCOLS 1-32).
package enum StorageLocation: Equatable, Sendable {
    /// In the process, for as long as it lives.
    case memory
    /// In a file of SQLite.
    case sqlite(path: String)
    /// In a Redis server, or in one that speaks its protocol.
    case redis(RedisAddress)

    /// Reads `memory`, `sqlite:PATH` or a URL of Redis.
    ///
    /// - Throws: ``StorageError`` that says what would do, and repeats nothing of a URL, in which a password may stand.
    package init(_ text: String) throws(StorageError) {
        if text == "memory" {
            self = .memory
        } else if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst("sqlite:".count))
            guard !path.isEmpty else { throw StorageError("sqlite: needs the path of a file, as in sqlite:./store.db") }
            guard !path.utf8.contains(0) else { throw StorageError("a path has no zero byte") }
            self = .sqlite(path: path)
        } else if RedisAddress.schemes.contains(where: text.hasPrefix) {
            self = .redis(try RedisAddress(url: text))
        } else {
            throw StorageError(
                "a store is memory, sqlite:PATH, redis://HOST:PORT/DATABASE, rediss://… with TLS, or redis+unix:PATH")
        }
    }

    /// Reads the seed's variables.
    ///
    /// - Parameters:
    ///   - address: `REDIS_ADDR`: `HOST:PORT`, or a URL as for ``init(_:)``; `nil`, empty or `none` for no Redis.
    ///   - password: `REDIS_PASSWORD`, which takes precedence over the URL's.
    ///   - database: `REDIS_DB`, likewise.
    /// - Returns: `nil` where there is to be no Redis, and the embedded store serves.
    package static func redis(
        address: String?, password: String? = nil, database: String? = nil
    ) throws(StorageError) -> StorageLocation? {
        guard let address, !address.isEmpty, address != "none" else { return nil }
        let isURL = RedisAddress.schemes.contains(where: address.hasPrefix)
        var redis = try RedisAddress(url: isURL ? address : "redis://" + address)
        if let password, !password.isEmpty { redis.password = password }
        if let database, !database.isEmpty { redis.database = try RedisAddress.database(database) }
        return .redis(redis)
    }

    /// What messages and logs call it: everything but the password.
    package var publicDescription: String {
        switch self {
        case .memory: "memory"
        case .sqlite(let path): "sqlite:\(path)"
        case .redis(let address): address.publicDescription
        }
    }

    /// Opens the engine.
    ///
    /// - Throws: ``StorageError`` where a file cannot serve. A Redis that is down is none: the engine waits for it.
    package func open() throws(StorageError) -> any StorageEngine {
        switch self {
        case .memory: MemoryEngine()
        case .sqlite(let path): try SQLiteEngine(path: path)
        case .redis(let address): try RedisEngine(address)
        }
    }
}
