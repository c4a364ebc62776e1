import SessionBase

/// Where the shapes of a room stand in a snapshot, so that one is found without reading those before it.
///
/// All that changes in the snapshots of a load has as many characters as before: numbers of seven digits and times. So each
/// shape stays where it was, counted from the beginning of the array, and is known by its id. Where it is not found there,
/// the whole array is read, and the places are learnt anew.
struct ShapeLayout {
    /// Where an id begins, and where the shape's `x` does; 0 while that is not known.
    private struct Place: BitwiseCopyable {
        var id: Int32 = 0
        var x: Int32 = 0
    }

    private static let key: StaticString = #""x":"#
    private var places: [Place]

    /// Begins without places.
    init(count: Int) { places = Array(repeating: Place(), count: count) }

    /// Notes where a shape stands.
    ///
    /// - Parameters:
    ///   - id: Where its id begins, behind the quote.
    ///   - number: Where its `x` begins; `nil` where it has none that is a whole number.
    ///   - start: Where the array of shapes begins.
    mutating func learn(_ shape: Int, id: Int, number: Int?, from start: Int) {
        places[shape] = Place(
            id: Int32(truncatingIfNeeded: id - start), x: Int32(truncatingIfNeeded: (number ?? start) - start))
    }

    /// Forgets where a shape stands.
    mutating func forget(_ shape: Int) { places[shape] = Place() }

    /// Reads the `x` of a shape.
    ///
    /// - Returns: `nil` where the shape does not stand where it is expected.
    @inline(__always)
    func x(of shape: Int, _ names: borrowing ShapeNames, in bytes: Span<UInt8>, from start: Int) -> UInt64? {
        let place = places[shape]
        guard place.id > 0, place.x > place.id, names.stands(shape, at: start + Int(place.id), in: bytes) else {
            return nil
        }
        let first = start + Int(place.x)
        guard bytes.hasLiteral(Self.key, at: first - Self.key.utf8CodeUnitCount) else { return nil }
        var (value, index) = (UInt64(0), first)
        while index < bytes.count, index < first + Self.digitsMax, case let digit = bytes[index] &- UInt8(ascii: "0"),
            digit <= 9
        {
            value = value * 10 + UInt64(digit)
            index += 1
        }
        let end = bytes.byte(orZeroAt: index)
        return index > first && (end == UInt8(ascii: ",") || end == UInt8(ascii: "}")) ? value : nil
    }

    /// More digits than any number of a load has.
    private static let digitsMax = 12
}
