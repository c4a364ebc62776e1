import SessionBase
import SessionCodec
import Testing

/// Expects a message to be read as it was written, and written as it was read; where it is spelled in another way, to be
/// read as the same.
func expectReturn<Message: WireMessage>(
    of message: Tagged<Message>, respelled: ((JSONValue) -> String)? = nil
) throws {
    let bytes = message.message.encoded(tag: message.tag)
    let read = try Message.decode(bytes.span)
    #expect(read == message)
    #expect(read.message.encoded(tag: read.tag) == bytes)
    guard let respelled else { return }
    let spelling = respelled(try JSONValue.parse(bytes.span))
    #expect(try Message.decode(Array(spelling.utf8).span) == message, "\(spelling)")
}
