import SessionCodec

/// The generation of one report, as its producer tells it (PROTOCOLS 2-20, 2-21).
///
/// `pending` → `running` → `completed`, `error` or `cancelled`; every step may be left out, none be taken back, and progress
/// only grows, until a reset begins again. `completed` makes progress 100.
struct ReportJob: Equatable, Sendable {
    /// Where it stands.
    private(set) var status: ReportStatus
    /// Whose report it is, once that was said.
    private(set) var owner: String?
    /// Where the finished report is.
    private(set) var completion: ReportCompletion?

    /// Bytes of what was said of it, and an allowance for itself.
    var cost: Int {
        let texts = [status.report, status.message, owner, completion?.downloadURL, completion?.format]
        return 512 + texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }

    /// Why a producer is refused.
    enum Refusal: Error, Equatable {
        /// The report has ended.
        case ended
        /// The report is further already.
        case backwards
    }

    /// What subscribers are to be told, in this order.
    enum News: Equatable, Sendable { case status, completion, failure }

    /// A report that nobody has spoken of (2-19).
    init(_ report: String) { status = .unknown(report) }

    /// Takes what a producer says.
    mutating func update(_ update: ReportUpdate) throws(Refusal) -> [News] {
        if !update.isReset {
            if status.state.isTerminal { throw .ended }
            if update.state == .pending, status.state == .running { throw .backwards }
            if let progress = update.progress, progress < status.progress { throw .backwards }
        }
        if update.isReset { completion = nil }
        let kept = update.isReset ? 0 : status.progress
        status.progress = update.state == .completed ? 100 : update.progress ?? kept
        status.state = update.state
        status.message = update.message
        if let owner = update.owner { self.owner = owner }
        return update.state == .error ? [.status, .failure] : [.status]
    }

    /// Takes where the finished report is: also right after a status `completed`, which could not say it.
    mutating func complete(_ completion: ReportCompletion) throws(Refusal) -> [News] {
        let isAnnounced = status.state == .completed && self.completion == nil
        if status.state.isTerminal, !isAnnounced { throw .ended }
        self.completion = completion
        if isAnnounced { return [.completion] }
        status.state = .completed
        status.progress = 100
        status.message = nil
        return [.status, .completion]
    }

    /// Ends it because somebody wanted that; it must not have ended.
    mutating func cancel() -> [News] {
        precondition(!status.state.isTerminal, "the report \(status.report) is cancelled after its end")
        status.state = .cancelled
        status.message = nil
        return [.status]
    }

    /// What is shown to those who come later, or ask (2-22).
    func messages(channel: String?) -> [ChannelsServerMessage] {
        [message(.status, channel: channel)] + (completion == nil ? [] : [message(.completion, channel: channel)])
    }

    /// One piece of news.
    func message(_ news: News, channel: String?) -> ChannelsServerMessage {
        switch (news, completion) {
        case (.status, _): .reportStatus(status, channel: channel)
        case (.completion, let completion?): .reportCompleted(report: status.report, completion, channel: channel)
        case (.completion, nil): preconditionFailure("a report is announced that is not there")
        case (.failure, _): .error(ChannelsError(.reportFailed, message: status.message, channel: channel))
        }
    }
}
