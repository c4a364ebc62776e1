import SessionBase

/// The members of a shape as they stand in a text: of a client's view, of a patch, or of a stored board.
///
/// Only `id` and `type` must be there: a number is 0, a user is nobody, and who changed a shape is who drew it, unless it
/// says otherwise. A member of the wrong kind is an error, so that nothing stored is lost by being misread; but of those that
/// a stored shape need not have, `text`, `fill`, `stroke`, `updatedBy` and `version`, it is one that we do not know.
struct ShapeFields {
    /// The member that makes a shape unreadable.
    struct Problem: Error, Equatable { var field: String }

    private var id = FoundValue.absent
    private var type = FoundValue.absent
    private var x = FoundValue.absent
    private var y = FoundValue.absent
    private var width = FoundValue.absent
    private var height = FoundValue.absent
    private var user = FoundValue.absent
    private var timestamp = FoundValue.absent
    private var textField = FoundValue.absent
    private var fill = FoundValue.absent
    private var stroke = FoundValue.absent
    private var rotation = FoundValue.absent
    private var updatedBy = FoundValue.absent
    private var versionField = FoundValue.absent
    /// The members that shapes do not have, or not of that kind, each with its key.
    private var unknown: [(key: JSONText, value: Range<Int>)] = []

    /// Reads the next value of a text that was read before; `nil` where it is no object.
    init?(reading reader: inout JSONReader, in bytes: Span<UInt8>) {
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else { return nil }
        do {
            try reader.beginObject(in: bytes)
            while let key = try reader.nextKey(in: bytes) {
                _ = reader.peek(in: bytes)
                let start = reader.offset
                let value = try FoundValue(&reader, bytes)
                if !keep(value, as: ShortText(key, in: bytes), bytes) { unknown.append((key, start..<reader.offset)) }
            }
        } catch {
            preconditionFailure("a text that was read before: \(error)")
        }
    }

    /// Remembers a member; `false` where shapes have none of that name.
    private mutating func keep(_ value: FoundValue, as name: ShortText, _ bytes: Span<UInt8>) -> Bool {
        if name == ShortText("id") {
            id = value
        } else if name == ShortText("type") {
            type = value
        } else if name == ShortText("x") {
            x = value
        } else if name == ShortText("y") {
            y = value
        } else if name == ShortText("width") {
            width = value
        } else if name == ShortText("height") {
            height = value
        } else if name == ShortText("userId") {
            user = value
        } else if name == ShortText("timestamp") {
            timestamp = value
        } else {
            return keepRare(value, as: name, bytes)
        }
        return true
    }

    private mutating func keepRare(_ value: FoundValue, as name: ShortText, _ bytes: Span<UInt8>) -> Bool {
        let isText = value.isText || value.isAbsentValue
        if name == ShortText("text") {
            return textField.become(value, isReadable: isText)
        } else if name == ShortText("fill") {
            return fill.become(value, isReadable: isText)
        } else if name == ShortText("stroke") {
            return stroke.become(value, isReadable: isText)
        } else if name == ShortText("rotation") {
            rotation = value
            return true
        } else if name == ShortText("updatedBy") {
            return updatedBy.become(value, isReadable: isText)
        } else if name == ShortText("version") {
            return versionField.become(value, isReadable: value.isAbsentValue || value.version(in: bytes) != nil)
        }
        return false
    }
}

// MARK: What they say

extension ShapeFields {
    /// The name of the shape, with or without a type.
    func identifier(in bytes: Span<UInt8>) throws(Problem) -> String {
        guard let id = id.nonEmptyString(in: bytes) else { throw Problem(field: "id") }
        return id
    }

    /// The whole shape.
    ///
    /// - Parameters:
    ///   - time: When it was changed where it does not say it, or says it in no form that we read.
    ///   - isStored: Whether members that shapes do not have, or not of that kind, are kept for whoever stored them.
    func shape(in bytes: Span<UInt8>, at time: Timestamp, isStored: Bool) throws(Problem) -> Shape {
        guard let type = type.nonEmptyString(in: bytes) else { throw Problem(field: "type") }
        let user = try text(user, "userId", bytes) ?? ""
        var shape = Shape(
            id: try identifier(in: bytes), type: type, x: try number(x, "x", bytes) ?? 0,
            y: try number(y, "y", bytes) ?? 0, user: user, timestamp: timestamp.time(in: bytes) ?? time)
        shape.width = try number(width, "width", bytes) ?? 0
        shape.height = try number(height, "height", bytes) ?? 0
        shape.rotation = BoardRules.normalized(rotation: try number(rotation, "rotation", bytes) ?? 0)
        if isStored {
            (shape.text, shape.fill) = (textField.string(in: bytes), fill.string(in: bytes))
            shape.stroke = stroke.string(in: bytes)
            shape.updatedBy = updatedBy.string(in: bytes) ?? user
            shape.version = versionField.version(in: bytes) ?? 0
            shape.extra = try extra(bytes)
        } else {
            shape.text = try text(textField, "text", bytes)
            shape.fill = try text(fill, "fill", bytes)
            shape.stroke = try text(stroke, "stroke", bytes)
            shape.updatedBy = try text(updatedBy, "updatedBy", bytes) ?? user
            shape.version = try version(bytes) ?? 0
        }
        return shape
    }

    /// The entry of a patch that says some fields.
    func changed(in bytes: Span<UInt8>) throws(Problem) -> ChangedShape {
        guard let time = timestamp.time(in: bytes) else { throw Problem(field: "timestamp") }
        guard let user = try text(updatedBy, "updatedBy", bytes) else { throw Problem(field: "updatedBy") }
        guard let version = try version(bytes) else { throw Problem(field: "version") }
        let change = ShapeChange(
            x: try number(x, "x", bytes), y: try number(y, "y", bytes), width: try number(width, "width", bytes),
            height: try number(height, "height", bytes), text: try change(textField, "text", bytes),
            fill: try change(fill, "fill", bytes), stroke: try change(stroke, "stroke", bytes),
            rotation: try number(rotation, "rotation", bytes))
        return ChangedShape(
            id: try identifier(in: bytes), change: change, timestamp: time, updatedBy: user, version: version)
    }

    /// The cursor that an object with `userId`, `x` and `y` says.
    func cursor(in bytes: Span<UInt8>) throws(Problem) -> BoardCursor {
        guard let owner = user.string(in: bytes) else { throw Problem(field: "userId") }
        guard let x = x.number(in: bytes) else { throw Problem(field: "x") }
        guard let y = y.number(in: bytes) else { throw Problem(field: "y") }
        return BoardCursor(user: owner, x: x, y: y, timestamp: timestamp.time(in: bytes))
    }

    private func number(_ value: FoundValue, _ name: String, _ bytes: Span<UInt8>) throws(Problem) -> Double? {
        if value.isAbsentValue { return nil }
        guard let number = value.number(in: bytes) else { throw Problem(field: name) }
        return number
    }

    private func text(_ value: FoundValue, _ name: String, _ bytes: Span<UInt8>) throws(Problem) -> String? {
        if value.isAbsentValue { return nil }
        guard let text = value.string(in: bytes) else { throw Problem(field: name) }
        return text
    }

    private func change(_ value: FoundValue, _ name: String, _ bytes: Span<UInt8>) throws(Problem) -> FieldChange {
        if !value.isPresent { return .keep }
        return try text(value, name, bytes).map { .set($0) } ?? .remove
    }

    private func version(_ bytes: Span<UInt8>) throws(Problem) -> UInt64? {
        if versionField.isAbsentValue { return nil }
        guard let version = versionField.version(in: bytes) else { throw Problem(field: "version") }
        return version
    }

    /// The unknown members as JSON, with commas between them.
    ///
    /// - Parameter left: The names of those that are left out.
    fileprivate func extra(_ bytes: Span<UInt8>, without left: [String] = []) throws(Problem) -> [UInt8] {
        var extra: [UInt8] = []
        for (key, range) in unknown {
            let name = key.string(in: bytes)
            if left.contains(name) { continue }
            guard let value = JSONFragment(range, in: bytes, depthMax: 32) else { throw Problem(field: name) }
            if !extra.isEmpty { extra.append(UInt8(ascii: ",")) }
            extra.appendJSON(name)
            extra.append(UInt8(ascii: ":"))
            extra.append(contentsOf: value.bytes)
        }
        return extra
    }
}

extension Shape {
    /// Forgets what was stored under names of ours and could not be read: there is something of ours now, or it was taken
    /// away.
    mutating func forgetUnread(_ names: [String]) {
        guard !extra.isEmpty, !names.isEmpty else { return }
        let object = [UInt8(ascii: "{")] + extra + [UInt8(ascii: "}")]
        let bytes = object.span
        var reader = JSONReader()
        guard let fields = ShapeFields(reading: &reader, in: bytes) else { return }
        do throws(ShapeFields.Problem) { extra = try fields.extra(bytes, without: names) } catch {
            preconditionFailure("what was read before: \(error)")
        }
    }
}

extension FoundValue {
    /// Takes the place of an earlier value of the same name, which is only taken by one that can be read, where there is
    /// one.
    ///
    /// - Returns: `isReadable`.
    fileprivate mutating func become(_ value: FoundValue, isReadable: Bool) -> Bool {
        if isReadable || kind == .absent { self = value }
        return isReadable
    }

    /// The time that a string says in RFC 3339.
    func time(in bytes: Span<UInt8>) -> Timestamp? {
        guard isText else { return nil }
        if kind != .anyText { return Timestamp(parsing: bytes.extracting(range)) }
        return Timestamp(parsing: [UInt8](text.string(in: bytes).utf8).span)
    }

    /// Calls `body` with a reader that stands before each element of an array of a text that was read before.
    ///
    /// - Returns: `false` where this is no array.
    func forEachElement<Failure: Error>(
        in bytes: Span<UInt8>, _ body: (inout JSONReader) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        guard kind == .other, bytes[range.lowerBound] == UInt8(ascii: "[") else { return false }
        var reader = JSONReader()
        reader.offset = range.lowerBound
        do { try reader.beginArray(in: bytes) } catch { preconditionFailure("a text that was read before: \(error)") }
        while reader.hasElement(in: bytes) { try body(&reader) }
        return true
    }
}

extension JSONReader {
    /// Reads up to the next element of an array that was read before.
    fileprivate mutating func hasElement(in bytes: Span<UInt8>) -> Bool {
        do { return try nextElement(in: bytes) } catch { preconditionFailure("a text that was read before: \(error)") }
    }
}
