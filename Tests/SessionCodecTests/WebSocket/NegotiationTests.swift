import SessionCodec
import Testing

/// Sec-WebSocket-Extensions (RFC 6455 §9.1, RFC 7692 §7.1).
@Suite struct NegotiationTests {
    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=9", "permessage-deflate; client_max_window_bits=9"),
        ("permessage-deflate; server_max_window_bits=15", "permessage-deflate; server_max_window_bits=15"),
        ("permessage-deflate; server_max_window_bits=\"8\"", "permessage-deflate; server_max_window_bits=8"),
        (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        ),
        ("x-webkit-deflate-frame, permessage-deflate", "permessage-deflate"),
        (
            "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=10"
        ),
    ])
    func `a server takes the first offer that it understands`(offers: String, response: String) throws {
        let policy = CompressionPolicy(keepsOwnContext: true, keepsPeerContext: true)
        let agreed = DeflateNegotiation.accept(elements(offers), policy: policy)
        #expect(agreed?.response.text == response)
    }

    @Test(arguments: [
        "unknown=1", "server_no_context_takeover=1", "client_no_context_takeover=8", "server_max_window_bits",
        "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
        "server_max_window_bits=+9", "client_max_window_bits=7", "client_max_window_bits=x",
        "server_no_context_takeover; server_no_context_takeover", "client_max_window_bits; client_max_window_bits=9",
        "server_max_window_bits=9; server_max_window_bits=9",
    ])
    func `an offer with a bad parameter is declined`(parameters: String) throws {
        let offers = elements("permessage-deflate; \(parameters)")
        #expect(DeflateNegotiation.accept(offers, policy: .server) == nil)
        #expect(DeflateNegotiation.verify(offers[0], for: DeflateNegotiation.offer(.client)) == nil)
    }

    @Test func `a server that keeps nothing says so`() throws {
        let offers = elements("permessage-deflate; client_max_window_bits")
        var policy = CompressionPolicy.server
        policy.ownWindowBitsMax = 12
        policy.peerWindowBitsMax = 11
        let agreed = try #require(DeflateNegotiation.accept(offers, policy: policy))
        #expect(
            agreed.response.text
                == "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                + "server_max_window_bits=12; client_max_window_bits=11")
        #expect(agreed.parameters.serverNoContextTakeover && agreed.parameters.clientNoContextTakeover)
        #expect(agreed.parameters.serverMaxWindowBits == 12 && agreed.parameters.clientMaxWindowBits == 11)
    }

    @Test func `a client window is limited only where the client understands it`() throws {
        var policy = CompressionPolicy.client
        policy.peerWindowBitsMax = 9
        let agreed = try #require(
            DeflateNegotiation.accept(elements("permessage-deflate"), policy: policy))
        #expect(agreed.response.text == "permessage-deflate")
        #expect(agreed.parameters.clientMaxWindowBits == 15)
    }

    @Test func `a client holds the server to its offer`() throws {
        var policy = CompressionPolicy(keepsOwnContext: false, keepsPeerContext: false)
        policy.peerWindowBitsMax = 10
        let offer = DeflateNegotiation.offer(policy)
        #expect(
            offer.text == "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                + "server_max_window_bits=10; client_max_window_bits")
        func verify(_ parameters: String) -> DeflateParameters? {
            DeflateNegotiation.verify(elements("permessage-deflate\(parameters)")[0], for: offer)
        }
        #expect(verify("") == nil)
        #expect(verify("; server_no_context_takeover") == nil)
        #expect(verify("; server_no_context_takeover; server_max_window_bits=11") == nil)
        #expect(verify("; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits") == nil)
        let agreed = verify("; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=12")
        #expect(agreed?.serverMaxWindowBits == 9)
        #expect(agreed?.clientMaxWindowBits == 12)
        #expect(agreed?.clientNoContextTakeover == true)
    }

    @Test func `a client takes no limit of its window that it did not offer`() throws {
        let response = elements("permessage-deflate; client_max_window_bits=9")[0]
        #expect(DeflateNegotiation.verify(response, for: DeflateOffer()) == nil)
    }

    private func elements(_ text: String) -> [HTTPListElement] {
        let fields: HTTPFields = ["Sec-WebSocket-Extensions": text]
        return fields.elements(of: "sec-websocket-extensions") ?? []
    }

    @Test func `the key of RFC 6455 is answered with its accept value`() {
        let key = Array("dGhlIHNhbXBsZSBub25jZQ==".utf8)
        let isValid = HandshakeKey.isValid(key.span)
        let accept = HandshakeKey.accept(for: key.span)
        #expect(isValid)
        #expect(accept == Array("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".utf8))
        #expect(HandshakeKey.make((0x7468_6520_7361_6D70, 0x6C65_206E_6F6E_6365)) == key)
    }

    @Test(arguments: [
        "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZQ===",
        "dGhlIHNhbXBsZSBub25j*Q==",
    ])
    func `a key must be sixteen bytes in base64`(key: String) {
        let bytes = Array(key.utf8)
        let isValid = HandshakeKey.isValid(bytes.span)
        #expect(!isValid)
    }
}
