import SessionCore

/// A call on its way through an engine, and who gets the reply.
struct StoreWork: Sendable {
    /// Who asked.
    var asker: Int
    /// What is asked.
    var call: StoreCall

    /// A call and its reply.
    typealias Answered = (work: StoreWork, reply: StoreReply)

    /// Where replies go.
    typealias Desk = ReplyDesk<StoreAnswer>

    /// Hands replies to their askers.
    static func deliver(_ answered: [Answered], to sink: Desk.Sink) {
        let answers = answered.lazy.map { work, reply in
            (asker: work.asker, answer: StoreAnswer(ticket: work.call.ticket, reply: reply))
        }
        Desk.deliver(answers, to: sink)
    }
}
