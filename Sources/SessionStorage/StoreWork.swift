import SessionCore

/// A call on its way through an engine, and who gets the reply.
struct StoreWork: Sendable {
    /// Who asked.
    var asker: Int
    /// What is asked.
    var call: StoreCall

    /// A call and its reply.
    typealias Answered = (work: StoreWork, reply: StoreReply)

    /// Where replies go: to an asker, several together.
    typealias Sink = @Sendable (_ asker: Int, _ answers: [StoreAnswer]) -> Void

    /// Hands replies to their askers, one call of the sink for each of them.
    static func deliver(_ answered: [Answered], to sink: Sink) {
        var askers: [Int] = []
        var answers: [[StoreAnswer]] = []
        for (work, reply) in answered {
            let answer = StoreAnswer(ticket: work.call.ticket, reply: reply)
            // Askers are as few as the server's loops.
            if let index = askers.firstIndex(of: work.asker) {
                answers[index].append(answer)
            } else {
                askers.append(work.asker)
                answers.append([answer])
            }
        }
        for (asker, answers) in zip(askers, answers) { sink(asker, answers) }
    }
}
