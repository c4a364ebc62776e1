/// A regular expression that a person types into a filter: `user ~ "^dr"`.
///
/// Knows literals, `.`, classes `[a-z_]` and `[^…]`, `\d \w \s` and their opposites, `^ $`, `* + ? {m,n}`, `|` and groups;
/// no captures and no back-references. Our own and not `regcomp`: texts come from peers, and this one takes time linear in
/// the text whatever the pattern is (Thompson's construction), works on scalars and not on a locale's bytes, and keeps the
/// console free of C.
package struct Pattern: Equatable, Sendable {
    /// One step of the machine; targets are places in the program.
    enum Instruction: Equatable, Sendable {
        case any
        case one(Unicode.Scalar)
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case start, end
        case accept
    }

    /// Why a text is no pattern, and where.
    package struct Failure: Error, Equatable, Sendable {
        /// One clause.
        package var message: String
        /// Scalars before the place.
        package var offset: Int
    }

    private let program: [Instruction]

    /// Reads a pattern.
    package init(_ text: String) throws(Failure) {
        var parser = PatternParser(text)
        let tree = try parser.parse()
        var compiler = PatternCompiler()
        try compiler.append(tree)
        program = compiler.program + [.accept]
    }

    /// Whether some part of the text matches.
    ///
    /// - Complexity: O(text · pattern).
    package func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        var current = Threads(count: program.count)
        var index = scalars.startIndex
        while true {
            let isEnd = index == scalars.endIndex
            if follow(0, isStart: index == scalars.startIndex, isEnd: isEnd, into: &current) { return true }
            if isEnd { return false }
            var next = Threads(count: program.count)
            let following = scalars.index(after: index)
            for place in current.places where consumes(program[place], scalars[index]) {
                if follow(place + 1, isStart: false, isEnd: following == scalars.endIndex, into: &next) { return true }
            }
            current = next
            index = following
        }
    }

    private func consumes(_ instruction: Instruction, _ scalar: Unicode.Scalar) -> Bool {
        switch instruction {
        case .any: true
        case .one(let wanted): scalar == wanted
        case .set(let set): set.contains(scalar)
        case .split, .jump, .start, .end, .accept: false
        }
    }

    /// Adds a place and all that is reached from it without a scalar.
    ///
    /// - Returns: Whether the end of the pattern is among them.
    private func follow(_ first: Int, isStart: Bool, isEnd: Bool, into threads: inout Threads) -> Bool {
        var waiting = [first]
        while let place = waiting.popLast() {
            guard threads.visit(place) else { continue }
            switch program[place] {
            case .accept: return true
            case .jump(let target): waiting.append(target)
            case .split(let one, let other): waiting += [other, one]
            case .start: if isStart { waiting.append(place + 1) }
            case .end: if isEnd { waiting.append(place + 1) }
            case .any, .one, .set: threads.places.append(place)
            }
        }
        return false
    }

    /// The places at which the machine stands, each once.
    private struct Threads {
        var places: [Int] = []
        private var isVisited: [Bool]

        init(count: Int) { isVisited = [Bool](repeating: false, count: count) }

        mutating func visit(_ place: Int) -> Bool {
            defer { isVisited[place] = true }
            return !isVisited[place]
        }
    }
}

/// Scalars of a class in brackets or behind a backslash.
struct ScalarSet: Equatable, Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isNegated
    }

    /// The class that a letter behind a backslash names; its capital is the opposite.
    init?(escape letter: Unicode.Scalar) {
        switch letter {
        case "d", "D": ranges = [0x30...0x39]
        case "w", "W": ranges = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        case "s", "S": ranges = [0x09...0x0D, 0x20...0x20]
        default: return nil
        }
        isNegated = letter.value < 0x61
    }

    init(ranges: [ClosedRange<UInt32>], isNegated: Bool) {
        self.ranges = ranges
        self.isNegated = isNegated
    }
}
