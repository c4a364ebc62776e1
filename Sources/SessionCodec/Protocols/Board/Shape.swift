package import SessionBase

/// One shape of a board (seed 003, *Server->Client Messages*).
package struct Shape: Equatable, Sendable {
    /// Its name in the room: 12 characters where the server gave it (3-7).
    package var id: String
    /// What it is, such as `rectangle`; the server does not interpret it (3-8).
    package var type: String
    /// Where it lies, to the right, in the clients' units.
    package var x: Double
    /// Where it lies, downwards, in the clients' units.
    package var y: Double
    /// How wide it is, in the clients' units.
    package var width: Double
    /// How high it is, in the clients' units.
    package var height: Double
    /// Who created it (3-12).
    package var user: String
    /// When it was changed last, by the server's clock (3-12).
    package var timestamp: Timestamp
    /// What is written on it.
    package var text: String?
    /// The colour of its inside.
    package var fill: String?
    /// The colour of its outline.
    package var stroke: String?
    /// How far it is turned clockwise, in degrees, 0..<360.
    package var rotation: Double
    /// Who changed it last (EXT, 3-12).
    package var updatedBy: String
    /// The version of the board that changed it last (EXT, 3-12).
    package var version: UInt64
    /// Members of the stored shape that we do not know, or not of that kind, as JSON with commas between them: they are
    /// written back.
    package var extra: [UInt8]

    /// Describes a shape.
    package init(
        id: String, type: String, x: Double, y: Double, width: Double = 0, height: Double = 0, user: String,
        timestamp: Timestamp, text: String? = nil, fill: String? = nil, stroke: String? = nil, rotation: Double = 0,
        updatedBy: String? = nil, version: UInt64 = 0, extra: [UInt8] = []
    ) {
        self.id = id
        self.type = type
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
        self.user = user
        self.timestamp = timestamp
        (self.text, self.fill, self.stroke) = (text, fill, stroke)
        self.rotation = rotation
        self.updatedBy = updatedBy ?? user
        self.version = version
        self.extra = extra
    }
}

// MARK: Writing

extension Shape {
    /// For whom a shape is written.
    package enum Form: Sendable {
        /// Clients of the seed: exactly its keys, in its order.
        case seed
        /// Clients of the second version: the seed's keys, `updatedBy` and `version`.
        case extended
        /// The backend: the seed's keys, and what the backend had stored beside them.
        case stored
        /// The embedded store: everything.
        case whole

        fileprivate var hasOrigin: Bool { self == .extended || self == .whole }
        fileprivate var hasExtra: Bool { self == .stored || self == .whole }
    }

    /// Appends the shape as an object; `text`, `fill` and `stroke` stand there only where they are set (3-9).
    ///
    /// - Complexity: O(n); allocates nothing but what the buffer needs, and a text for a number with a fraction.
    package func append(to output: inout [UInt8], form: Form) {
        output.appendMember(#"{"id":"#, id)
        output.appendMember(#","type":"#, type)
        output.appendMember(#","x":"#, x)
        output.appendMember(#","y":"#, y)
        output.appendMember(#","width":"#, width)
        output.appendMember(#","height":"#, height)
        output.appendMember(#","userId":"#, user)
        output.appendMember(#","timestamp":"#, timestamp)
        if let text { output.appendMember(#","text":"#, text) }
        if let fill { output.appendMember(#","fill":"#, fill) }
        if let stroke { output.appendMember(#","stroke":"#, stroke) }
        output.appendMember(#","rotation":"#, rotation)
        if form.hasOrigin {
            output.appendMember(#","updatedBy":"#, updatedBy)
            output.append(literal: #","version":"#)
            output.appendDecimal(version)
        }
        if form.hasExtra, !extra.isEmpty {
            output.append(UInt8(ascii: ","))
            output.append(contentsOf: extra)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// The shape as an object.
    package func encoded(_ form: Form) -> [UInt8] {
        var output: [UInt8] = []
        append(to: &output, form: form)
        return output
    }
}

extension [UInt8] {
    /// Appends a key, with what stands before and after it, and a finite number.
    mutating func appendMember(_ key: StaticString, _ number: Double) {
        append(literal: key)
        appendJSON(number)
    }

    /// Appends shapes with commas between them.
    mutating func appendItems(_ shapes: [Shape], form: Shape.Form) {
        for (place, shape) in shapes.enumerated() {
            if place > 0 { append(UInt8(ascii: ",")) }
            shape.append(to: &self, form: form)
        }
    }
}
