import CommandKit
import SessionClient
import SessionCodec

/// What `--expect-json` asks of an answer, which is shown whether or not it is met.
struct AnswerExpectation {
    private let patterns: [JSONValue]

    /// Reads the patterns, before anything is asked of a server.
    init(_ settings: Settings) throws(CommandError) {
        var patterns: [JSONValue] = []
        for text in settings[APIOptions.expectation] {
            do throws(JSONError) { patterns.append(try JSONValue.parse(text)) } catch {
                throw .usage("--expect-json \(Origin.printable(text)): \(error)")
            }
        }
        self.patterns = patterns
    }

    /// Throws where an answer lacks something.
    func check(_ answer: JSONValue) throws(CommandError) {
        let differences = patterns.flatMap { PatternDifference.between(answer, and: $0) }
        guard let first = differences.first else { return }
        let more = differences.count > 1 ? ", and \(differences.count - 1) more" : ""
        throw CommandError(.failed, "the answer is not as expected: \(first)\(more)")
    }
}
