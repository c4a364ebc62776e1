import SessionBase
import SessionCodec
import Testing

/// What the server reads of a client's message, every refusal that needs no state, and how answers are spelled (PROTOCOLS
/// §5.2, §5.3).
@Suite struct BoardRequestTests {
    private func read(_ text: String, isExtended: Bool = true) throws -> BoardClientMessage {
        try BoardRequest.decode(Array(text.utf8).span, isExtended: isExtended).message
    }

    private func refusal(_ text: String, isExtended: Bool = true) -> BoardRefusal? {
        do {
            _ = try BoardRequest.decode(Array(text.utf8).span, isExtended: isExtended)
            return nil
        } catch {
            return error
        }
    }

    // MARK: What is read

    @Test func `a cursor moves`() throws {
        #expect(try read(#"{"y":-2.5e1,"x":1,"type":"cursor_move"}"#) == .cursorMove(x: 1, y: -25))
        #expect(try read(#"{"type":"cursor_move","x":-0,"y":1e7}"#) == .cursorMove(x: 0, y: 1e7))
    }

    @Test func `a shape is created from a type and a place alone (3-9)`() throws {
        #expect(
            try read(#"{"type":"shape_create","shapeType":"line","x":1,"y":2}"#)
                == .create(NewShape(type: "line", x: 1, y: 2)))
        let created = NewShape(type: "line", x: 1, y: 2)
            .shape(id: "s", user: "u", timestamp: Timestamp(milliseconds: 5), version: 3)
        #expect(created.width == 0 && created.height == 0 && created.rotation == 0 && created.text == nil)
        #expect(created.updatedBy == "u" && created.version == 3)
    }

    @Test func `null where a field need not be is none`() throws {
        let text = #"{"type":"shape_create","shapeType":"a","x":1,"y":2,"text":null,"fill":null,"clientId":null}"#
        #expect(try read(text) == .create(NewShape(type: "a", x: 1, y: 2)))
    }

    @Test func `an update names what changes, and null takes away (3-10)`() throws {
        #expect(
            try read(#"{"type":"shape_update","shapeId":"s","x":7,"text":null,"fill":"red"}"#)
                == .update("s", ShapeChange(x: 7, text: .remove, fill: .set("red"))))
        #expect(try read(#"{"type":"shape_update","shapeId":"s","id":1}"#) == .update("s", ShapeChange()))
        #expect(ShapeChange().isEmpty && !ShapeChange(text: .remove).isEmpty)
    }

    @Test(arguments: [
        ("0", 0.0), ("45", 45), ("360", 0), ("-90", 270), ("765.5", 45.5), ("-1e-20", 0), ("-360", 0), ("1e300", 64),
    ])
    func `a rotation is stored from 0 to 360 degrees (3-15)`(spelling: String, degrees: Double) throws {
        let message = try read(#"{"type":"shape_update","shapeId":"s","rotation":\#(spelling)}"#)
        guard case .update("s", let change) = message, let rotation = change.rotation else {
            Issue.record("no rotation in \(message)")
            return
        }
        #expect(rotation >= 0 && rotation < 360 && rotation.sign == .plus)
        if spelling != "1e300" { #expect(rotation == degrees) }
    }

    @Test func `the seed's clients know neither ids nor the messages of version 2`() throws {
        let tagged = try BoardRequest.decode(
            Array(#"{"type":"cursor_move","x":1,"y":2,"id":{}}"#.utf8).span, isExtended: false)
        #expect(tagged == Tagged(.cursorMove(x: 1, y: 2)))
        #expect(
            try read(#"{"type":"shape_create","shapeType":"a","x":1,"y":2,"clientId":7}"#, isExtended: false)
                == .create(NewShape(type: "a", x: 1, y: 2)))
        for type in ["ping", "resync", "flush"] {
            let text = #"{"type":"\#(type)","id":1}"#
            #expect(refusal(text, isExtended: false) == BoardRefusal(.unknownType, type: type))
            #expect(try read(text).kind.name == type)
        }
    }

    // MARK: What is refused

    @Test(arguments: [
        ("", BoardErrorCode.invalidJSON), ("{", .invalidJSON), ("hello", .invalidJSON), ("[]", .invalidMessage),
        (#"{"type":"ping"}}"#, .invalidJSON), ("{}", .invalidMessage), (#"{"type":1}"#, .invalidMessage),
        (#"{"type":"chat"}"#, .unknownType), (#"{"type":"Ping"}"#, .unknownType),
        (#"{"type":"ping","id":""}"#, .invalidMessage), (#"{"type":"ping","id":null}"#, .invalidMessage),
    ])
    func `what is no message is refused`(text: String, code: BoardErrorCode) {
        let refusal = refusal(text)
        #expect(refusal?.code == code && code.isAboutDecoding)
    }

    @Test(arguments: ["null", "1e7001", "10000001", "-10000000.5", #""1""#, "[1]", "true", "{}"])
    func `a coordinate is a number within 1e7 (3-15)`(value: String) {
        #expect(refusal(#"{"type":"cursor_move","x":\#(value),"y":0}"#)?.field == "x")
        #expect(refusal(#"{"type":"shape_create","shapeType":"a","x":0,"y":\#(value)}"#)?.field == "y")
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","y":\#(value)}"#)?.field == "y")
    }

    @Test(arguments: ["null", "-1", "1000000.1", #""9""#, "1e999"])
    func `a size is a number from 0 to 1e6 (3-15)`(value: String) {
        for field in ["width", "height"] {
            #expect(
                refusal(#"{"type":"shape_create","shapeType":"a","x":0,"y":0,"\#(field)":\#(value)}"#)?.field == field)
            #expect(refusal(#"{"type":"shape_update","shapeId":"s","\#(field)":\#(value)}"#)?.field == field)
        }
    }

    @Test(arguments: ["null", #""1""#, "1e999", "[]"])
    func `a rotation is a finite number`(value: String) {
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","rotation":\#(value)}"#)?.field == "rotation")
    }

    @Test(arguments: ["1", "true", "{}", "[]"])
    func `a text is a string or null`(value: String) {
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","text":\#(value)}"#)?.field == "text")
    }

    @Test(arguments: [
        "null", #""""#, #""Rectangle""#, #""1a""#, #""a b""#, #""\#(String(repeating: "a", count: 33))""#, "1",
    ])
    func `a type of shape is a short word of small letters (3-8)`(value: String) {
        #expect(refusal(#"{"type":"shape_create","shapeType":\#(value),"x":0,"y":0}"#)?.field == "shapeType")
    }

    @Test func `a type that an update names is nobody's, but null is refused`() throws {
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","shapeType":null}"#)?.field == "shapeType")
        #expect(try read(#"{"type":"shape_update","shapeId":"s","shapeType":7}"#) == .update("s", ShapeChange()))
    }

    @Test(arguments: ["", "a b", "#12", "#123456789", "#12g", "red;", "1red", "url(#a)"])
    func `a colour is hexadecimal or a name (3-15)`(colour: String) {
        #expect(!BoardRules.allows(colour: colour))
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","fill":"\#(colour)"}"#)?.field == "fill")
        #expect(refusal(#"{"type":"shape_update","shapeId":"s","stroke":"\#(colour)"}"#)?.field == "stroke")
    }

    @Test(arguments: ["#fff", "#3b82f6", "#3B82F6ff", "transparent", "light-blue_2", String(repeating: "b", count: 32)])
    func `usual colours are allowed, however they are escaped`(colour: String) throws {
        let escaped = colour.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
        for spelling in [colour, escaped] {
            #expect(
                try read(#"{"type":"shape_update","shapeId":"s","fill":"\#(spelling)"}"#)
                    == .update("s", ShapeChange(fill: .set(colour))))
        }
    }

    @Test(arguments: ["null", #""""#, #""a b""#, "7", #""\#(String(repeating: "a", count: 129))""#])
    func `the id of a shape is an identifier`(value: String) {
        for type in ["shape_update", "shape_delete"] {
            #expect(refusal(#"{"type":"\#(type)","shapeId":\#(value)}"#)?.field == "shapeId")
        }
        if value != "null" {
            let text = #"{"type":"shape_create","shapeType":"a","x":0,"y":0,"clientId":\#(value)}"#
            #expect(refusal(text)?.field == "clientId")
        }
    }

    @Test func `a refusal repeats the client's id, and says which field`() {
        let refusal = refusal(#"{"type":"shape_delete","id":"c8"}"#)
        #expect(refusal?.tag == .text("c8"))
        let reply = String(decoding: refusal?.reply.encoded(tag: refusal?.tag) ?? [], as: UTF8.self)
        #expect(
            reply
                == #"{"type":"error","id":"c8","code":"INVALID_MESSAGE","message":"Field shapeId is missing or invalid"}"#
        )
    }

    // MARK: Changes

    @Test func `of two changes of one field the later counts, and the others add up`() {
        var change = ShapeChange(x: 1, y: 2, text: .set("a"), fill: .remove)
        change.merge(ShapeChange(x: 3, height: 4, text: .remove, stroke: .set("red")))
        #expect(change == ShapeChange(x: 3, y: 2, height: 4, text: .remove, fill: .remove, stroke: .set("red")))
    }

    @Test func `a change leaves alone what it does not name`() {
        var shape = Shape(
            id: "s", type: "a", x: 1, y: 2, width: 3, height: 4, user: "u", timestamp: Timestamp(milliseconds: 0),
            text: "t", fill: "red", stroke: "blue", rotation: 5)
        ShapeChange(y: 9, text: .remove, fill: .set("green")).apply(to: &shape)
        #expect((shape.x, shape.y, shape.width, shape.height, shape.rotation) == (1, 9, 3, 4, 5))
        #expect((shape.text, shape.fill, shape.stroke) == (nil, "green", "blue"))
    }
}
