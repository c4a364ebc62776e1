import SessionBase
import Testing

@Suite struct SlabTests {
    @Test func `a hole is filled before the slab grows, under a new generation`() {
        var slab = Slab<String>()
        let first = slab.insert("a")
        let second = slab.insert("b")
        #expect(slab.remove(slot: first.slot) == "a")
        #expect(slab.nextID == ConnectionID(slot: 0, generation: 1))
        let third = slab.insert("c")
        #expect(third == ConnectionID(slot: 0, generation: 1))
        #expect(slab[first] == nil)
        #expect(slab[second] == "b")
        #expect(slab[third] == "c")
        #expect(slab.slotCount == 2)
    }

    @Test func `the id of an empty place names nothing`() {
        var slab = Slab<Int>()
        let id = slab.insert(1)
        slab.remove(slot: id.slot)
        #expect(!slab.contains(slab.nextID))
        #expect(!slab.contains(ConnectionID(slot: 9, generation: 0)))
        #expect(slab.isEmpty)
    }

    @Test func `an element is changed where it lies`() {
        var slab = Slab<[Int]>()
        let id = slab.insert([])
        slab[slot: id.slot].append(7)
        #expect(slab[id] == [7])
    }

    @Test func `a walk in slot order sees what is filled, also while elements leave`() {
        var slab = Slab<Int>()
        for number in 0..<6 { slab.insert(number) }
        slab.remove(slot: 2)
        var seen: [Int] = []
        var cursor = slab.firstSlot()
        while let slot = cursor {
            seen.append(slab[slot: slot])
            slab.remove(slot: slot)
            cursor = slab.firstSlot(from: slot + 1)
        }
        #expect(seen == [0, 1, 3, 4, 5])
        #expect(slab.isEmpty)
    }

    @Test func `a slab does what a dictionary of ids does`() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        var slab = Slab<Int>()
        var model: [ConnectionID: Int] = [:]
        var gone: [ConnectionID] = []
        for number in 0..<1500 {
            if random.chance(0.55) || model.isEmpty {
                model[slab.insert(number)] = number
            } else {
                let id = model.keys.sorted { $0.packed < $1.packed }.randomElement(using: &random)!
                #expect(slab.remove(slot: id.slot) == model.removeValue(forKey: id), "SeededRandom(seed: \(seed))")
                gone.append(id)
            }
        }
        #expect(slab.count == model.count, "SeededRandom(seed: \(seed))")
        #expect(model.allSatisfy { slab[$0.key] == $0.value }, "SeededRandom(seed: \(seed))")
        #expect(gone.allSatisfy { !slab.contains($0) }, "SeededRandom(seed: \(seed))")
    }
}
