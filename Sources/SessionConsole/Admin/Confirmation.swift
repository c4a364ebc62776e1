package import CommandKit

/// What is asked of a person before a verb touches more than one session.
package struct Confirmation: Equatable, Sendable {
    /// What will be done: `close 318 connections`.
    package var action: String
    /// How many are touched.
    package var count: Int

    /// Asks about something.
    package init(_ action: String, count: Int) {
        self.action = action
        self.count = count
    }

    /// The question; the number makes sure that it was read.
    package var question: String { "This will \(action). Type \(count) or yes to go on: " }

    /// Whether an answer says yes.
    package func isGiven(by answer: String) -> Bool {
        let words = answer.split(whereSeparator: \.isWhitespace)
        return words.count == 1 && (words[0] == "yes" || words[0] == "\(count)")
    }

    /// The error where nobody can be asked.
    package var refusal: CommandError {
        .usage("this will \(action); nobody can be asked here, so say --yes where that is meant")
    }

    /// The error of an answer that does not say yes.
    package var abandoned: CommandError { CommandError(.failed, "nothing was done: it was not confirmed") }
}
