/// Why some bytes are no message of Protocol Buffers, or not one that JSON can express.
package enum ProtobufError: Error, Equatable, Sendable {
    /// They end inside a field.
    case truncated
    /// A number that goes on beyond ten bytes, or a tag or length beyond five.
    case longVarint
    /// The field number 0, or a wire type that does not exist.
    case invalidTag
    /// The end of a group that was not begun, or another one's.
    case strayGroupEnd
    /// More messages or groups in each other than allowed.
    case tooDeep
    /// A string that is not UTF-8.
    case invalidUTF8
    /// A number that JSON has no spelling for: NaN or an infinity.
    case notFinite
}
