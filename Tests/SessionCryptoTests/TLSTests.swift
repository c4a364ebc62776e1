import SessionCrypto
import Testing

@Suite struct TLSTests {
    @Test(arguments: [1, 2, 3, 5, 7, 64, 1000, 16_384])
    func `two sessions understand each other in pieces of any size`(pieceBytes: Int) throws {
        var talk = try TLSConversation(
            client: TLSFixture.client(), server: TLSFixture.server(), pieceBytes: pieceBytes)
        talk.settle()
        #expect(talk.client.isOpen && talk.server.isOpen)
        let question = Array("question".utf8)
        let answer = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
        try talk.clientSays(question)
        try talk.serverSays(answer)
        talk.settle()
        #expect(talk.heardByServer == question)
        #expect(talk.heardByClient == answer)
        #expect(talk.client.parameters?.hasPrefix("TLSv1.3") == true)
    }

    @Test func `a close is heard, and the other direction stays open`() throws {
        var talk = try TLSConversation(client: TLSFixture.client(), server: TLSFixture.server())
        talk.settle()
        talk.clientCloses()
        talk.settle()
        #expect(talk.server.isClosedByPeer)
        try talk.serverSays([1, 2, 3])
        talk.settle()
        #expect(talk.heardByClient == [1, 2, 3])
    }

    @Test(arguments: ["localhost", "a.session.test", "127.0.0.1", "::1"])
    func `a certificate is good for the names and addresses it holds`(name: String) throws {
        var talk = try TLSConversation(client: TLSFixture.client(), server: TLSFixture.server(), peerName: name)
        talk.settle()
        #expect(talk.client.isOpen)
        #expect(talk.clientError == nil)
    }

    @Test(arguments: [
        ("example.com", "the certificate of example.com is not trusted: hostname mismatch"),
        ("a.b.session.test", "the certificate of a.b.session.test is not trusted: hostname mismatch"),
        ("127.0.0.2", "the certificate of 127.0.0.2 is not trusted: IP address mismatch"),
    ])
    func `a certificate for somebody else is not trusted`(name: String, sentence: String) throws {
        var talk = try TLSConversation(client: TLSFixture.client(), server: TLSFixture.server(), peerName: name)
        talk.settle()
        #expect(talk.clientError == TLSError(.untrusted, sentence))
        #expect(talk.serverError?.kind == .refused)
        #expect(!talk.client.isOpen && !talk.server.isOpen)
    }

    @Test(arguments: [
        ("expired", "the certificate of localhost is not trusted: certificate has expired"),
        ("self-signed", "the certificate of localhost is not trusted: self-signed certificate"),
    ])
    func `a bad certificate is not trusted, and anybody's is when trust is switched off`(
        name: String, sentence: String
    ) throws {
        let server = try TLSFixture.server(name)
        var talk = try TLSConversation(client: TLSFixture.client(), server: server)
        talk.settle()
        #expect(talk.clientError == TLSError(.untrusted, sentence))

        var careless = try TLSConversation(client: TLSContext(clientTrusting: .anybody), server: server)
        careless.settle()
        #expect(careless.client.isOpen && careless.server.isOpen)
    }

    @Test func `the system's authorities do not include the one of the tests`() throws {
        var talk = try TLSConversation(client: TLSContext(clientTrusting: .system), server: TLSFixture.server())
        talk.settle()
        #expect(talk.clientError?.kind == .untrusted)
    }

    @Test func `a demanded client certificate names the client`() throws {
        var talk = try TLSConversation(
            client: TLSFixture.client(identity: "client"), server: TLSFixture.server(demandingClients: true))
        talk.settle()
        #expect(talk.server.isOpen)
        #expect(
            talk.server.peerSubject == "O=Pathology,CN=window-7" || talk.server.peerSubject == "CN=window-7,O=Pathology"
        )
    }

    @Test func `a client without the demanded certificate is refused and told so`() throws {
        var talk = try TLSConversation(
            client: TLSFixture.client(), server: TLSFixture.server(demandingClients: true))
        talk.settle()
        #expect(!talk.server.isOpen)
        #expect(talk.serverError == TLSError(.protocol, "TLS failed: peer did not return a certificate"))
        #expect(talk.clientError == TLSError(.refused, "the peer refused TLS: certificate required"))
    }

    @Test func `a client certificate of another authority is refused`() throws {
        var talk = try TLSConversation(
            client: TLSFixture.client(identity: "self-signed"), server: TLSFixture.server(demandingClients: true))
        talk.settle()
        #expect(
            talk.serverError
                == TLSError(.untrusted, "the client's certificate is not trusted: self-signed certificate"))
    }

    @Test func `a server shows no subject where clients need no certificate`() throws {
        var talk = try TLSConversation(client: TLSFixture.client(), server: TLSFixture.server())
        talk.settle()
        #expect(talk.server.peerSubject == nil)
        #expect(talk.client.peerSubject == "CN=localhost")
    }
}
