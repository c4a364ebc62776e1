import SessionBase
import SessionCodec
import Testing

/// What is read of stored boards, whoever stored them (PROTOCOLS §5.4).
@Suite struct BoardDocumentTests {
    private func read(_ text: String) throws -> BoardDocument { try BoardDocument.decode(Array(text.utf8).span) }

    private func problem(_ text: String) -> BoardDocumentError? {
        do {
            _ = try BoardDocument.decode(Array(text.utf8).span)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["", " \n", "null", "[]", #"{"shapes":[]}"#, #"{"shapes":null,"version":null}"#])
    func `nothing is an empty board`(body: String) throws {
        #expect(try read(body) == BoardDocument())
    }

    @Test func `an object has a version, and an array none`() throws {
        let shape = #"{"id":"a","type":"circle"}"#
        #expect(try read(#"{"version":17,"shapes":[\#(shape)]}"#).version == 17)
        #expect(try read("[\(shape)]").shapes.map(\.id) == ["a"])
        #expect(try read("[\(shape)]").version == 0)
        #expect(try read(#"{"shapes":null,"version":17}"#) == BoardDocument(version: 17))
    }

    @Test func `of a shape only id and type must be there`() throws {
        let bare = try read(#"{"shapes":[{"id":"a","type":"circle"}]}"#).shapes[0]
        #expect(bare == Shape(id: "a", type: "circle", x: 0, y: 0, user: "", timestamp: Timestamp(milliseconds: 0)))
        let dated = try read(
            #"{"shapes":[{"id":"a","type":"b","text":null,"x":null,"timestamp":5}],"updatedAt":"1970-01-01T00:00:01Z"}"#
        )
        #expect(dated.shapes[0].timestamp == Timestamp(milliseconds: 1000))
        #expect(dated.shapes[0].text == nil && dated.shapes[0].x == 0)
    }

    @Test func `what a shape says beside its fields is written back, and told to no client`() throws {
        let body = #"{"shapes":[{"locked" : true,"id":"a","x":1,"type":"b","points":[1, 2]}]}"#
        let document = try read(body)
        #expect(String(decoding: document.shapes[0].extra, as: UTF8.self) == #""locked":true,"points":[1,2]"#)
        var bytes: [UInt8] = []
        document.append(room: "r 1", updatedAt: Timestamp(milliseconds: 0), to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"roomId":"r 1","shapes":[{"id":"a","type":"b","x":1,"y":0,"width":0,"height":0,"userId":"",\
                "timestamp":"1970-01-01T00:00:00.000Z","rotation":0,"locked":true,"points":[1,2]}],"version":0,\
                "updatedAt":"1970-01-01T00:00:00.000Z"}
                """)
        for form in [Shape.Form.seed, .extended] {
            #expect(try JSONValue.parse(document.shapes[0].encoded(form).span)["locked"] == nil)
        }
    }

    @Test(arguments: [
        #""updatedBy":7"#, #""version":"3""#, #""version":1.5"#, #""text":{"a":1}"#, #""fill":1,"stroke":[]"#,
    ])
    func `a member that need not be there and is of another kind is not there, and written back`(member: String) throws
    {
        let shape = try read(#"[{"id":"a",\#(member),"type":"b","userId":"u"}]"#).shapes[0]
        #expect(shape.text == nil && shape.fill == nil && shape.stroke == nil)
        #expect(shape.updatedBy == "u" && shape.version == 0)
        for form in [Shape.Form.stored, .whole] {
            let bytes = shape.encoded(form)
            #expect(String(decoding: bytes, as: UTF8.self).hasSuffix(",\(member)}"))
            let again = try read("[" + String(decoding: bytes, as: UTF8.self) + "]")
            #expect(again.shapes == [shape], "who changed it is known although the backend means something else")
        }
    }

    @Test func `what could not be read goes when there is something else in its place`() throws {
        var shape = try read(#"[{"id":"a","text":7,"mine":1,"fill":8,"type":"b"}]"#).shapes[0]
        ShapeChange(x: 1).apply(to: &shape)
        #expect(shape.extra == Array(#""text":7,"mine":1,"fill":8"#.utf8))
        ShapeChange(text: .set("new"), fill: .remove).apply(to: &shape)
        #expect(shape.text == "new" && shape.fill == nil && shape.extra == Array(#""mine":1"#.utf8))
    }

    @Test func `a version may be a string of digits`() throws {
        #expect(try read(#"{"shapes":[],"version":"9007199254740991"}"#).version == 9_007_199_254_740_991)
    }

    @Test func `the last of several shapes with one id counts, in the place of the first`() throws {
        let shapes = try read(
            #"[{"id":"a","type":"x"},{"id":"b","type":"x"},{"id":"a","type":"y"}]"#
        ).shapes
        #expect(shapes.map(\.id) == ["a", "b"] && shapes.map(\.type) == ["y", "x"])
    }

    @Test(arguments: [
        ("{}", BoardDocumentError.notABoard), (#"{"error":"gone"}"#, .notABoard), (#"{"shapes":{}}"#, .notABoard),
        (#""text""#, .notABoard), ("7", .notABoard), ("true", .notABoard),
        (#"{"shapes":[],"version":"one"}"#, .invalidVersion),
        (#"{"shapes":[],"version":-1}"#, .invalidVersion), (#"{"shapes":[],"version":1.5}"#, .invalidVersion),
        ("[7]", .invalidShape(index: 0, field: nil)), (#"[{"id":"a"}]"#, .invalidShape(index: 0, field: "type")),
        (#"[{"type":"a"}]"#, .invalidShape(index: 0, field: "id")),
        (#"[{"id":"","type":"a"}]"#, .invalidShape(index: 0, field: "id")),
        (#"[{"id":"a","type":"b"},{"id":"b","type":"b","x":"1"}]"#, .invalidShape(index: 1, field: "x")),
        (#"[{"id":"a","type":"b","x":1e999}]"#, .invalidShape(index: 0, field: "x")),
        (#"[{"id":"a","type":"b","rotation":"1"}]"#, .invalidShape(index: 0, field: "rotation")),
        (#"[{"id":"a","type":"b","userId":1}]"#, .invalidShape(index: 0, field: "userId")),
        (#"[{"id":"a","type":"b","mine":1e999}]"#, .invalidShape(index: 0, field: "mine")),
    ])
    func `what is not understood is no empty board`(body: String, error: BoardDocumentError) {
        #expect(problem(body) == error)
    }

    @Test func `a body that is no JSON says where`() {
        #expect(problem("<html>") == .notJSON(JSONError(offset: 0, expected: .value)))
        #expect(problem("[]x") == .notJSON(JSONError(offset: 2, expected: .end)))
        #expect(
            BoardDocumentError.invalidShape(index: 3, field: "x").description
                == #"field "x" of shapes[3] is missing or invalid"#)
    }

    @Test func `a record says shapes whole, and what was taken away`() throws {
        let shape = Shape(
            id: "a", type: "b", x: 1, y: 2, user: "u", timestamp: Timestamp(milliseconds: 0), updatedBy: "w",
            version: 18, extra: Array(#""k":1"#.utf8))
        var bytes: [UInt8] = []
        BoardRecord(version: 18, put: [shape], deleted: ["d1"]).append(to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"version":18,"put":[{"id":"a","type":"b","x":1,"y":2,"width":0,"height":0,"userId":"u",\
                "timestamp":"1970-01-01T00:00:00.000Z","rotation":0,"updatedBy":"w","version":18,"k":1}],"del":["d1"]}
                """)
        #expect(throws: BoardDocumentError.notABoard) { try BoardRecord.decode(Array(#"{"shapes":[]}"#.utf8).span) }
    }
}
