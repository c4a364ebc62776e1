import SessionBase
package import SessionCodec

/// A board as a picture: SVG 1.1 with one element a shape, in the order of creation.
///
/// A `rectangle` is a `rect`, `ellipse` and `circle` fill the shape's box, `line` and `arrow` go from its upper left to its
/// lower right corner, `text` has no outline; every other type is drawn as a rectangle, since only its clients know what
/// it is (PROTOCOLS 3-8). Shapes turn about the middle of their boxes.
package struct BoardSVG {
    private var output: [UInt8] = []

    /// What is left free around the shapes, in the clients' units.
    private static let margin = 10.0
    /// The size of letters, in the clients' units.
    private static let letterSize = 16.0
    /// What has no colour of its own is drawn in it.
    private static let ink = "#1f2937"

    /// Draws shapes.
    ///
    /// - Returns: A whole document in UTF-8, ending with a line feed.
    package static func document(_ shapes: [Shape]) -> [UInt8] {
        var drawing = BoardSVG()
        drawing.begin(Box(around: shapes).grown(by: margin), hasArrows: shapes.contains { $0.type == "arrow" })
        for shape in shapes { drawing.draw(shape) }
        drawing.output.append(literal: "</svg>\n")
        return drawing.output
    }

    private mutating func begin(_ box: Box, hasArrows: Bool) {
        output.append(literal: #"<svg xmlns="http://www.w3.org/2000/svg" viewBox=""#)
        for (place, number) in [box.left, box.top, box.width, box.height].enumerated() {
            if place > 0 { output.append(UInt8(ascii: " ")) }
            output.appendJSON(number)
        }
        output.append(literal: #"""#)
        attribute("width", box.width)
        attribute("height", box.height)
        attribute("font-family", "sans-serif")
        attribute("font-size", Self.letterSize)
        output.append(literal: ">\n")
        if hasArrows {
            output.append(
                literal: """
                    <defs><marker id="head" orient="auto" markerWidth="8" markerHeight="8" refX="7" refY="4">\
                    <path d="M0 0 8 4 0 8z"/></marker></defs>

                    """)
        }
    }

    // MARK: Shapes

    private mutating func draw(_ shape: Shape) {
        output.append(literal: "<g")
        attribute("id", shape.id)
        if shape.rotation != 0 { turn(shape) }
        output.append(UInt8(ascii: ">"))
        switch shape.type {
        case "ellipse", "circle": drawEllipse(shape)
        case "line", "arrow": drawLine(shape)
        case "text": break
        default: drawRectangle(shape)
        }
        if let text = shape.text, !text.isEmpty { write(text, on: shape) }
        output.append(literal: "</g>\n")
    }

    private mutating func turn(_ shape: Shape) {
        output.append(literal: #" transform="rotate("#)
        output.appendJSON(shape.rotation)
        output.append(UInt8(ascii: " "))
        output.appendJSON(shape.x + shape.width / 2)
        output.append(UInt8(ascii: " "))
        output.appendJSON(shape.y + shape.height / 2)
        output.append(literal: #")""#)
    }

    private mutating func drawRectangle(_ shape: Shape) {
        output.append(literal: "<rect")
        attribute("x", shape.x)
        attribute("y", shape.y)
        attribute("width", shape.width.magnitude)
        attribute("height", shape.height.magnitude)
        paint(shape)
    }

    private mutating func drawEllipse(_ shape: Shape) {
        output.append(literal: "<ellipse")
        attribute("cx", shape.x + shape.width / 2)
        attribute("cy", shape.y + shape.height / 2)
        attribute("rx", shape.width.magnitude / 2)
        attribute("ry", shape.height.magnitude / 2)
        paint(shape)
    }

    private mutating func drawLine(_ shape: Shape) {
        output.append(literal: "<line")
        attribute("x1", shape.x)
        attribute("y1", shape.y)
        attribute("x2", shape.x + shape.width)
        attribute("y2", shape.y + shape.height)
        attribute("stroke", shape.stroke ?? Self.ink)
        if shape.type == "arrow" { attribute("marker-end", "url(#head)") }
        output.append(literal: "/>")
    }

    /// Ends an element that has an inside; one without any colour gets an outline, or nobody would see it.
    private mutating func paint(_ shape: Shape) {
        attribute("fill", shape.fill ?? "none")
        attribute("stroke", shape.stroke ?? (shape.fill == nil ? Self.ink : "none"))
        output.append(literal: "/>")
    }

    // MARK: Texts

    /// Writes a text from the upper left corner of a `text`, and in the middle of the others.
    private mutating func write(_ text: String, on shape: Shape) {
        let isText = shape.type == "text"
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let x = isText ? shape.x : shape.x + shape.width / 2
        let middle = shape.y + shape.height / 2 - Double(lines.count - 1) * Self.letterSize * 0.6
        output.append(literal: "<text")
        attribute("y", isText ? shape.y : middle)
        attribute("dominant-baseline", isText ? "hanging" : "central")
        if !isText { attribute("text-anchor", "middle") }
        attribute("fill", isText ? shape.fill ?? shape.stroke ?? Self.ink : Self.ink)
        output.append(UInt8(ascii: ">"))
        for (place, line) in lines.enumerated() {
            output.append(literal: "<tspan")
            attribute("x", x)
            if place > 0 { attribute("dy", "1.2em") }
            output.append(UInt8(ascii: ">"))
            escape(line)
            output.append(literal: "</tspan>")
        }
        output.append(literal: "</text>")
    }

    private mutating func attribute(_ name: StaticString, _ value: Double) {
        beginAttribute(name)
        output.appendJSON(value)
        output.append(literal: #"""#)
    }

    private mutating func attribute(_ name: StaticString, _ value: String) {
        beginAttribute(name)
        escape(value[...])
        output.append(literal: #"""#)
    }

    private mutating func beginAttribute(_ name: StaticString) {
        output.append(UInt8(ascii: " "))
        output.append(literal: name)
        output.append(literal: #"=""#)
    }

    /// Appends characters as XML has them; those that it cannot have become replacement characters.
    private mutating func escape(_ text: Substring) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output.append(literal: "&amp;")
            case "<": output.append(literal: "&lt;")
            case ">": output.append(literal: "&gt;")
            case "\"": output.append(literal: "&quot;")
            case "\t": output.append(literal: "&#9;")
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": output.append(literal: "\u{FFFD}")
            default: output.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }
}

/// A rectangle with upright sides.
private struct Box {
    private(set) var left = 0.0
    private(set) var top = 0.0
    private(set) var right = 100.0
    private(set) var bottom = 100.0

    var width: Double { right - left }
    var height: Double { bottom - top }

    /// The smallest one with all shapes in it, turned as they are; some room where there are none.
    init(around shapes: [Shape]) {
        for (place, shape) in shapes.enumerated() {
            let (x, y, across, down) = Self.extent(of: shape)
            left = place == 0 ? x - across : min(left, x - across)
            right = place == 0 ? x + across : max(right, x + across)
            top = place == 0 ? y - down : min(top, y - down)
            bottom = place == 0 ? y + down : max(bottom, y + down)
        }
    }

    func grown(by margin: Double) -> Box {
        var box = self
        box.left -= margin
        box.top -= margin
        box.right += margin
        box.bottom += margin
        return box
    }

    /// The middle of a shape, and how far it reaches from there to the side and up or down.
    private static func extent(of shape: Shape) -> (x: Double, y: Double, across: Double, down: Double) {
        let (x, y) = (shape.x + shape.width / 2, shape.y + shape.height / 2)
        let (across, down) = (shape.width.magnitude / 2, shape.height.magnitude / 2)
        switch shape.rotation {
        case 0, 180: return (x, y, across, down)
        case 90, 270: return (x, y, down, across)
        default:
            // Whatever the angle, a turned box lies within the circle around it.
            let radius = (across * across + down * down).squareRoot()
            return (x, y, radius, radius)
        }
    }
}
