import SessionBase
import SessionCodec
import SessionIO
import SessionStorage
import Synchronization
import TestSupport
import Testing

/// Single keys that others keep in Redis (PROTOCOLS 4-3, `redis`).
@Suite struct RedisLookupTests {
    /// What came for some keys, in the order in which they were asked for.
    private final class Answers: Sendable {
        private let found: Mutex<[RedisLookup.Found?]>

        init(count: Int) { found = Mutex(Array(repeating: nil, count: count)) }

        var all: [RedisLookup.Found?] { found.withLock { $0 } }

        func put(_ answer: RedisLookup.Found, at index: Int) {
            found.withLock { found in
                #expect(found[index] == nil, "an answer comes twice")
                found[index] = answer
            }
        }
    }

    /// Asks for keys at once, and waits for all answers.
    private static func get(_ keys: [String], from lookup: RedisLookup) -> [RedisLookup.Found?] {
        let answers = Answers(count: keys.count)
        for (index, key) in keys.enumerated() { lookup.get(Array(key.utf8)) { answers.put($0, at: index) } }
        Waiting.until("all answers come") { answers.all.allSatisfy { $0 != nil } }
        return answers.all
    }

    @Test func `each key gets its own value`() throws {
        let redis = try RedisServer()
        try redis.run("SET", "a", "1")
        try redis.run("SET", "key with spaces", "two words")
        let lookup = try RedisLookup(redis.address)
        let found = Self.get(["a", "none", "key with spaces", "a"], from: lookup)
        let (one, two) = (RedisLookup.Found.value(Array("1".utf8)), RedisLookup.Found.value(Array("two words".utf8)))
        #expect(found == [one, .nothing, two, one])
        lookup.stop()
    }

    @Test func `many questions at once keep their answers apart`() throws {
        let redis = try RedisServer()
        for index in 0..<20 { try redis.run("SET", "k\(index)", "v\(index)") }
        let lookup = try RedisLookup(redis.address)
        let keys = (0..<2000).map { "k\($0 % 20)" }
        let found = Self.get(keys, from: lookup)
        #expect(found == (0..<2000).map { .value(Array("v\($0 % 20)".utf8)) })
        lookup.stop()
    }

    @Test func `a key that holds no text is unavailable, and its name is not told`() throws {
        let redis = try RedisServer()
        try redis.run("LPUSH", "secret-key", "x")
        let lookup = try RedisLookup(redis.address)
        guard case .unavailable(let reason)? = Self.get(["secret-key"], from: lookup)[0] else {
            Issue.record("available")
            return
        }
        #expect(reason.contains("WRONGTYPE") && !reason.contains("secret-key"))
        lookup.stop()
    }

    @Test func `a Redis that does not know the command does not get the key into a reason`() throws {
        let redis = try RedisServer(["--rename-command", "GET", "FETCH"])
        let lookup = try RedisLookup(redis.address)
        guard case .unavailable(let reason)? = Self.get(["secret-key"], from: lookup)[0] else {
            Issue.record("available")
            return
        }
        #expect(reason.contains("ERR") && !reason.contains("secret-key"), "\(reason)")
        lookup.stop()
    }

    @Test func `a password and a database are greeted with`() throws {
        let redis = try RedisServer(["--requirepass", "open sesame"])
        try redis.run("-a", "open sesame", "-n", "3", "SET", "a", "1")
        var address = redis.address
        (address.password, address.database) = ("open sesame", 3)
        let lookup = try RedisLookup(address)
        #expect(Self.get(["a"], from: lookup) == [.value(Array("1".utf8))])
        lookup.stop()
        address.password = "wrong"
        let refused = try RedisLookup(address, patience: .milliseconds(300))
        guard case .unavailable(let reason)? = Self.get(["a"], from: refused)[0] else {
            Issue.record("available")
            return
        }
        #expect(reason.contains("WRONGPASS") && !reason.contains("wrong"))
        refused.stop()
    }

    @Test func `a question waits for a Redis that is away, but not for ever`() throws {
        let redis = try RedisServer()
        try redis.run("SET", "a", "1")
        let lookup = try RedisLookup(redis.address, patience: .milliseconds(400))
        #expect(Self.get(["a"], from: lookup) == [.value(Array("1".utf8))])
        redis.kill()
        guard case .unavailable? = Self.get(["a"], from: lookup)[0] else {
            Issue.record("available")
            return
        }
        try redis.start()
        Waiting.until("it is found again") { Self.get(["a"], from: lookup) == [.value(Array("1".utf8))] }
        lookup.stop()
    }

    @Test func `a Redis that does not answer is given up, and found again`() throws {
        let redis = try RedisServer()
        try redis.run("SET", "a", "1")
        let lookup = try RedisLookup(redis.address, patience: .milliseconds(300))
        #expect(Self.get(["a"], from: lookup) == [.value(Array("1".utf8))])
        try redis.signal("STOP")
        guard case .unavailable? = Self.get(["a"], from: lookup)[0] else {
            Issue.record("available")
            return
        }
        try redis.signal("CONT")
        Waiting.until("it is found again") { Self.get(["a"], from: lookup) == [.value(Array("1".utf8))] }
        lookup.stop()
    }

    @Test func `what waits when it is stopped is unavailable, and so is what comes later`() throws {
        let nowhere = RedisAddress(address: .unix(path: TemporaryFolder().path + "/none.sock"))
        let lookup = try RedisLookup(nowhere)
        let answers = Answers(count: 2)
        lookup.get(Array("a".utf8)) { answers.put($0, at: 0) }
        lookup.stop()
        lookup.get(Array("a".utf8)) { answers.put($0, at: 1) }
        #expect(answers.all.count { $0.map { if case .unavailable = $0 { true } else { false } } ?? false } == 2)
    }
}
