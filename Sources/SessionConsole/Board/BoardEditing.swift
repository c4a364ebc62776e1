package import CommandKit
import SessionClient
package import SessionCodec

/// What `board draw`, `move` and `cursor` make of their command lines.
package enum BoardEditing {
    // MARK: Options

    /// `--width`.
    package static let width = Option<Double?>.number("width", "How wide it is", 0...BoardRules.sizeMax)
        .rule("3-15")
    /// `--height`.
    package static let height = Option<Double?>.number("height", "How high it is", 0...BoardRules.sizeMax)
        .rule("3-15")
    /// `--text`.
    package static let text = Option.text("text", "What is written on it", "TEXT")
    /// `--fill`.
    package static let fill = Option.text("fill", "Colour of its inside, such as '#3b82f6' or red", "COLOR")
        .rule("3-15")
    /// `--stroke`.
    package static let stroke = Option.text("stroke", "Colour of its outline", "COLOR").rule("3-15")
    /// `--rotation`.
    package static let rotation = Option.text("rotation", "How far it is turned clockwise", "DEGREES").rule("§1.10")
    /// `--no-text`.
    package static let noText = Option.toggle("no-text", "Take the text away").rule("3-10")
    /// `--no-fill`.
    package static let noFill = Option.toggle("no-fill", "Take the colour of the inside away").rule("3-10")
    /// `--no-stroke`.
    package static let noStroke = Option.toggle("no-stroke", "Take the colour of the outline away").rule("3-10")

    // MARK: Reading

    /// Reads a shape to be drawn.
    package static func shape(_ parsed: ParsedCommand, _ settings: Settings) throws(CommandError) -> NewShape {
        let type = parsed.operand("TYPE") ?? ""
        guard BoardRules.allows(type: type) else {
            throw .usage(
                "TYPE \(Origin.printable(type)): write a word of small letters, digits, - and _, such as rectangle")
        }
        return NewShape(
            type: type, x: try coordinate(parsed.operand("X"), "X"), y: try coordinate(parsed.operand("Y"), "Y"),
            width: settings[width] ?? 0, height: settings[height] ?? 0, text: settings[text],
            fill: try colour(fill, settings), stroke: try colour(stroke, settings),
            rotation: try degrees(settings) ?? 0)
    }

    /// Reads a change of a shape.
    package static func change(_ parsed: ParsedCommand, _ settings: Settings) throws(CommandError) -> ShapeChange {
        var change = ShapeChange(width: settings[width], height: settings[height], rotation: try degrees(settings))
        switch (parsed.operand("X"), parsed.operand("Y")) {
        case (let x?, let y?): (change.x, change.y) = (try coordinate(x, "X"), try coordinate(y, "Y"))
        case (_?, nil): throw .usage("a place has an X and a Y; write both")
        default: break
        }
        change.text = try field(settings[text], noText, settings)
        change.fill = try field(try colour(fill, settings), noFill, settings)
        change.stroke = try field(try colour(stroke, settings), noStroke, settings)
        guard !change.isEmpty else {
            throw .usage("nothing is to be changed; write X and Y, or an option such as --width")
        }
        return change
    }

    /// Reads a coordinate of the command line.
    package static func coordinate(_ text: String?, _ name: String) throws(CommandError) -> Double {
        guard let number = number(text ?? ""), BoardRules.allows(coordinate: number) else {
            throw .usage(
                "\(name) \(Origin.printable(text ?? "")): write a number from -1e7 to 1e7, such as 100 or -2.5")
        }
        return number
    }

    /// Reads a line of a path: two numbers with blanks or a comma between them.
    ///
    /// - Returns: `nil` for a blank line and one that starts with `#`.
    package static func point(_ line: [UInt8], _ place: String) throws(CommandError) -> (x: Double, y: Double)? {
        let words = String(decoding: line, as: UTF8.self).split { $0.isWhitespace || $0 == "," }
        guard let first = words.first, first.first != "#" else { return nil }
        guard words.count == 2, let x = number(String(first)), let y = number(String(words[1])),
            BoardRules.allows(coordinate: x), BoardRules.allows(coordinate: y)
        else {
            let shown = Origin.printable(String(decoding: line, as: UTF8.self))
            throw CommandError(.badData, "\(place) \(shown): write two numbers from -1e7 to 1e7, such as 100 200")
        }
        return (x, y)
    }

    /// A number in JSON's grammar: `Double` alone would also take `nan` and `0x1p3`.
    private static func number(_ text: String) -> Double? {
        // What is no JSON is no number either.
        guard let value = try? JSONValue.parse(text), let number = value.double, number.isFinite else { return nil }
        return number
    }

    private static func degrees(_ settings: Settings) throws(CommandError) -> Double? {
        guard let text = settings[rotation] else { return nil }
        guard let number = number(text) else { throw settings.error(rotation, "write degrees, such as 45 or -90") }
        return BoardRules.normalized(rotation: number)
    }

    private static func colour(_ option: Option<String?>, _ settings: Settings) throws(CommandError) -> String? {
        guard let text = settings[option] else { return nil }
        guard BoardRules.allows(colour: text) else {
            throw settings.error(option, "write a colour such as '#3b82f6' or red")
        }
        return text
    }

    private static func field(
        _ value: String?, _ removal: Option<Bool>, _ settings: Settings
    ) throws(CommandError) -> FieldChange {
        switch (value, settings[removal]) {
        case (_?, true): throw .usage("--\(removal.spec.key) takes away what another option sets; leave one out")
        case (let value?, false): return .set(value)
        case (nil, true): return .remove
        case (nil, false): return .keep
        }
    }
}
