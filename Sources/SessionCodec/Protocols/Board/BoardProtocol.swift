/// Shared whiteboard rooms (seed 003).
package enum BoardProtocol: WireProtocol {
    package typealias ClientMessage = BoardClientMessage
    package typealias ServerMessage = BoardServerMessage

    /// The subprotocol of the second version: a snapshot, then patches (EXT, 3-2).
    package static let second = "sessionctl.board.v2"

    /// The role that may look at a board and not change it (PROTOCOLS §1.10 *Board*, 3-14).
    package static let viewerRole = "viewer"

    /// Everything about the protocol that is data.
    package static let descriptor = ProtocolDescriptor(
        id: .board,
        summary: "Shared whiteboard rooms with cursors and shapes",
        defaultHost: "0.0.0.0",
        defaultPort: 8000,
        nativePaths: ["/"],
        acceptsAnyPath: false,
        subprotocols: [second],
        messageBytesMax: 64 << 10,
        acceptsBinary: false,
        compressesByDefault: false,
        isRateLimited: true,
        clientMessages: clientMessages,
        serverMessages: serverMessages)
}
