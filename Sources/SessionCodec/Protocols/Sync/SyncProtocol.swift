/// Session state across the devices of a user (seed 001): snapshots, conflicts, handoff.
package enum SyncProtocol: WireProtocol {
    package typealias ClientMessage = SyncClientFrame
    package typealias ServerMessage = SyncServerFrame

    /// The subprotocol of JSON text frames.
    package static let json = "sessionctl.sync.v1"

    /// The subprotocol of Protobuf binary frames (PROTOCOLS 1-1).
    package static let protobuf = "sessionctl.sync.v1.proto"

    /// Everything about the protocol that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .sync,
        summary: "Keeps a session's state the same on all devices of a user",
        defaultHost: "0.0.0.0",
        defaultPort: 8080,
        nativePaths: ["/ws"],
        acceptsAnyPath: false,
        subprotocols: [json, protobuf],
        messageBytesMax: 256 << 10,
        acceptsBinary: false,
        compressesByDefault: false,
        isRateLimited: true,
        clientMessages: clientMessages,
        serverMessages: serverMessages)
}
