/// What both ends agreed on for permessage-deflate (RFC 7692 §7.1), named for the server as on the wire.
package struct DeflateParameters: Equatable, Sendable {
    /// The server forgets its window after each message.
    package var serverNoContextTakeover = false
    /// The client forgets its window after each message.
    package var clientNoContextTakeover = false
    /// Base-two logarithm of the server's window, 8...15.
    package var serverMaxWindowBits: UInt8 = 15
    /// Base-two logarithm of the client's window, 8...15.
    package var clientMaxWindowBits: UInt8 = 15

    /// The defaults of the extension: both keep full windows.
    package init() {}
}

/// The compression of one connection's messages (RFC 7692 §7.2).
///
/// A stream is made when a message needs it. Where its direction has no context takeover it is freed with the message, so
/// that an idle connection holds none.
package struct MessageCompression: Sendable {
    private var inflater: Inflater?
    private var deflater: Deflater?
    /// Shorter messages are sent as they are.
    package let messageBytesMin: UInt32
    private let receiving: Direction
    private let sending: Direction

    private struct Direction: Sendable {
        var windowBits: UInt8
        var isForgetting: Bool
    }

    /// Starts both directions anew.
    package init(_ parameters: DeflateParameters, isServer: Bool, messageBytesMin: Int) {
        let server = Direction(
            windowBits: parameters.serverMaxWindowBits, isForgetting: parameters.serverNoContextTakeover)
        let client = Direction(
            windowBits: parameters.clientMaxWindowBits, isForgetting: parameters.clientNoContextTakeover)
        (sending, receiving) = isServer ? (server, client) : (client, server)
        self.messageBytesMin = UInt32(clamping: messageBytesMin)
    }

    /// What decides how a message comes out compressed, where nothing before it does; `nil` with context takeover.
    var sharedKey: UInt8? { sending.isForgetting ? sending.windowBits : nil }

    /// Appends what compressed bytes of a received message hold.
    ///
    /// - Parameters:
    ///   - bytes: The next bytes of its payload.
    ///   - isEnd: Whether they are the last.
    ///   - output: The message so far.
    ///   - bytesMax: Longest message.
    package mutating func inflate(
        _ bytes: Span<UInt8>, isEnd: Bool, into output: inout [UInt8], bytesMax: Int
    ) throws(WebSocketError) {
        let inflater = self.inflater ?? Inflater(windowBits: Int(receiving.windowBits))
        self.inflater = inflater
        try inflater.inflate(bytes, into: &output, bytesMax: bytesMax)
        guard isEnd else { return }
        try inflater.finishMessage(into: &output, bytesMax: bytesMax)
        if receiving.isForgetting { self.inflater = nil }
    }

    /// Compresses a message that is about to be sent.
    package mutating func compress(_ message: Span<UInt8>) -> [UInt8] {
        if sending.isForgetting {
            return Deflater(windowBits: Int(sending.windowBits), messageBytes: message.count).compress(message)
        }
        let deflater = self.deflater ?? Deflater(windowBits: Int(sending.windowBits))
        self.deflater = deflater
        return deflater.compress(message)
    }
}
