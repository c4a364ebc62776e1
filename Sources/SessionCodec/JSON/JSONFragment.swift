import SessionBase

/// One JSON value as bytes: checked, without white space, but not taken apart.
///
/// A megabyte of state that only passes through is copied twice and never becomes a tree. Two fragments are equal when
/// they mean the same (``JSONValue``'s rule), however their members are ordered and their strings escaped.
package struct JSONFragment: Sendable {
    /// The value's JSON, without white space outside of strings.
    package let bytes: [UInt8]

    /// `null`.
    package static let null = JSONFragment(trusted: Array("null".utf8))
    /// `{}`.
    package static let emptyObject = JSONFragment(trusted: Array("{}".utf8))

    /// Takes what this module wrote itself, or read from a store that holds only what it wrote.
    ///
    /// - Parameter bytes: One JSON value without white space around it.
    package init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Writes a tree.
    package init(_ value: JSONValue) {
        var bytes: [UInt8] = []
        value.append(to: &bytes)
        self.bytes = bytes
    }

    /// Writes a string.
    package init(string: String) {
        var bytes: [UInt8] = []
        bytes.appendJSON(string)
        self.bytes = bytes
    }

    /// Writes a whole number.
    package init(_ number: Int64) {
        var bytes: [UInt8] = []
        bytes.appendDecimal(number)
        self.bytes = bytes
    }

    /// Writes an object piece by piece.
    package init(object body: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        json.object(body)
        bytes = json.takeBytes()
    }

    /// Copies a value of a text that was read before.
    ///
    /// - Parameters:
    ///   - range: Where the value stands, strings with their quotes.
    ///   - bytes: The text.
    ///   - depthMax: How many objects and arrays may lie in each other.
    /// - Returns: `nil` where the value is deeper, or holds a number that no finite double stands for (PROTOCOLS §1.8).
    package init?(_ range: Range<Int>, in bytes: Span<UInt8>, depthMax: Int) {
        var copy = JSONCompactor(depthMax: depthMax)
        guard copy.append(range, of: bytes) else { return nil }
        self.bytes = copy.output
    }

    /// Reads a whole text.
    ///
    /// - Throws: ``JSONError``; a number beyond the finite doubles is reported at the start of the text.
    package static func parse(_ bytes: Span<UInt8>, depthMax: Int = 32) throws(JSONError) -> JSONFragment {
        var reader = JSONReader(maxDepth: depthMax)
        let range = try reader.skipValue(in: bytes)
        try reader.end(in: bytes)
        guard let fragment = JSONFragment(range, in: bytes, depthMax: depthMax) else {
            throw JSONError(offset: range.lowerBound, expected: .number)
        }
        return fragment
    }

    /// Reads a whole text.
    package static func parse(_ text: String) throws(JSONError) -> JSONFragment { try parse([UInt8](text.utf8).span) }

    /// What kind of value it is.
    package var kind: JSONKind {
        switch bytes.first {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// The value as a tree.
    package var value: JSONValue {
        do { return try JSONValue.parse(bytes.span, maxDepth: 64) } catch {
            preconditionFailure("a fragment holds no JSON: \(error)")
        }
    }

    /// The value as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The members of an object in the order of their first appearance, the last value of a repeated key; `nil` for
    /// other kinds of value.
    ///
    /// - Complexity: O(n).
    package var members: [(key: String, value: JSONFragment)]? {
        guard kind == .object else { return nil }
        var members: [(key: String, value: JSONFragment)] = []
        var places: [[UInt8]: Int] = [:]
        do {
            var reader = JSONReader(maxDepth: 64)
            try reader.beginObject(in: bytes.span)
            while let key = try reader.nextKey(in: bytes.span) {
                let range = try reader.skipValue(in: bytes.span)
                let value = JSONFragment(trusted: Array(bytes[range]))
                var name: [UInt8] = []
                key.append(to: &name, in: bytes.span)
                if let place = places[name] {
                    members[place].value = value
                } else {
                    places[name] = members.count
                    members.append((String(decoding: name, as: UTF8.self), value))
                }
            }
        } catch {
            preconditionFailure("a fragment holds no JSON: \(error)")
        }
        return members
    }
}

extension JSONFragment: Equatable {
    /// The same value: numbers by what they mean, objects without regard to order.
    package static func == (left: JSONFragment, right: JSONFragment) -> Bool {
        left.bytes == right.bytes || (left.kind == right.kind && left.value == right.value)
    }
}

/// Copies JSON that was checked before, without its white space, and judges depth and numbers on the way.
private struct JSONCompactor {
    let depthMax: Int
    var output: [UInt8] = []
    private var depth = 0

    init(depthMax: Int) { self.depthMax = depthMax }

    /// Copies a range; `false` where it is too deep or holds a number that is not finite.
    mutating func append(_ range: Range<Int>, of bytes: Span<UInt8>) -> Bool {
        output.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index = appendString(at: index, bytes)
                continue
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard let end = appendNumber(at: index, range.upperBound, bytes) else { return false }
                index = end
                continue
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                index += 1
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > depthMax { return false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            output.append(byte)
            index += 1
        }
        return true
    }

    /// Copies a string and returns where it ends.
    private mutating func appendString(at start: Int, _ bytes: Span<UInt8>) -> Int {
        var index = start + 1
        while bytes[index] != UInt8(ascii: "\"") {
            index = bytes[index] == UInt8(ascii: "\\") ? index + 2 : index + 1
            index = JSONReader.endOfPlain(from: index, in: bytes)
        }
        output.append(copying: bytes.extracting(start..<index + 1))
        return index + 1
    }

    /// Copies a number and returns where it ends; `nil` where it is not finite.
    private mutating func appendNumber(at start: Int, _ limit: Int, _ bytes: Span<UInt8>) -> Int? {
        var index = start
        var mayBeInfinite = false
        scan: while index < limit {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
                index += 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                mayBeInfinite = true
                index += 1
            default: break scan
            }
        }
        // Without an exponent it takes 309 digits to leave the finite doubles.
        if mayBeInfinite || index - start > 300 {
            let number = JSONNumber(start: start, count: index - start, isInteger: false)
            if number.double(in: bytes) == nil { return nil }
        }
        output.append(copying: bytes.extracting(start..<index))
        return index
    }
}
