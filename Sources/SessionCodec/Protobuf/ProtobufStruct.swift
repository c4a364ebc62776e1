import SessionBase

/// `google.protobuf.Struct`, `Value` and `ListValue` (google/protobuf/struct.proto), to and from JSON text without a
/// tree between.
///
/// ```
/// Struct    1 fields: repeated { 1 key: string, 2 value: Value }
/// Value     1 null_value: enum | 2 number_value: double | 3 string_value | 4 bool_value | 5 struct_value | 6 list_value
/// ListValue 1 values: repeated Value
/// ```
package enum ProtobufStruct {
    /// Parts of a message that stand apart: their concatenation is the message (Protobuf's rule for merging).
    struct Pieces {
        private(set) var first: Range<Int>?
        private var rest: [Range<Int>] = []

        init(_ piece: Range<Int>? = nil) { first = piece }

        mutating func append(_ piece: Range<Int>) {
            if first == nil { first = piece } else { rest.append(piece) }
        }

        /// Calls `body` with each field of the message.
        func forEachField(
            in bytes: Span<UInt8>, _ body: (ProtobufField) throws(ProtobufError) -> Void
        ) throws(ProtobufError) {
            guard let first else { return }
            try Self.fields(of: first, in: bytes, body)
            for piece in rest { try Self.fields(of: piece, in: bytes, body) }
        }

        private static func fields(
            of piece: Range<Int>, in bytes: Span<UInt8>, _ body: (ProtobufField) throws(ProtobufError) -> Void
        ) throws(ProtobufError) {
            var reader = ProtobufReader(piece)
            while let field = try reader.nextField(in: bytes) { try body(field) }
        }
    }

    /// How many objects and arrays of JSON may lie in each other.
    static let depthMax = 32
}

// MARK: To JSON

extension ProtobufStruct {
    /// Appends the JSON object that a `Struct` stands for.
    ///
    /// - Parameters:
    ///   - range: Where the message is.
    ///   - depth: How many objects and arrays are open around it.
    package static func appendJSON(
        _ range: Range<Int>, in bytes: Span<UInt8>, depth: Int = 0, to json: inout [UInt8]
    ) throws(ProtobufError) {
        try appendObject(Pieces(range), in: bytes, depth: depth + 1, to: &json)
    }

    /// Appends the object of a `Struct`; a key given twice stands there twice, and JSON's readers take the last, too.
    static func appendObject(
        _ pieces: Pieces, in bytes: Span<UInt8>, depth: Int, to json: inout [UInt8]
    ) throws(ProtobufError) {
        guard depth <= depthMax else { throw .tooDeep }
        json.append(UInt8(ascii: "{"))
        var isFirst = true
        try pieces.forEachField(in: bytes) { (field) throws(ProtobufError) in
            guard field.number == 1, case .bytes(let entry) = field.value else { return }
            if !isFirst { json.append(UInt8(ascii: ",")) }
            isFirst = false
            try appendMember(entry, in: bytes, depth: depth, to: &json)
        }
        json.append(UInt8(ascii: "}"))
    }

    private static func appendMember(
        _ entry: Range<Int>, in bytes: Span<UInt8>, depth: Int, to json: inout [UInt8]
    ) throws(ProtobufError) {
        var key = 0..<0
        var value = Pieces()
        try Pieces(entry).forEachField(in: bytes) { (field) throws(ProtobufError) in
            switch (field.number, field.value) {
            case (1, .bytes(let range)): key = try checkedText(range, in: bytes)
            case (2, .bytes(let range)): value.append(range)
            default: break
            }
        }
        json.appendJSONString(bytes.extracting(key))
        json.append(UInt8(ascii: ":"))
        try appendValue(value, in: bytes, depth: depth, to: &json)
    }

    /// What the `kind` of a `Value` is.
    private struct Kind {
        enum Name { case null, number, string, boolean, object, array }
        private(set) var name = Name.null
        /// The bits of a number, or whether a boolean is true.
        private(set) var bits: UInt64 = 0
        /// Where a string or the pieces of a message are.
        private(set) var pieces = Pieces()

        var isMessage: Bool { name == .object || name == .array }

        /// Takes the field in: in place of what was there, or merged into it where both are messages of the same type.
        mutating func take(_ field: ProtobufField, in bytes: Span<UInt8>) throws(ProtobufError) {
            switch (field.number, field.value) {
            case (1, .varint): name = .null
            case (2, .fixed64(let number)): (name, bits) = (.number, number)
            case (3, .bytes(let range)): (name, pieces) = (.string, Pieces(try checkedText(range, in: bytes)))
            case (4, .varint(let flag)): (name, bits) = (.boolean, flag)
            case (5, .bytes(let range)): take(range, as: .object)
            case (6, .bytes(let range)): take(range, as: .array)
            default: break
            }
        }

        private mutating func take(_ range: Range<Int>, as name: Name) {
            if self.name == name { pieces.append(range) } else { pieces = Pieces(range) }
            self.name = name
        }
    }

    /// Appends the JSON of a `Value`; one without a kind is `null`.
    private static func appendValue(
        _ pieces: Pieces, in bytes: Span<UInt8>, depth: Int, to json: inout [UInt8]
    ) throws(ProtobufError) {
        var kind = Kind()
        try pieces.forEachField(in: bytes) { (field) throws(ProtobufError) in
            let replaced = kind
            try kind.take(field, in: bytes)
            if replaced.isMessage, replaced.name != kind.name { try check(replaced, in: bytes, depth: depth) }
        }
        try append(kind, in: bytes, depth: depth, to: &json)
    }

    private static func append(
        _ kind: Kind, in bytes: Span<UInt8>, depth: Int, to json: inout [UInt8]
    ) throws(ProtobufError) {
        switch kind.name {
        case .null: json.append(literal: "null")
        case .number: try appendNumber(Double(bitPattern: kind.bits), to: &json)
        case .string: json.appendJSONString(bytes.extracting(kind.pieces.first ?? 0..<0))
        case .boolean: json.append(literal: kind.bits != 0 ? "true" : "false")
        case .object: try appendObject(kind.pieces, in: bytes, depth: depth + 1, to: &json)
        case .array: try appendArray(kind.pieces, in: bytes, depth: depth + 1, to: &json)
        }
    }

    /// Reads what another kind took the place of, because what is broken there breaks the message.
    private static func check(_ kind: Kind, in bytes: Span<UInt8>, depth: Int) throws(ProtobufError) {
        var dropped: [UInt8] = []
        do { try append(kind, in: bytes, depth: depth, to: &dropped) } catch {
            // JSON need not express it.
            if error != .notFinite { throw error }
        }
    }

    private static func appendArray(
        _ pieces: Pieces, in bytes: Span<UInt8>, depth: Int, to json: inout [UInt8]
    ) throws(ProtobufError) {
        guard depth <= depthMax else { throw .tooDeep }
        json.append(UInt8(ascii: "["))
        var isFirst = true
        try pieces.forEachField(in: bytes) { (field) throws(ProtobufError) in
            guard field.number == 1, case .bytes(let value) = field.value else { return }
            if !isFirst { json.append(UInt8(ascii: ",")) }
            isFirst = false
            try appendValue(Pieces(value), in: bytes, depth: depth, to: &json)
        }
        json.append(UInt8(ascii: "]"))
    }

    /// The place of a string, where its bytes are UTF-8.
    static func checkedText(_ range: Range<Int>, in bytes: Span<UInt8>) throws(ProtobufError) -> Range<Int> {
        var validator = UTF8Validator()
        guard validator.absorb(bytes.extracting(range)), validator.isComplete else { throw .invalidUTF8 }
        return range
    }

    /// Appends a number; whole ones without a fraction, as long as a double has them all.
    private static func appendNumber(_ number: Double, to json: inout [UInt8]) throws(ProtobufError) {
        guard number.isFinite else { throw .notFinite }
        if number.magnitude <= 0x1p53, number == number.rounded(.towardZero) {
            json.appendDecimal(Int64(number))
        } else {
            json.append(contentsOf: number.description.utf8)
        }
    }
}

// MARK: From JSON

extension ProtobufStruct {
    /// Appends the fields of the `Struct` for the object that `reader` comes to.
    package static func append(
        _ reader: inout JSONReader, in json: Span<UInt8>, to output: inout [UInt8]
    ) throws(JSONError) {
        try reader.beginObject(in: json)
        while let key = try reader.nextKey(in: json) {
            try output.appendProtobuf(1) { (output) throws(JSONError) in
                output.appendProtobuf(1) { key.append(to: &$0, in: json) }
                try output.appendProtobuf(2) { (output) throws(JSONError) in
                    try appendValue(&reader, in: json, to: &output)
                }
            }
        }
    }

    /// Appends the one field of the `Value` for the value that `reader` comes to.
    private static func appendValue(
        _ reader: inout JSONReader, in json: Span<UInt8>, to output: inout [UInt8]
    ) throws(JSONError) {
        switch try reader.kind(in: json) {
        case .null:
            try reader.null(in: json)
            output.appendProtobuf(1, varint: 0)
        case .number:
            let number = try reader.number(in: json)
            guard let double = number.double(in: json) else {
                throw JSONError(offset: number.start, expected: .number)
            }
            output.appendProtobuf(2, double: double)
        case .string:
            let text = try reader.string(in: json)
            output.appendProtobuf(3) { text.append(to: &$0, in: json) }
        case .boolean: output.appendProtobuf(4, varint: try reader.boolean(in: json) ? 1 : 0)
        case .object:
            try output.appendProtobuf(5) { (output) throws(JSONError) in
                try append(&reader, in: json, to: &output)
            }
        case .array:
            try output.appendProtobuf(6) { (output) throws(JSONError) in
                try reader.beginArray(in: json)
                while try reader.nextElement(in: json) {
                    try output.appendProtobuf(1) { (output) throws(JSONError) in
                        try appendValue(&reader, in: json, to: &output)
                    }
                }
            }
        }
    }
}
