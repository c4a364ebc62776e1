/// A Swift source file, split into what the compiler reads and what people read.
struct SwiftFile: Sendable {
    /// Relative to the package, such as `Sources/SessionIO/Poller.swift`.
    let path: String
    /// Its lines, without line ends.
    let lines: [Line]

    /// One line of a file.
    struct Line: Sendable {
        /// The line's number, from 1.
        var number: Int
        /// The line without comments, and with nothing inside string literals and backticks.
        var code = ""
        /// The comment on the line, from its slashes on.
        var comment = ""

        /// The words of the code: runs of letters, digits, `_`, `@` and `#`.
        fileprivate(set) var words: [Substring] = []

        /// Whether there is a comment and nothing else.
        var isComment: Bool { !comment.isEmpty && words.isEmpty }

        /// Whether there is a documentation comment and nothing else.
        var isDocumentation: Bool { isComment && comment.hasPrefix("///") }

        /// Whether there are attributes, such as `@inlinable`, and nothing else.
        var isAttribute: Bool {
            let text = code.drop { $0 == " " }
            return text.hasPrefix("@") && (!text.contains(" ") || text.hasSuffix(")"))
        }
    }

    init(path: String, text: String) {
        self.path = path
        var scanner = Scanner()
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            scanner.scan(line, number: index + 1)
        }
    }

    /// The file's name without folders and `.swift`.
    var stem: Substring { path.split(separator: "/").last!.dropLast(".swift".count) }

    /// The target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: Substring { path.split(separator: "/")[1] }

    /// Separates code from comments and the insides of literals, line by line.
    private struct Scanner {
        private enum Place { case code, text, block, string, name }
        private var place = Place.code
        private var depth = 0

        mutating func scan(_ text: Substring, number: Int) -> Line {
            var line = Line(number: number)
            var rest = text
            // String literals and backticks end with their line; texts of several lines and comments may not.
            if place == .string || place == .name { place = .code }
            while let next = rest.first {
                switch place {
                case .code: scanCode(next, &rest, &line)
                case .block: scanBlock(&rest, &line)
                case .text: skip(&rest, until: "\"\"\"")
                case .string: skip(&rest, until: "\"")
                case .name: skip(&rest, until: "`")
                }
            }
            line.words = line.code.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@" || $0 == "#") }
            return line
        }

        private mutating func scanCode(_ next: Character, _ rest: inout Substring, _ line: inout Line) {
            if rest.hasPrefix("//") {
                line.comment += rest
                rest = ""
            } else if rest.hasPrefix("/*") {
                place = .block
                depth = 1
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("\"\"\"") {
                place = .text
                rest = rest.dropFirst(3)
            } else if next == "\"" || next == "`" {
                place = next == "`" ? .name : .string
                line.code.append(next)
                rest = rest.dropFirst()
            } else {
                line.code.append(next)
                rest = rest.dropFirst()
            }
        }

        private mutating func scanBlock(_ rest: inout Substring, _ line: inout Line) {
            if rest.hasPrefix("*/") || rest.hasPrefix("/*") {
                depth += rest.hasPrefix("/*") ? 1 : -1
                if depth == 0 { place = .code }
                rest = rest.dropFirst(2)
            } else {
                line.comment.append(rest.removeFirst())
            }
        }

        private mutating func skip(_ rest: inout Substring, until end: String) {
            if rest.hasPrefix(end) {
                place = .code
                rest = rest.dropFirst(end.count)
            } else if rest.first == "\\" {
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
            }
        }
    }
}
