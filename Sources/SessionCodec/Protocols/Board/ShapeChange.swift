package import SessionBase

/// A shape that a client wants drawn (PROTOCOLS 3-9).
package struct NewShape: Equatable, Sendable {
    /// What it is, such as `rectangle`: `shapeType` on the wire (3-11).
    package var type: String
    /// Where it lies, to the right.
    package var x: Double
    /// Where it lies, downwards.
    package var y: Double
    /// How wide it is.
    package var width: Double
    /// How high it is.
    package var height: Double
    /// What is written on it.
    package var text: String?
    /// The colour of its inside.
    package var fill: String?
    /// The colour of its outline.
    package var stroke: String?
    /// How far it is turned clockwise, in degrees, 0..<360.
    package var rotation: Double
    /// The client's own name for it, which comes back once in the `ack` (EXT, 3-7).
    package var clientID: String?

    /// Describes a shape that does not exist yet.
    package init(
        type: String, x: Double, y: Double, width: Double = 0, height: Double = 0, text: String? = nil,
        fill: String? = nil, stroke: String? = nil, rotation: Double = 0, clientID: String? = nil
    ) {
        self.type = type
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        (self.text, self.fill, self.stroke) = (text, fill, stroke)
        self.rotation = rotation
        self.clientID = clientID
    }

    /// The shape that comes into being.
    ///
    /// - Parameters:
    ///   - id: The server's name for it.
    ///   - user: Who draws it.
    ///   - timestamp: When, by the server's clock.
    ///   - version: The version of the board that has it first.
    package func shape(id: String, user: String, timestamp: Timestamp, version: UInt64) -> Shape {
        Shape(
            id: id, type: type, x: x, y: y, width: width, height: height, user: user, timestamp: timestamp, text: text,
            fill: fill, stroke: stroke, rotation: rotation, version: version)
    }
}

/// What becomes of a field that a shape need not have (PROTOCOLS 3-10).
package enum FieldChange: Equatable, Sendable {
    /// It stays as it is.
    case keep
    /// It is taken away: `null` on the wire.
    case remove
    /// It gets a value.
    case set(String)

    /// Changes a field.
    package func apply(to field: inout String?) {
        switch self {
        case .keep: break
        case .remove: field = nil
        case .set(let value): field = value
        }
    }

    /// Appends a key, with what stands before and after it, and the value or `null`; nothing where the field stays.
    func appendMember(_ key: StaticString, to output: inout [UInt8]) {
        switch self {
        case .keep: break
        case .remove:
            output.append(literal: key)
            output.append(literal: "null")
        case .set(let value): output.appendMember(key, value)
        }
    }
}

/// Which fields of a shape change, and to what; the others keep what they have (PROTOCOLS 3-10).
package struct ShapeChange: Equatable, Sendable {
    /// Where it lies, to the right.
    package var x: Double?
    /// Where it lies, downwards.
    package var y: Double?
    /// How wide it is.
    package var width: Double?
    /// How high it is.
    package var height: Double?
    /// What is written on it.
    package var text: FieldChange
    /// The colour of its inside.
    package var fill: FieldChange
    /// The colour of its outline.
    package var stroke: FieldChange
    /// How far it is turned clockwise, in degrees, 0..<360.
    package var rotation: Double?

    /// Describes a change; what is not named stays.
    package init(
        x: Double? = nil, y: Double? = nil, width: Double? = nil, height: Double? = nil, text: FieldChange = .keep,
        fill: FieldChange = .keep, stroke: FieldChange = .keep, rotation: Double? = nil
    ) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        (self.text, self.fill, self.stroke) = (text, fill, stroke)
        self.rotation = rotation
    }

    /// Whether no field is named: such an update is ignored (3-10).
    package var isEmpty: Bool { self == ShapeChange() }

    /// Changes a shape; who did it, when, and in which version is the room's to note.
    package func apply(to shape: inout Shape) {
        if let x { shape.x = x }
        if let y { shape.y = y }
        if let width { shape.width = width }
        if let height { shape.height = height }
        text.apply(to: &shape.text)
        fill.apply(to: &shape.fill)
        stroke.apply(to: &shape.stroke)
        if let rotation { shape.rotation = rotation }
        if !shape.extra.isEmpty { shape.forgetUnread(optionalNames) }
    }

    /// The names of the fields that change and may be of another kind in a stored shape.
    private var optionalNames: [String] {
        [("text", text), ("fill", fill), ("stroke", stroke)].filter { $0.1 != .keep }.map(\.0)
    }

    /// Adds a change that comes later, which decides where both name a field.
    package mutating func merge(_ later: ShapeChange) {
        x = later.x ?? x
        y = later.y ?? y
        width = later.width ?? width
        height = later.height ?? height
        if later.text != .keep { text = later.text }
        if later.fill != .keep { fill = later.fill }
        if later.stroke != .keep { stroke = later.stroke }
        rotation = later.rotation ?? rotation
    }

    /// Appends the fields that are named, each with a comma before it.
    func appendMembers(to output: inout [UInt8]) {
        if let x { output.appendMember(#","x":"#, x) }
        if let y { output.appendMember(#","y":"#, y) }
        if let width { output.appendMember(#","width":"#, width) }
        if let height { output.appendMember(#","height":"#, height) }
        text.appendMember(#","text":"#, to: &output)
        fill.appendMember(#","fill":"#, to: &output)
        stroke.appendMember(#","stroke":"#, to: &output)
        if let rotation { output.appendMember(#","rotation":"#, rotation) }
    }
}
