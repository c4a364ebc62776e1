import SessionBase
import SessionClient
import SessionCodec
import Testing

/// How boards look as pictures.
@Suite struct BoardSVGTests {
    private func shape(_ type: String, _ change: (inout Shape) -> Void = { _ in }) -> Shape {
        var shape = Shape(
            id: "s", type: type, x: 10, y: 20, width: 100, height: 50, user: "u", timestamp: Timestamp(milliseconds: 0))
        change(&shape)
        return shape
    }

    private func lines(_ shapes: [Shape]) -> [String] {
        String(decoding: BoardSVG.document(shapes), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What is between the `g` of the only shape.
    private func element(_ shape: Shape) -> String { lines([shape]).first { $0.hasPrefix("<g") } ?? "" }

    @Test func `every type has its element`() {
        #expect(
            element(shape("rectangle") { $0.fill = "#fff" })
                == ##"<g id="s"><rect x="10" y="20" width="100" height="50" fill="#fff" stroke="none"/></g>"##)
        for type in ["ellipse", "circle"] {
            #expect(
                element(shape(type) { $0.stroke = "red" })
                    == ##"<g id="s"><ellipse cx="60" cy="45" rx="50" ry="25" fill="none" stroke="red"/></g>"##)
        }
        #expect(
            element(shape("line") { $0.height = 0 })
                == ##"<g id="s"><line x1="10" y1="20" x2="110" y2="20" stroke="#1f2937"/></g>"##)
        #expect(element(shape("arrow")).contains(##"marker-end="url(#head)"/>"##))
        #expect(element(shape("sticky-note")).contains(#"<rect x="10""#))
        #expect(
            element(shape("text") { $0.text = "Hello" })
                == """
                <g id="s"><text y="20" dominant-baseline="hanging" fill="#1f2937"><tspan x="10">Hello</tspan></text></g>
                """)
    }

    @Test func `a shape without colours has an outline`() {
        #expect(element(shape("rectangle")).contains(##"fill="none" stroke="#1f2937""##))
    }

    @Test func `a text on a shape stands in its middle, line by line`() {
        let element = element(shape("rectangle") { $0.text = "a\nb" })
        #expect(element.contains(##"<text y="35.4" dominant-baseline="central" text-anchor="middle""##))
        #expect(element.contains(#"<tspan x="60">a</tspan><tspan x="60" dy="1.2em">b</tspan>"#))
    }

    @Test func `texts, ids and colours are escaped`() {
        let element = element(
            shape("text") {
                $0.id = #"a"b"#
                $0.fill = "<i>"
                $0.text = "</text><script>&\u{1}\t"
            })
        #expect(element.contains(#"<g id="a&quot;b">"#) && element.contains(#"fill="&lt;i&gt;""#))
        #expect(element.contains("&lt;/text&gt;&lt;script&gt;&amp;\u{FFFD}&#9;</tspan>"))
    }

    @Test func `the view holds all shapes with a margin`() {
        let far = shape("rectangle") { ($0.x, $0.y) = (-90, 500) }
        #expect(lines([shape("rectangle"), far])[0].contains(#"viewBox="-100 10 220 550" width="220" height="550""#))
        #expect(lines([])[0].contains(#"viewBox="-10 -10 120 120""#))
    }

    @Test func `a turned shape turns about its middle and stays in view`() {
        let square = shape("rectangle") {
            ($0.x, $0.y, $0.width, $0.height) = (0, 0, 60, 80)
            $0.rotation = 45
        }
        #expect(lines([square])[0].contains(#"viewBox="-30 -20 120 120""#))
        #expect(element(square).contains(#"transform="rotate(45 30 40)""#))
        let quarter = shape("rectangle") { $0.rotation = 90 }
        #expect(lines([quarter])[0].contains(#"viewBox="25 -15 70 120""#))
    }
}
