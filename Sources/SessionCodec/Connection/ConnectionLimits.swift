/// What one connection may cost.
package struct ConnectionLimits: Equatable, Sendable {
    /// Longest message, in bytes, after inflation; a longer one closes with 1009.
    package var messageBytesMax: Int

    /// 64 KiB, which awareness uses (PROTOCOLS §2.5), unless told otherwise.
    package init(messageBytesMax: Int = 65_536) {
        self.messageBytesMax = messageBytesMax
    }
}
