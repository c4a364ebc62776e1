/// Namespaces and rooms of locker kiosks (seed 004).
package enum LockersProtocol: WireProtocol {
    package typealias ClientMessage = LockersClientMessage
    package typealias ServerMessage = LockersServerFrame

    /// The subprotocol of JSON text frames.
    package static let json = "sessionctl.lockers.v1"

    /// Everything about the protocol that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .lockers,
        summary: "Namespaces and rooms that tell kiosks about lockers",
        defaultHost: "0.0.0.0",
        defaultPort: 3000,
        nativePaths: ["/ws/lockers", "/ws/help", "/ws/events"],
        acceptsAnyPath: false,
        subprotocols: [json],
        messageBytesMax: 64 << 10,
        acceptsBinary: false,
        compressesByDefault: false,
        isRateLimited: true,
        clientMessages: clientMessages,
        serverMessages: serverMessages)
}
