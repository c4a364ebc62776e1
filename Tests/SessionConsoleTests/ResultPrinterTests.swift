import CommandKit
import SessionCodec
import SessionConsole
import Testing

@Suite struct ResultPrinterTests {
    private final class Page { var text = "", remarks = "" }

    private func printed(
        _ value: JSONValue, _ blocks: [ResultBlock], form change: (inout ResultPrinter.Form) -> Void = { _ in }
    ) throws -> String {
        var form = ResultPrinter.Form()
        change(&form)
        let page = Page()
        let printer = ResultPrinter(form, output: { page.text += $0 }, remarks: { page.remarks += $0 })
        try printer.show(value) { blocks }
        return page.text
    }

    private static let table = Table(
        columns: [Table.Column("NAME"), Table.Column("COUNT", isNumber: true), Table.Column("NOTE")],
        rows: [["a", "1", "short"], ["longer", "12345", "tab\there\u{1B}[2J"]])

    @Test func `a terminal gets aligned columns, and nothing that it would obey`() throws {
        let text = try printed(nil, [.table(Self.table)]) { $0.isTerminal = true }
        #expect(text == "NAME    COUNT  NOTE\na           1  short\nlonger  12345  tab\\there\\x1b[2J\n")
    }

    @Test func `a row is cut at the terminal's width`() throws {
        let text = try printed(nil, [.table(Self.table)]) {
            $0.isTerminal = true
            $0.width = 17
        }
        #expect(text == "NAME    COUNT  N…\na           1  s…\nlonger  12345  t…\n")
    }

    @Test func `headings are bold where there is style`() throws {
        let text = try printed(nil, [.table(Table(columns: [Table.Column("A")], rows: []))]) {
            $0.isTerminal = true
            $0.style = .terminal
        }
        #expect(text == "\u{1B}[1mA\u{1B}[0m\n")
    }

    @Test func `a pipe gets tabs, and a cell's own tab is escaped`() throws {
        let text = try printed(nil, [.table(Self.table), .record([ResultField("version", "3")])])
        #expect(text == "a\t1\tshort\nlonger\t12345\ttab\\there\\x1b[2J\nversion\t3\n")
    }

    @Test func `a program gets one value on one line and nothing else`() throws {
        let text = try printed(["items": ["a\n"], "total": 1], [.table(Self.table)]) { $0.isJSON = true }
        #expect(text == "{\"items\":[\"a\\n\"],\"total\":1}\n")
    }

    @Test func `nested figures get a line of their own`() {
        let fields = FlatRecord.fields(of: ["a": ["b": 1, "c": nil], "list": ["x", 2], "deep": [["d": true]]])
        #expect(fields.map(\.name) == ["a.b", "a.c", "list", "deep.0.d"])
        #expect(fields.map(\.value) == ["1", "-", "x, 2", "true"])
    }
}

@Suite struct APIRequestTests {
    @Test func `an id cannot become a path or a query`() {
        var request = APIRequest("GET", "session", "../admin?x#y z", "ü")
        request.query = [APIRequest.Parameter("cursor", "a&b=c")]
        #expect(request.target(below: "/") == "/session/..%2Fadmin%3Fx%23y%20z/%C3%BC?cursor=a%26b%3Dc")
    }

    @Test func `a server may live below a path`() {
        #expect(APIRequest("GET", "varz").target(below: "/sessions/") == "/sessions/varz")
    }
}

@Suite struct ConfirmationTests {
    @Test(arguments: [
        ("yes\n", true), ("318", true), (" 318 \n", true), ("y", false), ("317", false), ("", false), ("no", false),
    ])
    func `only yes or the count confirms`(answer: String, isGiven: Bool) {
        #expect(Confirmation("close 318 connections", count: 318).isGiven(by: answer) == isGiven)
    }
}
