import SessionCodec
import SessionStorage
import Testing

@Suite struct StorageLocationTests {
    private func address(_ url: String) throws -> RedisAddress? {
        if case .redis(let address) = try StorageLocation(url) { address } else { nil }
    }

    /// The line that a text is refused with; fails the test where it is taken.
    private func refusal(_ text: String) -> String {
        do throws(StorageError) {
            Issue.record("\(try StorageLocation(text)) was taken")
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `the embedded stores are named by a word and a path`() throws {
        #expect(try StorageLocation("memory") == .memory)
        #expect(try StorageLocation("sqlite:data/store.db") == .sqlite(path: "data/store.db"))
        #expect(try StorageLocation("sqlite:/var/a b.db").publicDescription == "sqlite:/var/a b.db")
    }

    @Test(arguments: [
        ("redis://localhost", "redis://localhost:6379/0"), ("redis://localhost:7000/3", "redis://localhost:7000/3"),
        ("redis://[::1]:80", "redis://[::1]:80/0"), ("rediss://cache.example/1", "rediss://cache.example:6379/1"),
        ("redis://ann:s3cret@h:1/2", "redis://h:1/2"), ("redis://:p%40ss@h", "redis://h:6379/0"),
        ("redis+unix:/run/r.sock", "redis+unix:/run/r.sock"), ("redis+unix:///run/r.sock", "redis+unix:/run/r.sock"),
    ])
    func `a URL of Redis is shown without its credentials`(url: String, shown: String) throws {
        #expect(try StorageLocation(url).publicDescription == shown)
    }

    @Test func `all parts of a URL count`() throws {
        var expected = RedisAddress(address: .host("h", port: 6380))
        expected.isSecure = true
        expected.user = "ann"
        expected.password = "p@ss:word/"
        expected.database = 4
        expected.authoritiesPath = "/etc/ca.pem"
        #expect(try address("rediss://ann:p%40ss%3Aword%2F@h:6380/4?cacert=/etc/ca.pem") == expected)
        #expect(try address("redis://:only@h")?.user == nil)
        #expect(try address("redis://:only@h")?.password == "only")
        #expect(try address("redis://only@h")?.password == "only")
        #expect(try address("redis+unix:/s?database=2&user=bob")?.database == 2)
        #expect(try address("rediss://h?verify=off")?.isVerificationOff == true)
    }

    @Test(arguments: ["", "mysql://h", "sqlite:", "Memory", "redis:/h"])
    func `what is no store is refused with what is one`(text: String) {
        #expect(refusal(text).contains("sqlite:"))
    }

    @Test(arguments: [
        "redis://u:s3cret@h:port", "redis://u:s3cret@h/x", "redis://u:s3cret@h/70000", "redis://u:s3cret%zz@h",
        "redis://u:s3cret@h?what=1", "redis://u:s3cret@[h", "redis+unix:?user=s3cret",
    ])
    func `a URL that cannot be read is not repeated`(url: String) {
        let line = refusal(url)
        #expect(!line.isEmpty)
        #expect(!line.contains("s3cret"))
    }

    private func setting(_ text: String?, password: String? = nil, database: String? = nil) throws -> StorageLocation {
        try StorageLocation(setting: text, password: password, database: database, dataFolder: "/data")
    }

    @Test(arguments: [nil, "", "none", "sqlite"])
    func `without a choice the data folder has the store`(text: String?) throws {
        #expect(try setting(text, password: "x", database: "no number") == .sqlite(path: "/data/store.db"))
    }

    @Test func `the seed's variables name Redis`() throws {
        var expected = RedisAddress(address: .host("cache", port: 6380))
        #expect(try setting("cache:6380", password: "", database: "") == .redis(expected))
        expected.password = "secret"
        expected.database = 5
        #expect(try setting("cache:6380", password: "secret", database: "5") == .redis(expected))
        expected.isSecure = true
        #expect(try setting("rediss://:other@cache:6380/1", password: "secret", database: "5") == .redis(expected))
        #expect(throws: StorageError.self) { try setting("cache:6380", database: "five") }
        #expect(throws: StorageError.self) { try setting("cache") }
        #expect(try setting("memory") == .memory)
        #expect(try setting("sqlite:a:1") == .sqlite(path: "a:1"))
    }
}
