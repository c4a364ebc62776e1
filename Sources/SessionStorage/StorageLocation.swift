import SessionIO

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

    /// Reads `--store` and its relatives, which the seed's `REDIS_…` variables set too.
    ///
    /// - Parameters:
    ///   - text: As for ``init(_:)``, or `HOST:PORT` of a Redis, or `sqlite`; nothing and `none` mean the latter.
    ///   - password: For Redis (`REDIS_PASSWORD`); takes precedence over a URL's.
    ///   - database: For Redis (`REDIS_DB`), likewise.
    ///   - dataFolder: Where `sqlite` keeps its file, `store.db`.
    package init(
        setting text: String?, password: String? = nil, database: String? = nil, dataFolder: String
    ) throws(StorageError) {
        switch text ?? "" {
        case "", "none", "sqlite": self = .sqlite(path: dataFolder + "/store.db")
        case let text where SocketAddress.split(text) != nil && !text.contains("/") && !text.hasPrefix("sqlite:"):
            self = .redis(try RedisAddress(url: "redis://" + text))
        case let text: self = try StorageLocation(text)
        }
        guard case .redis(var address) = self else { return }
        if let password, !password.isEmpty { address.password = password }
        if let database, !database.isEmpty { address.database = try RedisAddress.database(database) }
        self = .redis(address)
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
