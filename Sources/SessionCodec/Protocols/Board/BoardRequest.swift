import SessionBase

/// A client's message as the server reads it.
///
/// The text is passed over once, whatever the order of its keys: what is found is remembered as places in the text and
/// judged at the end, when the type is known. Only then is copied what the message is made of.
package struct BoardRequest: Sendable {
    private(set) var type = FoundValue.absent
    private var x = FoundValue.absent
    private var y = FoundValue.absent
    private(set) var id = FoundValue.absent
    private var shapeID = FoundValue.absent
    private var width = FoundValue.absent
    private var height = FoundValue.absent
    private var rotation = FoundValue.absent
    private var textField = FoundValue.absent
    private var fill = FoundValue.absent
    private var stroke = FoundValue.absent
    private var shapeType = FoundValue.absent
    private var clientID = FoundValue.absent

    private init() {}

    /// Reads one message of a client.
    ///
    /// - Parameters:
    ///   - bytes: The text; need not be valid UTF-8 yet.
    ///   - isExtended: Whether the client speaks the second version. In the first there is no `ping`, `resync` and
    ///     `flush`, and `id` and `clientId` are fields like any other that nobody knows.
    /// - Throws: ``BoardRefusal``, with the client's `id` where it could be read.
    /// - Complexity: O(n), one pass; a `cursor_move` without `id` allocates nothing.
    package static func decode(
        _ bytes: Span<UInt8>, isExtended: Bool = true
    ) throws(BoardRefusal) -> Tagged<BoardClientMessage> {
        var request = BoardRequest()
        try request.read(bytes)
        if !isExtended { (request.id, request.clientID) = (.absent, .absent) }
        do {
            return Tagged(try request.message(bytes, isExtended: isExtended), tag: request.id.tag(in: bytes))
        } catch { throw error.with(request.id.tag(in: bytes)) }
    }
}

/// Why a text is not a request of board, and what the reply must repeat.
package typealias BoardRefusal = Refusal<BoardErrorCode>

extension BoardRefusal {
    /// The error that answers it, to clients of the second version (3-3).
    package var reply: BoardServerMessage { .error(code, message: sentence) }
}

// MARK: Reading

extension BoardRequest: FlatRequest {
    typealias Code = BoardErrorCode

    mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("type") {
            type = value
        } else if name == ShortText("x") {
            x = value
        } else if name == ShortText("y") {
            y = value
        } else if name == ShortText("shapeId") {
            shapeID = value
        } else if name == ShortText("id") {
            id = value
        } else if name == ShortText("width") {
            width = value
        } else if name == ShortText("height") {
            height = value
        } else {
            keepRare(value, as: name)
        }
    }

    private mutating func keepRare(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("text") {
            textField = value
        } else if name == ShortText("fill") {
            fill = value
        } else if name == ShortText("stroke") {
            stroke = value
        } else if name == ShortText("rotation") {
            rotation = value
        } else if name == ShortText("shapeType") {
            shapeType = value
        } else if name == ShortText("clientId") {
            clientID = value
        }
    }
}

// MARK: Judging

extension BoardRequest {
    /// Makes the message of what was found (PROTOCOLS §5.3).
    private func message(
        _ bytes: Span<UInt8>, isExtended: Bool
    ) throws(BoardRefusal) -> BoardClientMessage {
        let kind: BoardClientKind = try judgedKind(bytes, where: { isExtended || !$0.isExtension })
        switch kind {
        case .cursorMove:
            return .cursorMove(
                x: try x.required("x", BoardRules.allows(coordinate:), bytes),
                y: try y.required("y", BoardRules.allows(coordinate:), bytes))
        case .shapeCreate: return .create(try newShape(bytes))
        case .shapeUpdate: return .update(try shape(bytes), try change(bytes))
        case .shapeDelete: return .delete(try shape(bytes))
        case .ping: return .ping
        case .resync: return .resync
        case .flush: return .flush
        }
    }

    private func shape(_ bytes: Span<UInt8>) throws(BoardRefusal) -> String {
        guard shapeID.isIdentifier(in: bytes) else { throw .field("shapeId") }
        return shapeID.text.string(in: bytes)
    }

    private func newShape(_ bytes: Span<UInt8>) throws(BoardRefusal) -> NewShape {
        guard shapeType.isText(in: bytes, allowedBy: BoardRules.allows(type:)) else { throw .field("shapeType") }
        var shape = NewShape(
            type: shapeType.text.string(in: bytes),
            x: try x.required("x", BoardRules.allows(coordinate:), bytes),
            y: try y.required("y", BoardRules.allows(coordinate:), bytes))
        shape.width = try width.optional("width", BoardRules.allows(size:), bytes) ?? 0
        shape.height = try height.optional("height", BoardRules.allows(size:), bytes) ?? 0
        shape.rotation = BoardRules.normalized(rotation: try rotation.optional("rotation", { _ in true }, bytes) ?? 0)
        try textField.textChange("text", bytes).apply(to: &shape.text)
        try fill.colourChange("fill", bytes).apply(to: &shape.fill)
        try stroke.colourChange("stroke", bytes).apply(to: &shape.stroke)
        if !clientID.isAbsentValue {
            guard clientID.isIdentifier(in: bytes) else { throw .field("clientId") }
            shape.clientID = clientID.text.string(in: bytes)
        }
        return shape
    }

    private func change(_ bytes: Span<UInt8>) throws(BoardRefusal) -> ShapeChange {
        // A type is never changed, but a null where none may be makes the message invalid (PROTOCOLS §1.10).
        guard shapeType.kind != .null else { throw .field("shapeType") }
        return ShapeChange(
            x: try x.optional("x", BoardRules.allows(coordinate:), bytes),
            y: try y.optional("y", BoardRules.allows(coordinate:), bytes),
            width: try width.optional("width", BoardRules.allows(size:), bytes),
            height: try height.optional("height", BoardRules.allows(size:), bytes),
            text: try textField.textChange("text", bytes),
            fill: try fill.colourChange("fill", bytes),
            stroke: try stroke.colourChange("stroke", bytes),
            rotation: try rotation.optional("rotation", { _ in true }, bytes)
                .map(BoardRules.normalized(rotation:)))
    }
}

// MARK: Values

extension FoundValue {
    /// The value of a number that a finite double stands for; minus zero is zero.
    func number(in bytes: Span<UInt8>) -> Double? {
        guard kind == .number else { return nil }
        let number = JSONNumber(start: range.lowerBound, count: range.count, isInteger: false)
        return number.double(in: bytes).map { $0 + 0 }
    }

    /// A number that must be there.
    fileprivate func required(
        _ name: String, _ rule: (Double) -> Bool, _ bytes: Span<UInt8>
    ) throws(BoardRefusal) -> Double {
        guard let number = number(in: bytes), rule(number) else { throw .field(name) }
        return number
    }

    /// A number that may be missing, but not be null (PROTOCOLS §1.10).
    fileprivate func optional(
        _ name: String, _ rule: (Double) -> Bool, _ bytes: Span<UInt8>
    ) throws(BoardRefusal) -> Double? {
        isPresent ? try required(name, rule, bytes) : nil
    }

    /// Whether this is a string that a rule for its characters allows.
    fileprivate func isText(in bytes: Span<UInt8>, allowedBy rule: (Span<UInt8>) -> Bool) -> Bool {
        guard isText else { return false }
        return kind == .anyText ? rule([UInt8](text.string(in: bytes).utf8).span) : rule(bytes.extracting(range))
    }

    /// What becomes of a text.
    func textChange(_ name: String, _ bytes: Span<UInt8>) throws(BoardRefusal) -> FieldChange {
        switch kind {
        case .absent: return .keep
        case .null: return .remove
        default:
            guard isText else { throw .field(name) }
            return .set(text.string(in: bytes))
        }
    }

    /// What becomes of a colour (3-15).
    fileprivate func colourChange(_ name: String, _ bytes: Span<UInt8>) throws(BoardRefusal) -> FieldChange {
        let change = try textChange(name, bytes)
        if case .set = change, !isText(in: bytes, allowedBy: BoardRules.allows(colour:)) { throw .field(name) }
        return change
    }
}
