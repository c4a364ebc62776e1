import SessionCrypto
import Testing

@Suite struct TLSRefusalTests {
    @Test func `TLS 1.1 is refused with the alert protocol_version`() throws {
        let (error, output) = try feedServer(clientHello(version: 0x0302, suites: [0xc009, 0xc013, 0x002f]))
        #expect(error == TLSError(.protocol, "TLS failed: unsupported protocol"))
        #expect(output.suffix(2) == [2, 70])
    }

    @Test func `a TLS 1.2 client without forward secrecy is refused with the alert handshake_failure`() throws {
        let (error, output) = try feedServer(clientHello(version: 0x0303, suites: [0x009c, 0x002f]))
        #expect(error == TLSError(.protocol, "TLS failed: no shared cipher"))
        #expect(output.suffix(2) == [2, 40])
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "hello there, this is no TLS at all"])
    func `plain text is no TLS`(text: String) throws {
        let (error, _) = try feedServer(Array(text.utf8))
        #expect(error == TLSError(.protocol, "the peer does not speak TLS"))
    }

    @Test func `a failed session takes in nothing more`() throws {
        let session = try TLSSession(TLSFixture.server())
        var plaintext: [UInt8] = []
        var output: [UInt8] = []
        let noise = [UInt8](repeating: 0x41, count: 100)
        #expect(throws: TLSError.self) {
            try session.receive(noise.span, plaintext: &plaintext, output: &output)
        }
        output = []
        try session.receive(noise.span, plaintext: &plaintext, output: &output)
        session.close(output: &output)
        #expect(plaintext.isEmpty && output.isEmpty)
    }

    @Test func `a changed byte on the way ends the session`() throws {
        let client = try TLSSession(TLSFixture.client(), peerName: "localhost")
        let server = try TLSSession(TLSFixture.server())
        var (toServer, toClient, heard): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        try client.start(output: &toServer)
        while !(client.isOpen && server.isOpen) {
            try server.receive(toServer.span, plaintext: &heard, output: &toClient)
            toServer = []
            try client.receive(toClient.span, plaintext: &heard, output: &toServer)
            toClient = []
        }
        try client.send([1, 2, 3, 4].span, output: &toServer)
        toServer[toServer.count - 1] ^= 1
        #expect(throws: TLSError(.protocol, "TLS failed: decryption failed or bad record mac")) {
            try server.receive(toServer.span, plaintext: &heard, output: &toClient)
        }
        #expect(heard.isEmpty)
    }

    @Test func `material that cannot be used is refused with a sentence`() throws {
        let good = try TLSFixture.identity("server")
        let otherKey = try TLSFixture.pem("client-key")
        #expect(
            complaint(good.certificateChain, otherKey)
                == "the private key does not belong to the certificate: key values mismatch")
        #expect(
            complaint(Array("nothing".utf8), good.privateKey) == "the certificate is no PEM certificate: no start line")
        #expect(
            complaint(good.certificateChain, []) == "the private key is no PEM key without pass phrase: unsupported")
    }

    private func complaint(_ chain: [UInt8], _ key: [UInt8]) -> String? {
        do throws(TLSError) {
            _ = try TLSContext(serverIdentity: .init(certificateChain: chain, privateKey: key))
            return nil
        } catch {
            return error.description
        }
    }

    /// What a server makes of `input` as the first bytes of a client.
    private func feedServer(_ input: [UInt8]) throws -> (error: TLSError?, output: [UInt8]) {
        let session = try TLSSession(TLSFixture.server())
        var plaintext: [UInt8] = []
        var output: [UInt8] = []
        do throws(TLSError) {
            try session.receive(input.span, plaintext: &plaintext, output: &output)
            return (nil, output)
        } catch {
            return (error, output)
        }
    }

    /// A ClientHello without extensions (RFC 4346 §7.4.1.2), as old clients send it.
    private func clientHello(version: UInt16, suites: [UInt16]) -> [UInt8] {
        func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xff)] }
        let random = [UInt8](repeating: 0x5a, count: 32)
        let body = bytes(version) + random + [0] + bytes(UInt16(suites.count * 2)) + suites.flatMap(bytes) + [1, 0]
        let handshake = [1, 0] + bytes(UInt16(body.count)) + body
        return [0x16, 3, 1] + bytes(UInt16(handshake.count)) + handshake
    }
}
