/// A record that a ``Table`` can hold.
protocol TableRecord: Sendable {
    /// What fills a slot without a record; owns nothing.
    static var vacant: Self { get }
}

/// Records at slots that stay the same while they live; the slots of removed ones are used again, the last one first.
///
/// A slot is what other records keep instead of a reference: four bytes, nothing to count. Unlike `SessionBase.Slab` it
/// keeps no generations, and it is compiled with its users: a record is read and changed where it lies, which a generic
/// type of another module cannot offer (measured: 500 ns for each message otherwise).
struct Table<Record: TableRecord>: Sendable {
    /// Not optionals: a record inside of one would be copied to be looked at.
    private var records: [Record] = []
    private var isFilled: [Bool] = []
    /// The slots without a record.
    private var vacancies: [UInt32] = []

    /// Slots that a table keeps while it is empty.
    private static var keptSlotsMax: Int { 256 }

    /// How many records there are.
    var count: Int { records.count - vacancies.count }

    /// How many slots there are, filled or not: all slots are below.
    var slotCount: UInt32 { UInt32(records.count) }

    /// The filled slots, ascending.
    var slots: [UInt32] { isFilled.indices.filter { isFilled[$0] }.map { UInt32($0) } }

    /// Stores a record, and returns its slot.
    mutating func insert(_ record: Record) -> UInt32 {
        if let slot = vacancies.popLast() {
            records[Int(slot)] = record
            isFilled[Int(slot)] = true
            return slot
        }
        records.append(record)
        isFilled.append(true)
        return UInt32(records.count - 1)
    }

    /// Takes a record out.
    @discardableResult
    mutating func remove(slot: UInt32) -> Record {
        precondition(contains(slot: slot), "removing from an empty slot")
        let record = records[Int(slot)]
        records[Int(slot)] = .vacant
        isFilled[Int(slot)] = false
        vacancies.append(slot)
        // What a rush left behind is given back once it is over.
        if count == 0, records.count > Self.keptSlotsMax { self = Table() }
        return record
    }

    /// Whether there is a record in a slot.
    func contains(slot: UInt32) -> Bool { slot < isFilled.count && isFilled[Int(slot)] }

    /// The record in a slot, which must be filled; read and changed where it lies.
    subscript(slot slot: UInt32) -> Record {
        @inline(__always) _read { yield records[Int(slot)] }
        @inline(__always) _modify { yield &records[Int(slot)] }
    }

    /// Shows the record in a slot, which must be filled, to one who may change the table.
    ///
    /// Nobody else has the record meanwhile, so that no reference in it is counted while it is read.
    @inline(__always)
    mutating func show<Result>(_ slot: UInt32, to body: (inout Record) -> Result) -> Result {
        body(&records[Int(slot)])
    }
}
