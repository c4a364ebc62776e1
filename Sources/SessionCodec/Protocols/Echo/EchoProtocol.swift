/// The diagnostic profile that sends back every message, text as text and binary as binary (PROTOCOLS §1.11).
///
/// It has no vocabulary, so it is a descriptor and no ``WireProtocol``.
package enum EchoProtocol {
    /// Everything about the profile that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .echo,
        summary: "Sends every message back, for load and conformance tools",
        defaultHost: "127.0.0.1",
        defaultPort: 9001,
        nativePaths: ["/echo"],
        acceptsAnyPath: false,
        subprotocols: [],
        messageBytesMax: 64 << 20,
        acceptsBinary: true,
        compressesByDefault: true,
        isRateLimited: false,
        clientMessages: [],
        serverMessages: [])
}
