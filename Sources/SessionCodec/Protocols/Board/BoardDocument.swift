package import SessionBase

/// A stored board: what the backend answers and takes (PROTOCOLS §5.4), and what the embedded store keeps.
package struct BoardDocument: Equatable, Sendable {
    /// What is drawn, in the order of creation (3-24); ids are unique.
    package var shapes: [Shape]
    /// The board's version; 0 where it was not told.
    package var version: UInt64

    /// Describes a board.
    package init(shapes: [Shape] = [], version: UInt64 = 0) {
        self.shapes = shapes
        self.version = version
    }

    /// Reads the body of an answer: an object with `shapes` and `version`, or the bare array of shapes.
    ///
    /// Nothing, `null` and `null` for the shapes are an empty board. Of a shape only `id` and `type` must be there: a
    /// number is 0, a user is nobody, the time is the document's `updatedAt` or else 1970; of several with one id the
    /// last counts, in the place of the first. What is not understood is an error, and never an empty board.
    ///
    /// - Complexity: O(n).
    package static func decode(_ body: Span<UInt8>) throws(BoardDocumentError) -> BoardDocument {
        let fields = try DocumentFields(body)
        let version = try fields.version(in: body)
        guard let list = fields.shapes else { return BoardDocument(version: version) }
        let shapes = try list.shapes(in: body, at: fields.updatedAt.time(in: body) ?? Timestamp(milliseconds: 0))
        return BoardDocument(shapes: Self.unique(shapes), version: version)
    }

    /// Appends the object that the backend takes (PROTOCOLS §5.4), and the embedded store.
    ///
    /// - Parameters:
    ///   - room: Whose board it is.
    ///   - updatedAt: When it was changed last.
    ///   - form: ``Shape/Form/stored`` for the backend, ``Shape/Form/whole`` for the embedded store.
    package func append(room: String, updatedAt: Timestamp, form: Shape.Form = .stored, to output: inout [UInt8]) {
        output.appendMember(#"{"roomId":"#, room)
        output.append(literal: #","shapes":["#)
        output.appendItems(shapes, form: form)
        output.append(literal: #"],"version":"#)
        output.appendDecimal(version)
        output.appendMember(#","updatedAt":"#, updatedAt)
        output.append(UInt8(ascii: "}"))
    }

    /// The last of several shapes with one id, in the place of the first.
    private static func unique(_ shapes: [Shape]) -> [Shape] {
        var places: [String: Int] = [:]
        var unique: [Shape] = []
        unique.reserveCapacity(shapes.count)
        for shape in shapes {
            if let place = places[shape.id] {
                unique[place] = shape
            } else {
                places[shape.id] = unique.count
                unique.append(shape)
            }
        }
        return unique
    }
}

/// What a board has become at one version, for the journal: replaying records over a newer board does no harm.
package struct BoardRecord: Equatable, Sendable {
    /// The board's version with the change.
    package var version: UInt64
    /// Shapes that were created or changed, each whole.
    package var put: [Shape]
    /// Shapes that were taken away.
    package var deleted: [String]

    /// Describes a record.
    package init(version: UInt64, put: [Shape] = [], deleted: [String] = []) {
        self.version = version
        self.put = put
        self.deleted = deleted
    }

    /// Reads what ``append(to:)`` wrote.
    package static func decode(_ bytes: Span<UInt8>) throws(BoardDocumentError) -> BoardRecord {
        let fields = try DocumentFields(bytes)
        guard let put = fields.put, let deleted = fields.deleted.texts(in: bytes) else { throw .notABoard }
        return BoardRecord(
            version: try fields.version(in: bytes),
            put: try put.shapes(in: bytes, at: Timestamp(milliseconds: 0)), deleted: deleted)
    }

    /// Appends the record: `{"version":18,"put":[…],"del":["d1"]}`.
    package func append(to output: inout [UInt8]) {
        output.append(literal: #"{"version":"#)
        output.appendDecimal(version)
        output.append(literal: #","put":["#)
        output.appendItems(put, form: .whole)
        output.appendMember(#"],"del":"#, deleted)
        output.append(UInt8(ascii: "}"))
    }
}

/// Why a stored board cannot be read.
package enum BoardDocumentError: Error, Equatable, Sendable {
    /// It is no JSON.
    case notJSON(JSONError)
    /// It is neither an object with an array `shapes` nor an array.
    case notABoard
    /// Its `version` is no whole number.
    case invalidVersion
    /// One of the shapes is no object, or a field of it is missing or of the wrong kind.
    case invalidShape(index: Int, field: String?)
}

extension BoardDocumentError: CustomStringConvertible {
    /// One sentence without a full stop.
    package var description: String {
        switch self {
        case .notJSON(let error): "the board is no JSON: \(error)"
        case .notABoard: "the board is neither an object with an array \"shapes\" nor an array"
        case .invalidVersion: "the board's \"version\" is no whole number"
        case .invalidShape(let index, let field?): "field \"\(field)\" of shapes[\(index)] is missing or invalid"
        case .invalidShape(let index, nil): "shapes[\(index)] is no object"
        }
    }
}

// MARK: Reading

/// The top level of a stored board, or of a record.
private struct DocumentFields {
    /// The array of shapes; `nil` where the board is empty.
    private(set) var shapes: FoundValue?
    private(set) var updatedAt = FoundValue.absent
    /// The array of shapes of a record.
    private(set) var put: FoundValue?
    private(set) var deleted = FoundValue.absent
    private var versionField = FoundValue.absent

    init(_ bytes: Span<UInt8>) throws(BoardDocumentError) {
        var isBoard = true
        do {
            var reader = JSONReader()
            switch reader.peek(in: bytes) {
            case 0 where reader.offset == bytes.count: return
            case UInt8(ascii: "{"): isBoard = try readObject(&reader, bytes)
            default:
                let list = try FoundValue(&reader, bytes)
                if list.kind != .null { shapes = list }
            }
            try reader.end(in: bytes)
        } catch {
            throw .notJSON(error)
        }
        if !isBoard { throw .notABoard }
    }

    /// Reads an object; `false` where it is neither a board nor a record.
    private mutating func readObject(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var isBoard = false
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            let value = try FoundValue(&reader, bytes)
            if name == ShortText("shapes") {
                shapes = value.kind == .null ? nil : value
                isBoard = true
            } else if name == ShortText("version") {
                versionField = value
            } else if name == ShortText("updatedAt") {
                updatedAt = value
            } else if name == ShortText("put") {
                put = value
                isBoard = true
            } else if name == ShortText("del") {
                deleted = value
            }
        }
        return isBoard
    }

    func version(in bytes: Span<UInt8>) throws(BoardDocumentError) -> UInt64 {
        if versionField.isAbsentValue { return 0 }
        // Some databases' drivers make a string of a number of 64 bits.
        let spelled = versionField.string(in: bytes).flatMap { UInt64($0) }
        guard let version = versionField.version(in: bytes) ?? spelled else { throw .invalidVersion }
        return version
    }
}

extension FoundValue {
    /// The shapes of an array, with all their members.
    fileprivate func shapes(in bytes: Span<UInt8>, at time: Timestamp) throws(BoardDocumentError) -> [Shape] {
        var shapes: [Shape] = []
        let isArray = try forEachElement(in: bytes) { reader throws(BoardDocumentError) in
            guard let fields = ShapeFields(reading: &reader, in: bytes) else {
                throw .invalidShape(index: shapes.count, field: nil)
            }
            do throws(ShapeFields.Problem) {
                shapes.append(try fields.shape(in: bytes, at: time, isStored: true))
            } catch {
                throw .invalidShape(index: shapes.count, field: error.field)
            }
        }
        guard isArray else { throw .notABoard }
        return shapes
    }
}
