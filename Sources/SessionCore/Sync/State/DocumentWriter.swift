import SessionBase

/// Writes the content of a stored document: numbers in as few bytes as they need, strings with their length.
///
///     number   0xxxxxxx, or 1xxxxxxx followed by the next seven bits and so on, lowest bits first (LEB128)
///     string   its length in bytes as a number, then its UTF-8
struct DocumentWriter: Sendable {
    /// What was written.
    private(set) var bytes: [UInt8] = []

    /// Starts a document of a format.
    init(format: UInt8) { bytes.append(format) }

    /// Writes a number.
    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Writes a string.
    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a string that may be missing: a missing one as an empty one.
    mutating func append(_ text: String?) { append(text ?? "") }

    /// Writes a time; one before 1970 as the start of 1970.
    mutating func append(_ time: Timestamp) { append(UInt64(max(0, time.milliseconds))) }
}

/// The content of a stored document is not what its service writes.
struct DamagedDocument: Error, Equatable {}

/// Reads what a ``DocumentWriter`` wrote, and trusts none of it.
struct DocumentReader: Sendable {
    private let bytes: [UInt8]
    private var offset: Int

    /// Begins a document, which must be of a known format.
    init(_ bytes: [UInt8], format: UInt8) throws(DamagedDocument) {
        guard bytes.first == format else { throw DamagedDocument() }
        self.bytes = bytes
        offset = 1
    }

    /// Reads a number.
    mutating func number() throws(DamagedDocument) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard offset < bytes.count else { throw DamagedDocument() }
            let byte = bytes[offset]
            offset += 1
            let bits = UInt64(byte & 0x7F)
            guard (bits << shift) >> shift == bits else { throw DamagedDocument() }
            value |= bits << shift
            if byte < 0x80 { return value }
        }
        throw DamagedDocument()
    }

    /// Reads how many items follow, each of at least `bytesMin` bytes: a damaged count cannot ask for more than there is.
    mutating func count(bytesMin: Int) throws(DamagedDocument) -> Int {
        let count = try number()
        guard count <= UInt64((bytes.count - offset) / bytesMin) else { throw DamagedDocument() }
        return Int(count)
    }

    /// Reads a string.
    mutating func text() throws(DamagedDocument) -> String {
        let count = try count(bytesMin: 1)
        defer { offset += count }
        guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
            throw DamagedDocument()
        }
        return text
    }

    /// Reads a string that is missing where it is empty.
    mutating func optionalText() throws(DamagedDocument) -> String? {
        let text = try text()
        return text.isEmpty ? nil : text
    }

    /// Reads a time.
    mutating func time() throws(DamagedDocument) -> Timestamp {
        guard let milliseconds = Int64(exactly: try number()) else { throw DamagedDocument() }
        return Timestamp(milliseconds: milliseconds)
    }

    /// Expects the end.
    func end() throws(DamagedDocument) {
        guard offset == bytes.count else { throw DamagedDocument() }
    }
}
