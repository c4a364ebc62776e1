/// A pattern as a tree.
indirect enum PatternTree {
    case empty
    case leaf(Pattern.Instruction)
    case sequence([PatternTree])
    case choice(PatternTree, PatternTree)
    case repetition(PatternTree, minimum: Int, maximum: Int?)
}

/// Reads the text of a ``Pattern``.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    /// More repetitions than a person means; a bound on what one pattern costs.
    private static let repetitionsMax = 100
    /// Groups inside of groups.
    private static let depthMax = 32
    /// Longer than anything a person types; a bound on how deep the tree is.
    private static let scalarsMax = 500

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func parse() throws(Pattern.Failure) -> PatternTree {
        guard scalars.count <= Self.scalarsMax else {
            throw Pattern.Failure(message: "it is longer than \(Self.scalarsMax) characters", offset: Self.scalarsMax)
        }
        let tree = try choice()
        guard place == scalars.count else { throw failure("a ) closes no group") }
        return tree
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func choice() throws(Pattern.Failure) -> PatternTree {
        let first = try sequence()
        guard next == "|" else { return first }
        place += 1
        return .choice(first, try choice())
    }

    private mutating func sequence() throws(Pattern.Failure) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" { parts.append(try repetition()) }
        return .sequence(parts)
    }

    private mutating func repetition() throws(Pattern.Failure) -> PatternTree {
        var tree = try atom()
        while let scalar = next {
            switch scalar {
            case "*": tree = .repetition(tree, minimum: 0, maximum: nil)
            case "+": tree = .repetition(tree, minimum: 1, maximum: nil)
            case "?": tree = .repetition(tree, minimum: 0, maximum: 1)
            case "{":
                tree = try bounded(tree)
                continue
            default: return tree
            }
            place += 1
        }
        return tree
    }

    /// `{3}`, `{3,}` or `{3,5}`.
    private mutating func bounded(_ tree: PatternTree) throws(Pattern.Failure) -> PatternTree {
        place += 1
        let minimum = try number()
        var maximum: Int? = minimum
        if next == "," {
            place += 1
            maximum = next == "}" ? nil : try number()
        }
        guard next == "}", maximum ?? .max >= minimum else { throw failure("write a repetition as {3}, {3,} or {3,5}") }
        place += 1
        return .repetition(tree, minimum: minimum, maximum: maximum)
    }

    private mutating func number() throws(Pattern.Failure) -> Int {
        let digits = scalars[place...].prefix { ("0"..."9").contains($0) }
        guard let number = Int(String(String.UnicodeScalarView(digits))), number <= Self.repetitionsMax else {
            throw failure("a repetition is a number up to \(Self.repetitionsMax); write \\{ for the brace itself")
        }
        place += digits.count
        return number
    }

    private mutating func atom() throws(Pattern.Failure) -> PatternTree {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "*", "+", "?", "{": throw failure("nothing stands before \(scalar)")
        case "(": return try group()
        case "[": return .leaf(.set(try bracket()))
        case "\\": return .leaf(try escape())
        default:
            place += 1
            switch scalar {
            case ".": return .leaf(.any)
            case "^": return .leaf(.start)
            case "$": return .leaf(.end)
            default: return .leaf(.one(scalar))
            }
        }
    }

    private mutating func group() throws(Pattern.Failure) -> PatternTree {
        guard depth < Self.depthMax else { throw failure("the groups are too deep") }
        let opening = place
        place += 1
        depth += 1
        let tree = try choice()
        depth -= 1
        guard next == ")" else { throw Pattern.Failure(message: "the ( is not closed", offset: opening) }
        place += 1
        return tree
    }

    private mutating func escape() throws(Pattern.Failure) -> Pattern.Instruction {
        place += 1
        guard let letter = next else { throw failure("a \\ stands at the end") }
        if let set = ScalarSet(escape: letter) {
            place += 1
            return .set(set)
        }
        guard !letter.properties.isAlphabetic, !("0"..."9").contains(letter) else {
            throw failure("\\\(letter) is not known; \\d, \\w, \\s and their capitals are")
        }
        place += 1
        return .one(letter)
    }

    private mutating func bracket() throws(Pattern.Failure) -> ScalarSet {
        let opening = place
        place += 1
        var set = ScalarSet(ranges: [], isNegated: next == "^")
        if set.isNegated { place += 1 }
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            if scalar == "\\", place + 1 < scalars.count, let named = ScalarSet(escape: scalars[place + 1]) {
                guard !named.isNegated else { throw failure("a capital class does not go into brackets") }
                set.ranges += named.ranges
                place += 2
                continue
            }
            set.ranges.append(try range())
        }
        guard next == "]" else { throw Pattern.Failure(message: "the [ is not closed", offset: opening) }
        place += 1
        return set
    }

    /// `a` or `a-z` inside of brackets.
    private mutating func range() throws(Pattern.Failure) -> ClosedRange<UInt32> {
        let low = member()
        guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else { return low.value...low.value }
        place += 1
        let high = member()
        guard low <= high else { throw failure("the range \(low)-\(high) is empty") }
        return low.value...high.value
    }

    private mutating func member() -> Unicode.Scalar {
        if scalars[place] == "\\", place + 1 < scalars.count { place += 1 }
        defer { place += 1 }
        return scalars[place]
    }

    private func failure(_ message: String) -> Pattern.Failure { Pattern.Failure(message: message, offset: place) }
}

/// Lays a tree out as a program.
struct PatternCompiler {
    private(set) var program: [Pattern.Instruction] = []

    /// A program as long as this matches any name a person has thought of.
    private static let instructionsMax = 4_000

    mutating func append(_ tree: PatternTree) throws(Pattern.Failure) {
        guard program.count < Self.instructionsMax else {
            throw Pattern.Failure(message: "the repetitions multiply to too many steps", offset: 0)
        }
        switch tree {
        case .empty: break
        case .leaf(let instruction): program.append(instruction)
        case .sequence(let parts): for part in parts { try append(part) }
        case .choice(let one, let other): try append(one, or: other)
        case .repetition(let part, let minimum, let maximum):
            for _ in 0..<minimum { try append(part) }
            if let maximum { try append(optional: part, times: maximum - minimum) } else { try append(loop: part) }
        }
    }

    private mutating func append(_ one: PatternTree, or other: PatternTree) throws(Pattern.Failure) {
        let split = program.count
        program.append(.accept)
        try append(one)
        let jump = program.count
        program.append(.accept)
        program[split] = .split(split + 1, program.count)
        try append(other)
        program[jump] = .jump(program.count)
    }

    private mutating func append(loop part: PatternTree) throws(Pattern.Failure) {
        let split = program.count
        program.append(.accept)
        try append(part)
        program.append(.jump(split))
        program[split] = .split(split + 1, program.count)
    }

    private mutating func append(optional part: PatternTree, times: Int) throws(Pattern.Failure) {
        for _ in 0..<times {
            let split = program.count
            program.append(.accept)
            try append(part)
            program[split] = .split(split + 1, program.count)
        }
    }
}
