import SessionBase
import SessionCodec

/// Random messages, shapes and documents of board.
struct RandomBoardMessages {
    /// Spellings, damage and ids come from the same source as those of awareness.
    var base: RandomMessages

    init(seed: UInt64) { base = RandomMessages(seed: seed) }

    private mutating func maybe<Value>(_ make: (inout RandomBoardMessages) -> Value) -> Value? {
        base.count(2) == 0 ? make(&self) : nil
    }

    private mutating func list<Value>(_ make: (inout RandomBoardMessages) -> Value) -> [Value] {
        (0..<base.count(4)).map { _ in make(&self) }
    }

    // MARK: Values

    /// Numbers as people type them, as programs compute them, and at the limit.
    mutating func number(upTo limit: Double, from lowest: Double = 0) -> Double {
        switch base.count(4) {
        case 0: Double(Int.random(in: Int(lowest)...Int(limit), using: &base.random))
        case 1: (Double.random(in: lowest...limit, using: &base.random) * 8).rounded() / 8
        case 2: base.random.chance(0.5) ? limit : lowest
        default: Double.random(in: lowest...limit, using: &base.random)
        }
    }

    private mutating func coordinate() -> Double {
        number(upTo: BoardRules.coordinateMax, from: -BoardRules.coordinateMax)
    }
    private mutating func size() -> Double { number(upTo: BoardRules.sizeMax) }
    private mutating func rotation() -> Double { BoardRules.normalized(rotation: number(upTo: 1000, from: -1000)) }
    private mutating func colour() -> String { ["#fff", "#3b82f6", "#00000080", "red", "x-1"][base.count(5)] }
    private mutating func type() -> String { ["rectangle", "circle", "text", "a", "sticky_note-2"][base.count(5)] }
    private mutating func version() -> UInt64 { UInt64(base.count(1 << 40)) }

    private mutating func fieldChange(_ value: (inout RandomBoardMessages) -> String) -> FieldChange {
        switch base.count(3) {
        case 0: .keep
        case 1: .remove
        default: .set(value(&self))
        }
    }

    private mutating func change() -> ShapeChange {
        ShapeChange(
            x: maybe { $0.coordinate() }, y: maybe { $0.coordinate() }, width: maybe { $0.size() },
            height: maybe { $0.size() }, text: fieldChange { $0.base.text() }, fill: fieldChange { $0.colour() },
            stroke: fieldChange { $0.colour() }, rotation: maybe { $0.rotation() })
    }

    mutating func shape(_ form: Shape.Form) -> Shape {
        var shape = Shape(
            id: base.identifier(), type: type(), x: coordinate(), y: coordinate(), width: size(), height: size(),
            user: base.identifier(), timestamp: base.timestamp(), text: maybe { $0.base.text() },
            fill: maybe { $0.colour() }, stroke: maybe { $0.colour() }, rotation: rotation())
        if form == .extended || form == .whole { (shape.updatedBy, shape.version) = (base.identifier(), version()) }
        if form == .stored || form == .whole, base.count(2) == 0 {
            shape.extra = Array(#""locked":true,"points":[1,2.5,{"a\n":null}],"Größe":"x""#.utf8)
        }
        return shape
    }

    private mutating func cursor(withTime: Bool) -> BoardCursor {
        BoardCursor(
            user: base.identifier(), x: coordinate(), y: coordinate(), timestamp: withTime ? base.timestamp() : nil)
    }

    private mutating func state(_ form: Shape.Form) -> BoardState {
        BoardState(
            users: list { $0.base.identifier() }, cursors: list { $0.cursor(withTime: true) },
            shapes: list { $0.shape(form) })
    }

    // MARK: Messages

    mutating func clientMessage() -> Tagged<BoardClientMessage> {
        let message: BoardClientMessage =
            switch BoardClientKind.allCases.randomElement(using: &base.random)! {
            case .cursorMove: .cursorMove(x: coordinate(), y: coordinate())
            case .shapeCreate:
                .create(
                    NewShape(
                        type: type(), x: coordinate(), y: coordinate(), width: size(), height: size(),
                        text: maybe { $0.base.text() }, fill: maybe { $0.colour() }, stroke: maybe { $0.colour() },
                        rotation: rotation(), clientID: maybe { $0.base.identifier() }))
            case .shapeUpdate: .update(base.identifier(), change())
            case .shapeDelete: .delete(base.identifier())
            case .ping: .ping
            case .resync: .resync
            case .flush: .flush
            }
        return Tagged(message, tag: base.tag())
    }

    mutating func serverMessage() -> Tagged<BoardServerMessage> {
        let kind = BoardServerKind.allCases.randomElement(using: &base.random)!
        // The seed's board has no place for an id.
        return Tagged(serverMessage(kind), tag: kind == .board ? nil : base.tag())
    }

    private mutating func serverMessage(_ kind: BoardServerKind) -> BoardServerMessage {
        switch kind {
        case .board: .board(state(.seed))
        case .snapshot:
            .snapshot(
                BoardSnapshot(
                    room: base.identifier(), version: version(), epoch: base.identifier(), you: base.identifier(),
                    state: state(.extended)))
        case .patch: .patch(patch())
        case .ack:
            .ack(
                BoardAck(
                    version: version(), shape: maybe { $0.base.identifier() }, clientID: maybe { $0.base.identifier() },
                    isPersisted: base.count(2) == 0))
        case .error: .error(BoardErrorCode.allCases.randomElement(using: &base.random)!, message: base.text())
        case .pong: .pong(base.timestamp())
        case .storage: .storage(BoardStorage.allCases[base.count(2)])
        }
    }

    private mutating func patch() -> BoardPatch {
        var patch = BoardPatch(
            version: version(), deleted: list { $0.base.identifier() }, cursors: list { $0.cursor(withTime: false) },
            joined: list { $0.base.identifier() }, left: list { $0.base.identifier() })
        for place in 0..<base.count(4) {
            if base.count(2) == 0 {
                var shape = shape(.extended)
                shape.id += "\(place)"
                patch.put.append(.full(shape))
            } else {
                patch.put.append(
                    .changed(
                        ChangedShape(
                            id: "c\(place)", change: change(), timestamp: base.timestamp(),
                            updatedBy: base.identifier(), version: version())))
            }
        }
        return patch
    }

    // MARK: Documents

    mutating func document(_ form: Shape.Form) -> BoardDocument {
        var shapes = list { $0.shape(form) }
        for place in shapes.indices { shapes[place].id += "\(place)" }
        return BoardDocument(shapes: shapes, version: version())
    }

    mutating func record() -> BoardRecord {
        BoardRecord(version: version(), put: list { $0.shape(.whole) }, deleted: list { $0.base.identifier() })
    }
}
