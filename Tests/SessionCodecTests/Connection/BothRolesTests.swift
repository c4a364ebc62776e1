import SessionBase
import SessionCodec
import TestSupport
import Testing

/// Both ends talk to each other over a network that cuts bytes anywhere.
@Suite struct BothRolesTests {
    @Test(arguments: 0..<24)
    func `random messages arrive in both directions`(round: Int) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var pair = Pair(seed: seed, round: round)
        pair.shakeHands()
        #expect(pair.atServer.heard == [.upgrade] && pair.atClient.heard == [.opened], "seed \(seed)")
        pair.atServer.heard = []
        pair.atClient.heard = []
        var (fromClient, fromServer): ([Heard], [Heard]) = ([], [])
        for _ in 0..<30 {
            fromClient.append(contentsOf: pair.say(asServer: false))
            fromServer.append(contentsOf: pair.say(asServer: true))
            pair.deliver()
        }
        pair.client.close(.normal, reason: "done", output: &pair.atClient.output)
        pair.deliver()
        #expect(pair.atServer.heard == fromClient + [.closeReceived(.normal, "done")], "seed \(seed)")
        #expect(pair.atClient.heard == fromServer + [.closeReceived(.normal, "normal")], "seed \(seed)")
        #expect(pair.server.isFinished && pair.client.isFinished)
    }
}

/// A client, a server, and what lies between them.
private struct Pair {
    var client: Connection
    var server: Connection
    /// What each end heard, and what it has to say.
    var atClient = Transcript()
    var atServer = Transcript()
    private let compression: CompressionPolicy?
    private var random: SeededRandom

    /// Pongs are off, so that what is heard follows from what was said.
    init(seed: UInt64, round: Int) {
        random = SeededRandom(seed: seed)
        let limits = ConnectionLimits(messageBytesMax: 1 << 20)
        client = Connection(role: .client(maskKeys: SipHash(key0: seed, key1: 1)), limits: limits)
        server = Connection(role: .server, limits: limits)
        (client.answersPings, server.answersPings) = (false, false)
        client.fragmentBytes = round % 3 == 0 ? UInt32.random(in: 1...99, using: &random) : 0
        server.fragmentBytes = round % 5 == 0 ? UInt32.random(in: 1...99, using: &random) : 0
        var policy = CompressionPolicy(
            keepsOwnContext: random.chance(0.5), keepsPeerContext: random.chance(0.5))
        policy.ownWindowBitsMax = UInt8.random(in: 8...15, using: &random)
        policy.peerWindowBitsMax = UInt8.random(in: 8...15, using: &random)
        policy.messageBytesMin = 20
        compression = round % 4 == 0 ? nil : policy
    }

    mutating func shakeHands() {
        client.request(
            ClientHandshake(
                target: "/", authority: "h", nonce: (random.next(), random.next()), compression: compression),
            output: &atClient.output)
        deliver()
    }

    /// Lets one end say something, and tells what the other one will hear.
    mutating func say(asServer: Bool) -> [Heard] {
        let bytes = Array("κόσμε, 😀 and {\"type\":\"ping\"} ".utf8)
        let repeated = Array(repeatElement(bytes, count: Int.random(in: 0...120, using: &random)).joined())
        let short = Array(bytes.prefix(Int.random(in: 9...40, using: &random)))
        let kind: MessageKind = random.chance(0.5) ? .text : .binary
        let payload = kind == .binary ? repeated + short : repeated
        if asServer {
            server.send(kind, payload.span, output: &atServer.output)
            server.ping(short.span, output: &atServer.output)
        } else {
            client.send(kind, payload.span, output: &atClient.output)
            client.ping(short.span, output: &atClient.output)
        }
        return [.message(kind, payload), .ping(short)]
    }

    /// Carries bytes to and fro until neither end has anything to say.
    mutating func deliver() {
        while !atClient.output.isEmpty || !atServer.output.isEmpty {
            let (toServer, toClient) = (atClient.output, atServer.output)
            (atClient.output, atServer.output) = ([], [])
            let compression = compression
            for piece in DecoderVerifier.pieces(of: toServer, plan: .random(toServer.count, using: &random)) {
                server.feed(piece, to: &atServer) { connection, event, output in
                    guard event == .upgrade else { return }
                    connection.accept(
                        Acceptance(messageBytesMax: 1 << 20, compression: compression), output: &output)
                }
            }
            for piece in DecoderVerifier.pieces(of: toClient, plan: .random(toClient.count, using: &random)) {
                client.feed(piece, to: &atClient)
            }
        }
    }
}
