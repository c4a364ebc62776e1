/// Lines over two axes as an SVG element inside HTML: readable without scripts, styled by the page.
struct LinePlot {
    /// One line; a point is a position of both axes in 0...1, and `nil` breaks the line.
    struct Line {
        var name: String
        /// The class that colours it.
        var style: String
        var points: [(x: Double, y: Double)?]
    }

    /// A mark of an axis: where it stands, and its text.
    struct Mark {
        var position: Double
        var text: String
    }

    /// A part of the plot with a text that a pointer shows.
    struct Hint {
        var range: ClosedRange<Double>
        var text: String
    }

    /// What a reader who does not see the plot is told: a few words, and a sentence.
    var title: String
    var summary: String
    var horizontal: [Mark]
    var vertical: [Mark]
    var lines: [Line]
    var hints: [Hint] = []

    // One unit is about a pixel on a telephone; a page scales the whole.
    private static let (width, height) = (440.0, 260.0)
    private static let (left, right, top, bottom) = (46.0, 12.0, 10.0, 24.0)

    /// The element; `id` is unique on the page.
    func svg(id: String) -> String {
        let opening =
            "<svg viewBox=\"0 0 \(Self.number(Self.width)) \(Self.number(Self.height))\" role=\"img\" "
            + "aria-labelledby=\"\(id)-title \(id)-desc\">"
        let texts =
            "<title id=\"\(id)-title\">\(SafeText.html(title))</title>"
            + "<desc id=\"\(id)-desc\">\(SafeText.html(summary))</desc>"
        let parts = vertical.map(gridLine) + horizontal.map(bottomMark) + lines.map(path) + hints.map(hint)
        return ([opening + texts] + parts + ["</svg>"]).joined(separator: "\n")
    }

    private func gridLine(_ mark: Mark) -> String {
        let y = Self.number(Self.y(mark.position))
        return "<line class=\"grid\" x1=\"\(Self.number(Self.left))\" x2=\"\(Self.number(Self.width - Self.right))\" "
            + "y1=\"\(y)\" y2=\"\(y)\"/><text class=\"tick end\" x=\"\(Self.number(Self.left - 6))\" y=\"\(y)\" "
            + "dy=\"0.35em\">\(SafeText.html(mark.text))</text>"
    }

    private func bottomMark(_ mark: Mark) -> String {
        let x = Self.number(Self.x(mark.position))
        let (top, bottom) = (Self.number(Self.top), Self.number(Self.height - Self.bottom))
        // Texts at the ends would leave the picture if they were centred.
        let anchor = mark.position > 0.95 ? " end" : mark.position < 0.02 ? "" : " middle"
        return "<line class=\"grid faint\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(top)\" y2=\"\(bottom)\"/>"
            + "<text class=\"tick\(anchor)\" x=\"\(x)\" y=\"\(Self.number(Self.height - 7))\">"
            + "\(SafeText.html(mark.text))</text>"
    }

    private func path(_ line: Line) -> String {
        var data = ""
        var isOpen = false
        for (place, point) in line.points.enumerated() {
            guard let point else {
                isOpen = false
                continue
            }
            let (x, y) = (Self.number(Self.x(point.x)), Self.number(Self.y(point.y)))
            data += "\(isOpen ? "L" : "M")\(x) \(y)"
            // A point between two gaps would be a line without length; round ends make it a dot.
            if !isOpen, place + 1 == line.points.count || line.points[place + 1] == nil { data += "h0" }
            isOpen = true
        }
        return data.isEmpty ? "" : "<path class=\"line \(line.style)\" d=\"\(data)\"/>"
    }

    private func hint(_ hint: Hint) -> String {
        let x = Self.x(hint.range.lowerBound)
        let width = Self.x(hint.range.upperBound) - x
        return "<rect class=\"hint\" x=\"\(Self.number(x))\" y=\"\(Self.number(Self.top))\" "
            + "width=\"\(Self.number(width))\" height=\"\(Self.number(Self.height - Self.top - Self.bottom))\">"
            + "<title>\(SafeText.html(hint.text))</title></rect>"
    }

    private static func x(_ position: Double) -> Double { left + position * (width - left - right) }
    private static func y(_ position: Double) -> Double { height - bottom - position * (height - top - bottom) }

    /// A coordinate with one decimal, or none.
    private static func number(_ value: Double) -> String {
        let tenths = Int(max(0, value) * 10 + 0.5)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
