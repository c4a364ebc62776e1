import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionServer
import Testing

/// Pings, black holes, and peers that do not read (PROTOCOLS C1, C4 and C5).
@Suite struct LivenessTests {
    @Test func `a peer that answers pings stays, one that does not is closed with 4508`() throws {
        let server = try RunningServer {
            $0.timing.pingInterval = .milliseconds(100)
            $0.timing.pongTimeout = .milliseconds(400)
        }
        let silent = try server.window("u", "w1", case: "C")
        // It does not call `next`, so it does not answer; the Close frame waits in its socket.
        let lively = try server.window("u", "w2", case: "C")
        try eventually("the silent one is closed") {
            #expect(try lively.typesUntilPong() == [])
            return try server.metric("closes_total{profile=\"awareness\",code=\"4508\"}") == 1
        }
        #expect(try silent.hearClose() == .heartbeatTimeout)
        #expect(try lively.typesUntilPong() == [])
        #expect(try server.metric("ping_rtt_seconds_count") != nil)
    }

    @Test func `the time for an answer counts from the ping`() throws {
        let server = try RunningServer {
            $0.timing.pingInterval = .milliseconds(50)
            $0.timing.pongTimeout = .milliseconds(300)
        }
        let silent = try server.open()
        let start = SystemClock.now()
        #expect(try silent.hearClose(answeringPings: false) == .heartbeatTimeout)
        #expect(SystemClock.now() - start >= .milliseconds(340))
    }

    @Test func `a ping interval of zero sends none`() throws {
        let server = try RunningServer { $0.timing.pingInterval = .zero }
        let client = try server.open()
        try client.say(#"{"type":"ping"}"#)
        #expect(try client.next() != .ping)
    }

    @Test(arguments: [1, 2])
    func `an awareness peer that does not read is dropped at the cap, others are served`(threads: Int) throws {
        let server = try RunningServer(threads: threads) {
            $0.queue.bytesMax = 64 * 1024
            $0.awareness.messageRate = nil
            $0.timing.pingInterval = .zero
        }
        let neighbour = try server.window("u", "w1", case: "C")
        let deaf = try TestClient(server.address, secret: nil, receiveBufferBytes: 4096)
        try deaf.open()
        try deaf.register("u", "w2", case: "C")
        #expect(try deaf.hear()["type"] == "registered")
        // Its own questions fill its queue; the answers are longer than they are.
        let frames = deaf.frames(Array(repeating: #"{"type":"ping"}"#, count: 1000))
        var offset = 0
        try eventually("the deaf peer is dropped") {
            offset += deaf.writeSome(frames[offset...])
            if offset == frames.count { offset = 0 }
            return try server.metric("slow_consumers_total{profile=\"awareness\",action=\"disconnect\"}") == 1
        }
        #expect(try neighbour.typesUntilPong() == [])
        let closed = try server.document("/admin/connections?state=closed")["items"]?[0]
        #expect(closed?["code"]?.integer == 4511)
        #expect(closed?["reason"] == "slow_consumer")
    }

    @Test func `an awareness peer that does not read is dropped when its queue gets old, and is named before`() throws {
        let server = try RunningServer {
            $0.queue.bytesMax = 8 << 20
            $0.queue.age = .milliseconds(700)
            $0.awareness.messageRate = nil
            $0.timing.pingInterval = .zero
        }
        let deaf = try TestClient(server.address, secret: nil, receiveBufferBytes: 4096)
        try deaf.open()
        let frames = deaf.frames(Array(repeating: #"{"type":"ping"}"#, count: 1000))
        var offset = 0
        try eventually("the deaf peer is named") {
            offset += deaf.writeSome(frames[offset...])
            if offset == frames.count { offset = 0 }
            let items = try server.document("/admin/slow")["items"]?.elements ?? []
            return items.contains { $0["queued_bytes"]?.integer ?? 0 > 0 && $0["profile"] == "awareness" }
        }
        try eventually("the deaf peer is dropped") {
            try server.metric("slow_consumers_total{profile=\"awareness\",action=\"disconnect\"}") == 1
        }
    }

    @Test func `echo stops reading from a peer that does not read, and goes on where it was`() throws {
        let server = try RunningServer([.echo]) {
            $0.queue.bytesMax = 64 * 1024
            $0.queue.age = .milliseconds(50)
            $0.timing.pingInterval = .zero
            $0.echoCompression = false
        }
        let client = try server.open("/echo")
        let message = String(repeating: "0123456789abcdef", count: 4096)
        let frame = client.frames([message])
        // Writes whole messages until neither side takes more.
        var unsent = frame[...]
        var count = 0
        var idle = 0
        while idle < 50, count < 2000 {
            let written = client.writeSome(unsent)
            unsent = unsent.dropFirst(written)
            if unsent.isEmpty { (unsent, count) = (frame[...], count + 1) }
            idle = written == 0 ? idle + 1 : 0
            if written == 0 {
                _ = waitUntil(client.descriptor.rawValue, 4, until: SystemClock.now() + .milliseconds(5))
            }
        }
        #expect(idle == 50, "the server read \(count) messages and never paused")
        #expect(try server.metric("outq_bytes") ?? .infinity < 2e6)
        // Reads it all; the last message may be half sent, and its other half follows.
        let isCut = unsent.count < frame.count
        var heard = 0
        while heard < count {
            #expect(try client.nextMessage() == .text(message))
            heard += 1
        }
        if isCut {
            try client.write(plain: Array(unsent))
            #expect(try client.nextMessage() == .text(message))
        }
        #expect(try server.metric("slow_consumers_total{profile=\"awareness\",action=\"disconnect\"}") == 0)
    }
}
