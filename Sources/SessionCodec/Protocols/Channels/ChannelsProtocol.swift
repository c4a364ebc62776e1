/// Topics of a hospital's system (seed 002): subscriptions, report progress, live streams, notifications.
package enum ChannelsProtocol: WireProtocol {
    package typealias ClientMessage = ChannelsClientMessage
    package typealias ServerMessage = ChannelsServerFrame

    /// The subprotocol of JSON text frames.
    package static let json = "sessionctl.channels.v1"

    /// Everything about the protocol that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .channels,
        summary: "Topics with report progress, live streams and notifications",
        defaultHost: "0.0.0.0",
        defaultPort: 3000,
        nativePaths: ["/ws", "/ws/health", "/api/v1/reports/notifications"],
        acceptsAnyPath: false,
        subprotocols: [json],
        messageBytesMax: 1 << 20,
        acceptsBinary: false,
        compressesByDefault: false,
        isRateLimited: true,
        clientMessages: clientMessages,
        serverMessages: serverMessages)
}
