import SessionBase
import SessionCodec
import Testing

@testable import SessionCore

@Suite struct ShapeTableTests {
    private static let time = Timestamp(milliseconds: 1_705_314_600_000)

    private static func shape(_ id: String, text: String? = nil, version: UInt64 = 1) -> Shape {
        Shape(
            id: id, type: "rectangle", x: 1, y: 2, user: "u", timestamp: time, text: text, version: version)
    }

    private static func table(_ ids: String...) -> ShapeTable {
        var table = ShapeTable()
        for id in ids { table.replace(shape(id)) }
        return table
    }

    private static func ids(_ table: ShapeTable) -> String { table.shapes.map(\.id).joined() }

    private static func insert(_ table: inout ShapeTable, _ shape: Shape, bytesMax: Int = .max) -> Bool {
        table.insert(shape, bytesMax: bytesMax)
    }

    private static func update(_ table: inout ShapeTable, _ id: String, x: Double, bytesMax: Int = .max) -> Bool {
        guard let place = table.place(of: id) else { return false }
        return table.update(place, ShapeChange(x: x), by: "v", at: time, version: 2, bytesMax: bytesMax)
    }

    @Test func `shapes keep the order of their creation through changes and deletions`() throws {
        var table = Self.table("a", "b", "c")
        #expect(Self.update(&table, "b", x: 9))
        table.remove(try #require(table.place(of: "a")))
        #expect(Self.insert(&table, Self.shape("d")))
        table.keep()
        #expect(Self.ids(table) == "bcd")
        table.checkInvariants()
    }

    @Test func `undo brings back what was there, in its place`() throws {
        var table = Self.table("a", "b", "c")
        let before = (table.shapes, table.byteCount)
        #expect(Self.insert(&table, Self.shape("d")))
        #expect(Self.update(&table, "d", x: 1))
        #expect(Self.update(&table, "b", x: 1_234_567))
        #expect(Self.update(&table, "b", x: 7))
        table.remove(try #require(table.place(of: "b")))
        table.remove(try #require(table.place(of: "a")))
        #expect(Self.insert(&table, Self.shape("e")))
        table.remove(try #require(table.place(of: "e")))
        #expect(Set(table.undo()) == ["a", "b", "d"])
        #expect(table.shapes == before.0 && table.byteCount == before.1)
        table.checkInvariants()
    }

    @Test func `a patch tells what became of each shape once`() throws {
        var table = Self.table("a", "b", "c")
        #expect(Self.update(&table, "a", x: 5) && Self.update(&table, "a", x: 6))
        table.remove(try #require(table.place(of: "b")))
        #expect(Self.insert(&table, Self.shape("d")) && Self.update(&table, "d", x: 8))
        #expect(Self.insert(&table, Self.shape("e")))
        table.remove(try #require(table.place(of: "e")))
        var patch = BoardPatch(version: 2)
        table.appendChanges(to: &patch)
        #expect(patch.put.map(\.id) == ["a", "d"])
        guard case .changed(let changed) = patch.put[0], case .full(let full) = patch.put[1] else {
            Issue.record("a change is told whole, or a new shape in part")
            return
        }
        #expect(changed.change == ShapeChange(x: 6))
        #expect(full.x == 8)
        #expect(patch.deleted == ["b"])
    }

    @Test func `a record brings an old board up to date, and does no harm to a newer one`() throws {
        var table = Self.table("a", "b", "c")
        let old = table
        #expect(Self.update(&table, "c", x: 5) && Self.insert(&table, Self.shape("d")))
        table.remove(try #require(table.place(of: "b")))
        let record = table.record(version: 2, doubtful: [])
        table.keep()
        for start in [old, table] {
            var replayed = start
            replayed.apply(record)
            replayed.endReplay()
            #expect(replayed.shapes == table.shapes)
            replayed.checkInvariants()
        }
    }

    @Test func `a shape whose end was refused comes back in its place`() throws {
        var table = Self.table("a", "b", "c")
        var replayed = table
        table.remove(try #require(table.place(of: "a")))
        table.remove(try #require(table.place(of: "c")))
        let refused = table.record(version: 2, doubtful: [])
        let doubtful = table.undo()
        #expect(Self.insert(&table, Self.shape("d")))
        let next = table.record(version: 3, doubtful: doubtful)
        table.keep()
        replayed.apply(refused)
        replayed.apply(next)
        replayed.endReplay()
        #expect(replayed.shapes == table.shapes && replayed.shapes.map(\.id) == ["a", "b", "c", "d"])
        replayed.checkInvariants()
    }

    @Test func `a record says how shapes really are about which an earlier one may lie`() {
        var table = Self.table("a", "b")
        #expect(Self.update(&table, "a", x: 5))
        let record = table.record(version: 2, doubtful: ["a", "b", "gone"])
        #expect(record.put.map(\.id) == ["a", "b"])
        #expect(record.deleted == ["gone"])
    }

    @Test func `an id is doubted once, until the journal is forgotten up to the newest that lies`() {
        var storing = RoomStoring()
        storing.doubt(["a", "b"], 3)
        storing.doubt(["b", "a", "c"], 4)
        #expect(storing.doubtful == ["a", "b", "c"])
        storing.mark(3, at: .zero)
        storing.forgetMarked()
        #expect(storing.doubtful.count == 3)
        storing.mark(4, at: .zero)
        storing.forgetMarked()
        #expect(storing.doubtful.isEmpty)
    }

    @Test func `a shape that was created and deleted at once changes nothing`() throws {
        var table = Self.table("a")
        #expect(Self.insert(&table, Self.shape("b")))
        table.remove(try #require(table.place(of: "b")))
        #expect(!table.hasChanges)
        table.remove(try #require(table.place(of: "a")))
        #expect(table.hasChanges)
    }

    @Test func `what does not fit is refused and changes nothing`() {
        var table = Self.table("a")
        let size = table.byteCount
        #expect(!Self.insert(&table, Self.shape("b"), bytesMax: 2 * size - 1))
        #expect(Self.ids(table) == "a" && table.byteCount == size)
        #expect(Self.insert(&table, Self.shape("b"), bytesMax: 2 * size))
        #expect(!Self.update(&table, "b", x: 1_234, bytesMax: 2 * size))
        #expect(Self.update(&table, "b", x: 3, bytesMax: 2 * size))
        table.checkInvariants()
    }

    @Test func `holes are closed once they are many`() throws {
        var table = ShapeTable()
        for number in 0..<200 { #expect(Self.insert(&table, Self.shape("s\(number)"))) }
        table.keep()
        for number in 0..<195 {
            table.remove(try #require(table.place(of: "s\(number)")))
            table.keep()
            table.checkInvariants()
        }
        #expect(Self.ids(table) == "s195s196s197s198s199")
        #expect(table.place(of: "s199").map { $0 < 40 } == true)
    }

    @Test func `both forms are what the codec writes`() {
        var table = ShapeTable()
        table.replace(Self.shape("a", text: "\"é\\", version: 7))
        table.replace(Self.shape("b", version: 18_446_744_073_709_551_615))
        for form in [Shape.Form.seed, .extended] {
            var bytes: [UInt8] = []
            if form == .seed { table.appendSeed(to: &bytes) } else { table.appendExtended(to: &bytes) }
            #expect(bytes == Array(table.shapes.map { $0.encoded(form) }.joined(separator: [UInt8(ascii: ",")])))
        }
    }

    /// Random batches, kept or undone, against an array.
    @Test func `it is an array that can be undone`() {
        var random = SeededRandom(seed: 11)
        var table = ShapeTable()
        var model: [Shape] = []
        for step in 0..<400 {
            var tentative = model
            for number in 0..<Int.random(in: 1...6, using: &random) {
                act(&table, &tentative, "s\(step)-\(number)", &random)
            }
            #expect(table.shapes == tentative)
            if random.chance(0.3) { _ = table.undo() } else { (model, _) = (tentative, table.keep()) }
            #expect(table.shapes == model)
            table.checkInvariants()
        }
        #expect(!model.isEmpty)
    }

    private func act(
        _ table: inout ShapeTable, _ model: inout [Shape], _ name: String, _ random: inout SeededRandom
    ) {
        let victim = model.indices.randomElement(using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            #expect(Self.insert(&table, Self.shape(name)))
            model.append(Self.shape(name))
        case 1:
            guard let victim else { return }
            let x = Double(Int.random(in: 0...1_000_000, using: &random))
            #expect(Self.update(&table, model[victim].id, x: x))
            model[victim].x = x
            (model[victim].updatedBy, model[victim].version) = ("v", 2)
        default:
            guard let victim, let place = table.place(of: model[victim].id) else { return }
            table.remove(place)
            model.remove(at: victim)
        }
    }
}

@Suite struct PatchRingTests {
    private static func ring(_ versions: ClosedRange<UInt64>, countMax: Int = 4, bytesMax: Int = 1_000) -> PatchRing {
        var ring = PatchRing()
        for version in versions {
            ring.append(version, "p\(version)".utf8.span, countMax: countMax, bytesMax: bytesMax)
        }
        return ring
    }

    private static func texts(_ ring: PatchRing, after version: UInt64, upTo current: UInt64) -> [String]? {
        ring.patches(after: version, upTo: current)?.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            (9, []), (8, ["p9"]), (6, ["p7", "p8", "p9"]), (5, ["p6", "p7", "p8", "p9"]), (4, nil), (10, nil),
        ]
            as [(UInt64, [String]?)])
    func `it has the patches after a version, or not all of them`(version: UInt64, patches: [String]?) {
        #expect(Self.texts(Self.ring(1...9), after: version, upTo: 9) == patches)
    }

    @Test func `nothing is missed at the room's own version even where nothing is kept`() {
        #expect(Self.texts(PatchRing(), after: 3, upTo: 3) == [])
        #expect(Self.texts(PatchRing(), after: 2, upTo: 3) == nil)
    }

    @Test func `a gap in the versions forgets what was before`() {
        var ring = Self.ring(1...3)
        ring.append(7, "p7".utf8.span, countMax: 4, bytesMax: 1_000)
        #expect(Self.texts(ring, after: 6, upTo: 7) == ["p7"])
        #expect(Self.texts(ring, after: 2, upTo: 7) == nil)
    }

    @Test func `a patch larger than all room is kept alone`() {
        let ring = Self.ring(1...9, bytesMax: 1)
        #expect(ring.count == 1)
        #expect(Self.texts(ring, after: 8, upTo: 9) == ["p9"])
    }

    @Test func `it takes no more than its room however many patches come`() {
        let ring = Self.ring(1...5_000, countMax: 100)
        #expect(ring.count == 100)
        #expect(ring.byteCount == 100 * 5)
        #expect(Self.texts(ring, after: 4_900, upTo: 5_000)?.first == "p4901")
    }
}
