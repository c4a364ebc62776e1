import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionServer
import Testing

/// Fan-out of channels to subscribers of every kind: plain, behind TLS, with permessage-deflate, on one loop and more.
@Suite struct FanoutOverTheWireTests {
    private func server(
        threads: Int, tls: TLSFiles? = nil, _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> RunningServer {
        try RunningServer([.channels], threads: threads) {
            var rule = ChannelRule(pattern: "test:*")
            rule.subscribers = ["anyone"]
            rule.publishers = ["anyone"]
            $0.channels.rules = [rule]
            $0.channels.messageRate = nil
            $0.channelsCompression = true
            $0.channelsPingInterval = .zero
            $0.tls = tls
            change(&$0)
        }
    }

    private func subscribe(_ client: TestClient, compression: CompressionPolicy? = nil) throws {
        try client.open("/ws", compression: compression)
        try client.say(#"{"type":"subscribe","channel":"test:t"}"#)
        while try client.hear()["type"] != "subscribed" {}
    }

    private func publication(_ number: Int) -> String {
        // Long enough to be compressed.
        let filler = String(repeating: "0123456789", count: 100)
        return #"{"type":"publish","channel":"test:t","message":{"type":"m","n":\#(number),"filler":"\#(filler)"}}"#
    }

    private func numbers(_ client: TestClient, _ count: Int) throws -> [Int64] {
        var numbers: [Int64] = []
        while numbers.count < count { if let number = try client.hear()["n"]?.integer { numbers.append(number) } }
        return numbers
    }

    @Test(arguments: [1, 2, 3])
    func `every subscriber hears every message once and in order`(threads: Int) throws {
        let server = try server(threads: threads)
        let subscribers = try (0..<6).map { _ in try server.connect() }
        for (index, subscriber) in subscribers.enumerated() {
            try subscribe(subscriber, compression: index.isMultiple(of: 2) ? nil : CompressionPolicy.client)
        }
        let publisher = try server.open("/ws")
        for turn in 0..<10 {
            // Many messages in one read are handed out together.
            try publisher.write(plain: publisher.frames((0..<16).map { publication(turn * 16 + $0) }))
        }
        for subscriber in subscribers { #expect(try numbers(subscriber, 160) == Array(0..<160)) }
        // Each message is measured once, however many loops and groups it went to.
        let count = "fanout_seconds_count{profile=\"channels\"}"
        try eventually("all are measured") { try server.metric(count) ?? 0 >= 160 }
        #expect(try server.metric(count) == 160)
    }

    @Test(arguments: [1, 2])
    func `a subscriber who publishes hears its messages before the answers that follow them`(threads: Int) throws {
        let server = try server(threads: threads)
        let client = try server.connect()
        try subscribe(client)
        try client.write(plain: client.frames((0..<20).map { publication($0) }))
        var heard: [String] = []
        while heard.count < 40 {
            let message = try client.hear()
            heard.append(message["n"]?.integer.map { "\($0)" } ?? message["type"]?.string ?? "?")
        }
        #expect(heard.filter { $0 != "published" } == (0..<20).map { "\($0)" })
        // An answer may wait for another loop, but comes behind its message.
        let answers = heard.indices.filter { heard[$0] == "published" }
        #expect(answers.enumerated().allSatisfy { heard[..<$1].contains("\($0)") })
    }

    @Test func `messages reach subscribers behind TLS`() throws {
        let server = try server(threads: 2, tls: .fixture())
        let secret = try TLSContext.fixture()
        let subscribers = try (0..<3).map { _ in try TestClient(server.address, secret: secret) }
        for subscriber in subscribers { try subscribe(subscriber) }
        let publisher = try TestClient(server.address, secret: secret)
        try publisher.open("/ws")
        try publisher.write(plain: publisher.frames((0..<50).map { publication($0) }))
        for subscriber in subscribers { #expect(try numbers(subscriber, 50) == Array(0..<50)) }
    }

    @Test(arguments: [1, 2])
    func `a subscriber who does not read is named, then closed, and the others hear everything`(threads: Int) throws {
        let server = try server(threads: threads) { $0.queue.bytesMax = 256 * 1024 }
        let lively = try server.connect()
        try subscribe(lively)
        let deaf = try TestClient(server.address, secret: nil, receiveBufferBytes: 4096)
        try subscribe(deaf)
        let publisher = try server.open("/ws")
        var count = 0
        var isNamed = false
        try eventually("the deaf one is closed") {
            try publisher.write(plain: publisher.frames((count..<count + 64).map { publication($0) }))
            count += 64
            #expect(try numbers(lively, 64) == Array(Int64(count - 64)..<Int64(count)))
            _ = try publisher.poll()
            let slow = try server.document("/admin/slow")["items"]?.elements ?? []
            isNamed = isNamed || slow.contains { $0["profile"] == "channels" && $0["queued_bytes"]?.integer ?? 0 > 0 }
            return try server.metric("slow_consumers_total{profile=\"channels\",action=\"disconnect\"}") == 1
        }
        #expect(isNamed)
        #expect(try server.metric("fanout_seconds_count{profile=\"channels\"}") ?? 0 >= Double(count))
        let closed = try server.document("/admin/connections?state=closed")["items"]?[0]
        #expect(closed?["code"]?.integer == 4511)
    }
}
