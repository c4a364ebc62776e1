/// Where replies go, and whether calls are taken: what the threads of engines and backends share with those who ask.
struct ReplyDesk<Answer: Sendable>: Sendable {
    /// Takes answers of one asker, several together.
    typealias Sink = @Sendable (_ asker: Int, _ answers: [Answer]) -> Void

    private(set) var sink: Sink?
    private(set) var isOpen = false

    /// Takes calls from now on.
    mutating func open(_ sink: @escaping Sink) {
        self.sink = sink
        isOpen = true
    }

    /// Takes no more calls.
    ///
    /// - Returns: Whether it did until now.
    mutating func close() -> Bool {
        defer { isOpen = false }
        return isOpen
    }

    /// Hands answers to their askers, one call of the sink for each of them.
    static func deliver(_ answered: some Sequence<(asker: Int, answer: Answer)>, to sink: Sink) {
        var askers: [Int] = []
        var answers: [[Answer]] = []
        for (asker, answer) in answered {
            // Askers are as few as the server's loops.
            if let index = askers.firstIndex(of: asker) {
                answers[index].append(answer)
            } else {
                askers.append(asker)
                answers.append([answer])
            }
        }
        for (asker, answers) in zip(askers, answers) { sink(asker, answers) }
    }
}
