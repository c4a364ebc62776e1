/// Questions that every loop answers, and the answers that have come: what a machine asks of the whole node.
///
/// The machine that wants to know begins a question, sends it to the other loops under its number, and records each
/// loop's answer, its own too. The last answer brings back what the question was for.
package struct Tallies<Purpose: Sendable, Answer: Sendable>: Sendable {
    private struct Question {
        let purpose: Purpose
        /// By loop.
        var answers: [Answer?]
        var missing: Int
    }

    private var questions: [UInt64: Question] = [:]
    private var lastNumber: UInt64 = 0

    /// Starts without questions.
    package init() {}

    /// How many questions wait for an answer.
    package var count: Int { questions.count }

    /// Begins a question.
    ///
    /// - Parameter loopCount: How many answers there will be.
    /// - Returns: Its number, which none had before.
    package mutating func begin(_ purpose: Purpose, loopCount: Int) -> UInt64 {
        precondition(loopCount > 0, "a question that nobody answers")
        lastNumber += 1
        questions[lastNumber] = Question(
            purpose: purpose, answers: Array(repeating: nil, count: loopCount), missing: loopCount)
        return lastNumber
    }

    /// Records an answer; only the first one of a loop counts.
    ///
    /// - Returns: What the question was for and all answers in the order of the loops, once nothing is missing.
    package mutating func record(
        _ answer: Answer, from loop: Int, for number: UInt64
    ) -> (purpose: Purpose, answers: [Answer])? {
        guard var question = questions[number], question.answers.indices.contains(loop), question.answers[loop] == nil
        else { return nil }
        question.answers[loop] = answer
        question.missing -= 1
        guard question.missing == 0 else {
            questions[number] = question
            return nil
        }
        questions[number] = nil
        return (question.purpose, question.answers.compactMap { $0 })
    }
}
