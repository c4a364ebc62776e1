import SessionBase
import SessionCodec

/// Messages of board and the boards of its stores: what is read must survive being written.
enum BoardFuzz {
    static let seeds: [[UInt8]] = [
        (0, #"{"type":"cursor_move","x":100,"y":-2.5e1,"id":7}"#),
        (0, ##"{"type":"shape_create","shapeType":"circle","x":1,"y":2,"width":3,"fill":"#fff","clientId":"c"}"##),
        (0, #"{"type":"shape_update","shapeId":"abc","text":null,"stroke":"red","rotation":765.5}"#),
        (0, #"{"type":"shape_delete","shapeId":"abc","id":"c8"}"#),
        (0, #"{"connectedUsers":["u"],"cursors":[{"userId":"u","x":1,"y":2}],"shapes":[{"id":"a","type":"b"}]}"#),
        (0, #"{"type":"patch","version":1,"put":[],"full":[],"del":["d"],"cursors":[],"join":["u"],"leave":[]}"#),
        (0, #"{"type":"ack","id":"c7","version":18,"shapeId":"abc","clientId":"c","persisted":false}"#),
        (1, #"{"shapes":[{"id":"a","type":"b","x":1e-5,"mine":{"k":[1]}}],"version":17,"updatedAt":"x"}"#),
        (1, #"{"version":18,"put":[{"id":"a","type":"b","updatedBy":"u","version":3}],"del":["d1"]}"#),
    ].map { (choices: UInt8, text: String) in FuzzInput.bytes(choices: choices, Array(text.utf8)) }

    static func check(_ input: FuzzInput) {
        if input.choice(0) { checkStores(input.payload) } else { checkMessages(input.payload) }
    }

    private static func checkMessages(_ bytes: [UInt8]) {
        if let read = try? BoardClientMessage.decode(bytes.span) {
            let written = read.message.encoded(tag: read.tag)
            require((try? BoardClientMessage.decode(written.span)) == read, "a message reads back as another one")
        }
        if let read = try? BoardServerMessage.decode(bytes.span) {
            let written = read.message.encoded(tag: read.tag)
            let again = try? BoardServerMessage.decode(written.span)
            require(again?.message.encoded(tag: again?.tag) == written, "a message is written as another one")
            var replica = BoardReplica()
            _ = replica.apply(read.message)
        }
    }

    private static func checkStores(_ bytes: [UInt8]) {
        if let read = try? BoardDocument.decode(bytes.span) {
            var written: [UInt8] = []
            read.append(room: "r", updatedAt: Timestamp(milliseconds: 0), form: .whole, to: &written)
            require((try? BoardDocument.decode(written.span)) == read, "a board reads back as another one")
        }
        if let read = try? BoardRecord.decode(bytes.span) {
            var written: [UInt8] = []
            read.append(to: &written)
            require((try? BoardRecord.decode(written.span)) == read, "a record reads back as another one")
        }
    }
}
