/// The one switch of the codec over its protocols; server, client, help and man pages iterate what it yields.
extension ProtocolID {
    /// Everything about the protocol that is data.
    package var descriptor: ProtocolDescriptor {
        switch self {
        case .awareness: AwarenessProtocol.descriptor
        case .sync: SyncProtocol.descriptor
        case .channels: ChannelsProtocol.descriptor
        case .board: BoardProtocol.descriptor
        case .lockers: LockersProtocol.descriptor
        case .echo: EchoProtocol.descriptor
        }
    }

    /// Decodes a message of the protocol and encodes it again, as tools do that rewrite a text.
    ///
    /// - Returns: The canonical spelling, or `nil` for a protocol whose messages have none.
    package func canonical(_ text: Span<UInt8>, from sender: MessageSender) throws(WireError) -> [UInt8]? {
        switch self {
        case .awareness: try AwarenessProtocol.canonical(text, from: sender)
        case .sync: try SyncProtocol.canonical(text, from: sender)
        case .channels: try ChannelsProtocol.canonical(text, from: sender)
        case .board: try BoardProtocol.canonical(text, from: sender)
        case .lockers: try LockersProtocol.canonical(text, from: sender)
        case .echo: nil
        }
    }
}
