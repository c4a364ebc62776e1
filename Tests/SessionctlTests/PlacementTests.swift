import CommandKit
import Testing
import sessionctl

/// Which profiles run and where they listen (PROTOCOLS §1.10, "Listening").
@Suite struct PlacementTests {
    private func places(_ arguments: [String]) throws -> [String] { try places(arguments, [:], nil) }

    private func placesOrFailure(_ arguments: [String]) throws(CommandError) -> [ServeListener] {
        try ServePlacement.listeners(try serveSettings(["serve"] + arguments))
    }

    private func places(
        _ arguments: String..., environment: [String: String] = [:], file: String? = nil
    ) throws -> [String] {
        try places(arguments, environment, file)
    }

    /// `awareness@0.0.0.0:8765`, with `!` where the host was named and `*` on a single listener.
    private func places(
        _ arguments: [String], _ environment: [String: String], _ file: String?
    ) throws -> [String] {
        let settings = try serveSettings(["serve"] + arguments, environment: environment, file: file)
        return try ServePlacement.listeners(settings).map { listener in
            let names = listener.profiles.map(\.rawValue).joined(separator: "+")
            return "\(names)@\(listener.address)" + (listener.hostIsNamed ? "!" : "") + (listener.isSingle ? "*" : "")
        }
    }

    @Test func `without options all services run at their native listeners`() throws {
        #expect(
            try places() == [
                "awareness@0.0.0.0:8765", "sync@0.0.0.0:8080", "channels+lockers@0.0.0.0:3000", "board@0.0.0.0:8000",
            ])
        #expect(try places("board") == ["board@0.0.0.0:8000"])
        #expect(try places("awareness") == ["awareness@0.0.0.0:8765"])
        #expect(try places("echo") == ["echo@127.0.0.1:9001"])
        #expect(try places("--profile", "awareness,echo") == ["awareness@0.0.0.0:8765", "echo@127.0.0.1:9001"])
    }

    @Test func `channels and lockers share a listener as long as they have one address`() throws {
        #expect(try places("channels") == ["channels@0.0.0.0:3000"])
        #expect(try places("lockers", "--port", "3001") == ["lockers@0.0.0.0:3001"])
        let both = ["--profile", "channels,lockers"]
        #expect(try places(both + ["--host", "::1"]) == ["channels+lockers@[::1]:3000!"])
        #expect(
            try places(both + ["--lockers-port", "3001"]) == ["channels@0.0.0.0:3000", "lockers@0.0.0.0:3001"])
        #expect(try places(both + ["--channels-port", "3001", "--lockers-port", "3001"]).count == 1)
        #expect(try places(both + ["--channels-port", "0", "--lockers-port", "0"]).count == 2)
        #expect(try places(both + ["--listen", "channels=0.0.0.0:3000"]) == ["channels+lockers@0.0.0.0:3000"])
        #expect(
            try places(both + ["--listen", "lockers=[::1]:0"]) == ["lockers@[::1]:0!", "channels@0.0.0.0:3000"])
    }

    @Test func `sync and channels on one listener are refused, unless the owner of ws is known`() throws {
        let arguments = ["--listen", "sync+channels=127.0.0.1:1"]
        do throws(CommandError) {
            _ = try placesOrFailure(arguments)
            Issue.record("both claim /ws")
        } catch {
            #expect(error.status == .configuration)
            #expect(error.message.contains("--ws-owner") && error.message.contains("127.0.0.1:1"))
        }
        #expect(try places(arguments + ["--ws-owner", "sync"]) == ["sync+channels@127.0.0.1:1!"])
        #expect(try places("--profile", "sync,channels", "--single", "1") == ["sync+channels@0.0.0.0:1*"])
    }

    @Test func `a named host is the host of all`() throws {
        let both = try places("--profile", "awareness,echo", "--host", "[::1]")
        #expect(both == ["awareness@[::1]:8765!", "echo@[::1]:9001!"])
    }

    @Test func `a listen alone runs only what it names`() throws {
        #expect(try places("--listen", "echo=127.0.0.1:0") == ["echo@127.0.0.1:0!"])
        #expect(try places("--listen", "awareness+echo=unix:/s") == ["awareness+echo@unix:/s!"])
    }

    @Test func `a listen beside a profile adds none, and the others stay native`() throws {
        #expect(try places("--profile", "awareness", "--listen", "echo=[::]:1") == ["awareness@0.0.0.0:8765"])
        #expect(
            try places("--profile", "awareness,echo", "--listen", "echo=[::]:1")
                == ["echo@[::]:1!", "awareness@0.0.0.0:8765"])
    }

    @Test func `placements at one address share a listener, but not at port 0`() throws {
        let one = try places("--listen", "awareness=127.0.0.1:1", "--listen", "echo=127.0.0.1:1")
        #expect(one == ["awareness+echo@127.0.0.1:1!"])
        let two = try places("--listen", "awareness=127.0.0.1:0", "--listen", "echo=127.0.0.1:0")
        #expect(two.count == 2)
    }

    @Test func `a single listener serves all profiles`() throws {
        #expect(try places("--single", "8080") == ["awareness+sync+channels+lockers+board@0.0.0.0:8080*"])
        #expect(try places("--single", ":8080") == ["awareness+sync+channels+lockers+board@0.0.0.0:8080*"])
        #expect(
            try places("--single", "8080", "--host", "::1") == ["awareness+sync+channels+lockers+board@[::1]:8080!*"])
        #expect(try places("--profile", "awareness,echo", "--single", "[::]:1") == ["awareness+echo@[::]:1!*"])
    }

    @Test func `single and listen from one source contradict, from two the stronger counts`() throws {
        #expect(throws: CommandError.self) { try places("--single", "1", "--listen", "echo=a:1") }
        #expect(try places("--single", "1", file: "listen echo=a:1") == ["echo@0.0.0.0:1*"])
        #expect(try places("--listen", "echo=a:1", file: "single 1") == ["echo@a:1!"])
    }

    @Test func `PORT and HOST place awareness or board, whichever runs`() throws {
        let environment = ["PORT": "9", "HOST": "127.0.0.1"]
        #expect(
            try places("--profile", "awareness,sync", environment: environment)
                == ["awareness@127.0.0.1:9!", "sync@0.0.0.0:8080"])
        #expect(
            try places("--profile", "sync,board", environment: environment)
                == ["sync@0.0.0.0:8080", "board@127.0.0.1:9!"])
        #expect(try places("board", environment: ["PORT": "8000"]) == ["board@0.0.0.0:8000"])
    }

    @Test(arguments: ["PORT", "HOST"])
    func `a variable that both awareness and board would take is refused, and says what to write`(name: String) throws {
        do throws(CommandError) {
            _ = try ServePlacement.listeners(try serveSettings(["serve"], environment: [name: "9"]))
            Issue.record("the variable means two things")
        } catch {
            #expect(error.status == .configuration)
            #expect(
                error.message.contains("\(name) could mean awareness or board") && error.message.contains("--listen"))
        }
    }

    @Test func `awareness and board on one listener are refused, but not on a single port`() throws {
        let error = #expect(throws: CommandError.self) { try places("--listen", "awareness+board=127.0.0.1:1") }
        #expect(error?.status == .configuration)
        #expect(error?.message.contains("awareness and board both claim /") == true)
        #expect(try places("--profile", "awareness,board", "--single", "1") == ["awareness+board@0.0.0.0:1*"])
    }

    @Test func `SERVER_ADDR places sync, its port alone or with a host`() throws {
        #expect(try places("sync", environment: ["SERVER_ADDR": ":8081"]) == ["sync@0.0.0.0:8081"])
        #expect(try places("sync", environment: ["SERVER_ADDR": "127.0.0.1:8081"]) == ["sync@127.0.0.1:8081!"])
        #expect(try places("sync", "--dev", environment: ["SERVER_ADDR": ":8081"]) == ["sync@127.0.0.1:8081"])
        #expect(try places("sync", "--port", "9", environment: ["SERVER_ADDR": ":8081"]) == ["sync@0.0.0.0:9"])
        #expect(try places("sync", environment: ["SERVER_ADDR": ":8081"], file: "sync-port 9") == ["sync@0.0.0.0:8081"])
        let both = try places("--host", "::1", environment: ["SERVER_ADDR": ":8081"])
        #expect(
            both == ["awareness@[::1]:8765!", "sync@[::1]:8081!", "channels+lockers@[::1]:3000!", "board@[::1]:8000!"])
        #expect(throws: CommandError.self) { try places(environment: ["SERVER_ADDR": "8081:"]) }
    }

    @Test func `PORT and HOST speak only for the profile that claims them`() throws {
        let environment = ["PORT": "9", "HOST": "0.0.0.0"]
        let both = try places("--profile", "awareness,echo", environment: environment)
        #expect(both == ["awareness@0.0.0.0:9!", "echo@127.0.0.1:9001"])
        #expect(try places("echo", environment: environment) == ["echo@127.0.0.1:9001"])
    }

    @Test func `PORT and HOST are ignored where an option places the listener, however wrong they are`() throws {
        let environment = ["PORT": "tcp://10.0.0.1:80", "HOST": "0.0.0.0"]
        #expect(try places("--listen", "awareness=127.0.0.1:1", environment: environment) == ["awareness@127.0.0.1:1!"])
        #expect(
            try places("--single", "5", environment: environment) == [
                "awareness+sync+channels+lockers+board@0.0.0.0:5*"
            ])
        #expect(throws: CommandError.self) { try places("awareness", environment: environment) }
    }

    @Test func `flags beat PORT and HOST`() throws {
        let environment = ["PORT": "9", "HOST": "127.0.0.1"]
        #expect(try places("awareness", "-p", "7", "-h", "::", environment: environment) == ["awareness@[::]:7!"])
        let file = "awareness-port 7\nhost ::\nprofile awareness"
        #expect(try places(environment: environment, file: file) == ["awareness@127.0.0.1:9!"])
    }

    @Test func `a port and a listen for one profile contradict`() throws {
        #expect(throws: CommandError(.usage, "--port 7: --listen places awareness too; leave one of the two out")) {
            try places("awareness", "--port", "7", "--listen", "awareness=a:1")
        }
    }

    @Test func `development listens on loopback only`() throws {
        #expect(
            try places("--dev")
                == [
                    "awareness@127.0.0.1:8765", "sync@127.0.0.1:8080", "channels+lockers@127.0.0.1:3000",
                    "board@127.0.0.1:8000",
                ])
        #expect(try places("awareness", "--dev", "--host", "localhost") == ["awareness@localhost:8765!"])
        #expect(throws: CommandError.self) { try places("--dev", "--host", "0.0.0.0") }
        #expect(throws: CommandError.self) { try places("--dev", "--listen", "echo=[::]:1") }
    }
}
