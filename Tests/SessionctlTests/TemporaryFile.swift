import Glibc

/// Calls `body` with the path of a file of this text, and removes it afterwards.
func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    var template = Array("/tmp/sessionctl-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    let bytes = Array(text.utf8)
    precondition(write(descriptor, bytes, bytes.count) == bytes.count, "a temporary file cannot be written")
    close(descriptor)
    try body(path)
}
