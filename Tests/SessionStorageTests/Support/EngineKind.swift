import SessionStorage
import TestSupport
import Testing

/// The engines that answer alike.
enum EngineKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite, redis

    var testDescription: String { rawValue }

    /// Runs a test body on a new, empty engine of this kind, which is gone afterwards.
    func run(_ body: (RunningEngine) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(RunningEngine(MemoryEngine()))
        case .sqlite:
            let folder = TemporaryFolder()
            try await body(RunningEngine(SQLiteEngine(path: folder.path + "/store.db")))
        case .redis:
            let server = try RedisServer()
            try await body(RunningEngine(RedisEngine(server.address, .few)))
            server.kill()
        }
    }
}
