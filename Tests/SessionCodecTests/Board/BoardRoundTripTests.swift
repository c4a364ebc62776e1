import SessionBase
import SessionCodec
import Testing

/// What is written of board is read as the same, however it is spelled.
@Suite struct BoardRoundTripTests {
    @Test func `random messages of clients come back, in any spelling`() throws {
        var random = RandomBoardMessages(seed: 41)
        for _ in 0..<800 {
            try expectReturn(of: random.clientMessage()) { random.base.respell($0, isMeta: true) }
        }
    }

    @Test func `random messages of the server come back, in any spelling`() throws {
        var random = RandomBoardMessages(seed: 42)
        for _ in 0..<800 { try expectReturn(of: random.serverMessage()) { random.base.respell($0) } }
    }

    @Test func `random documents and records come back with all their members`() throws {
        var random = RandomBoardMessages(seed: 43)
        let time = Timestamp(milliseconds: 1_704_110_400_000)
        for _ in 0..<400 {
            for form in [Shape.Form.stored, .whole] {
                let document = random.document(form)
                var bytes: [UInt8] = []
                document.append(room: "r", updatedAt: time, form: form, to: &bytes)
                #expect(try BoardDocument.decode(bytes.span) == document)
            }
            let record = random.record()
            var bytes: [UInt8] = []
            record.append(to: &bytes)
            #expect(try BoardRecord.decode(bytes.span) == record)
        }
    }

    @Test func `damaged messages are refused or read, and never trap`() {
        var random = RandomBoardMessages(seed: 44)
        for _ in 0..<4000 {
            let message = random.clientMessage()
            var bytes = message.message.encoded(tag: message.tag)
            random.base.damage(&bytes)
            guard let read = try? BoardClientMessage.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try BoardClientMessage.decode(written.span) }
        }
    }

    @Test func `damaged messages of a server and damaged boards are refused or read, and never trap`() {
        var random = RandomBoardMessages(seed: 45)
        for _ in 0..<4000 {
            let message = random.serverMessage()
            var bytes = message.message.encoded(tag: message.tag)
            random.base.damage(&bytes)
            _ = try? BoardDocument.decode(bytes.span)
            _ = try? BoardRecord.decode(bytes.span)
            guard let read = try? BoardServerMessage.decode(bytes.span) else { continue }
            let written = read.message.encoded(tag: read.tag)
            #expect(throws: Never.self) { try BoardServerMessage.decode(written.span) }
        }
    }

    @Test func `what is assembled of shapes that were written before is what is written at once`() {
        var random = RandomBoardMessages(seed: 46)
        for _ in 0..<400 {
            let message = random.serverMessage().message
            var bytes: [UInt8] = []
            switch message {
            case .board(let state):
                BoardState.append(users: state.users, cursors: state.cursors, to: &bytes) {
                    $0 += state.shapes.map { $0.encoded(.seed) }.joined(separator: Array(",".utf8))
                }
            case .snapshot(let snapshot):
                let state = snapshot.state
                BoardSnapshot.append(
                    room: snapshot.room, version: snapshot.version, epoch: snapshot.epoch, you: snapshot.you,
                    users: state.users, cursors: state.cursors, to: &bytes
                ) { $0 += state.shapes.map { $0.encoded(.extended) }.joined(separator: Array(",".utf8)) }
            default: continue
            }
            #expect(bytes == message.encoded())
        }
    }

    @Test func `the extended form is the seed's with two members more`() {
        var random = RandomBoardMessages(seed: 47)
        for _ in 0..<100 {
            let shape = random.shape(.extended)
            let seed = shape.encoded(.seed)
            #expect(shape.encoded(.extended).starts(with: seed.dropLast()))
        }
    }
}
