import CommandKit
import SessionClient
import SessionCodec
import SessionCore
import SessionServer
import SessionStorage
import TestSupport
import Testing

@testable import sessionctl

/// The options of board (PROTOCOLS 3-4, 3-17, 3-19, 3-21, 3-25, §5.4, §1.10).
@Suite struct BoardOptionTests {
    private static let secret = "a secret that is thirty-two bytes long, or more"

    private func configuration(
        _ arguments: [String], environment: [String: String] = [:], file: String? = nil
    ) throws -> ServerConfiguration {
        let folder = TemporaryFolder()
        var all = ["JWT_SECRET": Self.secret, "XDG_RUNTIME_DIR": folder.path]
        all.merge(environment) { $1 }
        let settings = try serveSettings(
            ["serve"] + arguments + ["--data-dir", folder.path], environment: all, file: file)
        return try ServerConfiguration(settings) { all[$0] }
    }

    @Test func `without a backend boards stay in the store`() throws {
        let configuration = try configuration([])
        #expect(configuration.boardBackend == nil && configuration.serves(.board))
        #expect(configuration.board.persistence == PersistRules())
        #expect(configuration.board.maxRooms == nil && configuration.board.snapshotBytesMax == 4 << 20)
        #expect(configuration.access.boardMode == .required && configuration.timing.idleExit == nil)
        #expect(configuration.boardMessageBytesMax == 64 << 10)
    }

    @Test(
        arguments: [
            (["board", "--backend"], [:]), (["--board-backend", "--threads", "1"], [:]),
            (["board"], ["BACKEND_URL": "http://localhost:3000"]),
        ] as [([String], [String: String])])
    func `a backend without a value is the seed's, as the variable may say too`(
        arguments: [String], environment: [String: String]
    ) throws {
        let backend = try #require(try configuration(arguments, environment: environment).boardBackend)
        #expect(backend.endpoint.address == .host("localhost", port: 3000))
        #expect(backend.loadTemplate == "/api/rooms/{roomId}/board" && backend.timeout == .seconds(5))
        #expect(backend.secret == Array(Self.secret.utf8))
    }

    @Test func `everything about a backend can be said`() throws {
        let arguments = [
            "board", "--backend", "https://boards.example/base", "--backend-load", "/b/{roomId}?full=1",
            "--backend-store", "/c/{roomId}", "--backend-secret", "hush", "--backend-timeout", "2s",
            "--backend-concurrency", "4", "--backend-ca", "/ca.pem",
        ]
        let backend = try #require(try configuration(arguments).boardBackend)
        #expect(backend.loadTemplate == "/b/{roomId}?full=1" && backend.storeTemplate == "/c/{roomId}")
        #expect(backend.secret == Array("hush".utf8) && backend.timeout == .seconds(2) && backend.concurrency == 4)
        #expect(backend.security.authoritiesPath == "/ca.pem")
        try withFile("from a file\nand no more\n") { path in
            let other = try configuration(["board", "--backend", "--backend-secret-file", path])
            #expect(other.boardBackend?.secret == Array("from a file".utf8))
        }
    }

    @Test func `limits and times are taken, under the seed's names too`() throws {
        let configuration = try configuration([
            "board", "--max-rooms", "10", "--debounce", "100ms", "--debounce-max", "1s", "--snapshot-limit", "1MiB",
            "--idle-exit", "5m", "--message-limit", "8KiB", "--compression",
        ])
        #expect(configuration.board.maxRooms == 10 && configuration.board.snapshotBytesMax == 1 << 20)
        #expect(configuration.board.persistence.debounce == .milliseconds(100))
        #expect(configuration.board.persistence.debounceMax == .seconds(1))
        #expect(configuration.timing.idleExit == .seconds(300))
        #expect(configuration.boardMessageBytesMax == 8 << 10 && configuration.boardCompression)
        #expect(try self.configuration(["--max-rooms", "10"]).board.maxRooms == 10)
        #expect(try self.configuration([], file: "board-max-rooms 7").board.maxRooms == 7)
    }

    @Test(arguments: [
        (["--board-backend", "localhost:3000"], "write a URL"), (["--board-backend-load", "/x"], "{roomId}"),
        (["--board-backend", "--board-backend-store", "b/{roomId}"], "{roomId}"),
        (["--board-backend-secret", "hunter2"], "needs --board-backend"),
        (
            ["--board-backend", "--board-backend-secret", "hunter2", "--board-backend-secret-file", "f"],
            "leave one out"
        ),
    ])
    func `what does not fit together is refused, and no secret is repeated`(arguments: [String], remedy: String) throws
    {
        let found = try #require(serveFailure(arguments))
        #expect(found.status == .usage)
        #expect(found.message.contains(remedy), "\(found.message)")
        #expect(!found.message.contains("hunter2"))
    }

    @Test func `development opens board`() throws {
        let configuration = try configuration(["--dev"])
        #expect(configuration.access.boardMode == .open)
    }
}
