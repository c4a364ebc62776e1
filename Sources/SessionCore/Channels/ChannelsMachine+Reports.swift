package import SessionBase
import SessionCodec

/// A report at the loop that owns it.
struct ReportRecord: Sendable {
    var job: ReportJob
    /// The ticket of the call that asks the operator's endpoint whether this run may end; a reset begins another run.
    var cancellation: UInt64?
    /// When it may be forgotten.
    var forgottenAt: Instant
}

/// A run of a report that ends once the operator's endpoint agrees.
struct ReportCancellation: Sendable {
    let report: String
    /// Who waits for that: for each connection once, and once for each id that it gave.
    var cancellers: [ReportQuestion]

    /// How many answers may be due, and how many of them to one connection.
    private static let (answersMax, answersOfOneMax) = (64, 4)

    /// Lets somebody wait, who gets an answer of its own where it would know that from the one it waits for.
    ///
    /// - Returns: Whether there was room.
    mutating func add(_ question: ReportQuestion) -> Bool {
        let own = cancellers.filter { $0.asker == question.asker }
        if question.tag == nil, own.contains(where: { $0.tag == nil }) { return true }
        guard cancellers.count < Self.answersMax, own.count < Self.answersOfOneMax else { return false }
        cancellers.append(question)
        return true
    }
}

/// What may be forgotten once nobody has spoken of it for long.
enum Retirement: Sendable { case report(String), feed(String) }

/// Reports: at the owner what producers say, elsewhere the connections that watch them (PROTOCOLS 2-19 … 2-22).
extension ChannelsMachine {
    /// How long a report that never ends is remembered after its last news.
    private static let abandonedLife = Duration.seconds(86_400)

    // MARK: Watching

    /// Subscribes a connection to its report; the answer brings its status.
    mutating func watch(
        _ connection: ConnectionID, report: String, at moment: Moment, effects: inout Effects
    ) {
        let slot = Int(connection.slot)
        connections[slot].watch = watches.insert(ChannelsWatch(id: report, isStream: false))
        let channel = ChannelName.progress(of: report)
        guard mayWatch(connection, channel, at: moment, effects: &effects) else { return }
        var terms = SubscriptionTerms()
        terms.wantsSnapshot = true
        join(connection, channel, terms, .report, nil, at: moment, effects: &effects)
    }

    /// Whether a connection may hear the channel of its route; where not, it is told so and closed.
    mutating func mayWatch(
        _ connection: ConnectionID, _ channel: String, at moment: Moment, effects: inout Effects
    ) -> Bool {
        guard let error = access.refusal(toHear: channel, as: channel, by: caller(of: connection)) else { return true }
        reply(.error(error), to: connection, at: moment, effects: &effects)
        doom(connection, error.code == .unauthorized ? .unauthorized : .forbidden, at: moment, effects: &effects)
        return false
    }

    /// At the owner: shows a new watcher where the report stands, or that there is none.
    mutating func grantReport(_ request: SubscriptionRequest, at moment: Moment, effects: inout Effects) {
        let id = String(request.topic.utf8.dropFirst(ChannelName.progress(of: "").utf8.count)) ?? ""
        let known = reports[id]?.job
        if known == nil, configuration.hasStrictIDs {
            return hub.refuse(request, reason: 0, at: moment, effects: &effects)
        }
        let messages = (known ?? ReportJob(id)).messages(channel: request.topic)
        let frames = messages.map { message in
            var frame: [UInt8] = []
            message.encode(at: moment.timestamp, to: &frame)
            return frame
        }
        hub.grant(request, snapshot: frames, at: moment, effects: &effects)
    }

    /// Closes a connection whose report nobody has spoken of (PROTOCOLS 2-19).
    mutating func refuseReport(_ connection: ConnectionID, at moment: Moment, effects: inout Effects) {
        reply(.error(ChannelsError(.reportNotFound)), to: connection, at: moment, effects: &effects)
        doom(connection, .notFound, at: moment, effects: &effects)
    }

    // MARK: Asking

    /// Passes on what a connection asks about its report to the report's owner.
    mutating func ask(
        _ wish: ReportQuestion.Wish, _ tag: MessageTag?, from connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        let report = watches[slot: connections[Int(connection.slot)].watch].id
        let question = ReportQuestion(
            report: report, wish: wish,
            asker: ConnectionAddress(loop: configuration.shard, connection: connection), tag: tag,
            caller: caller(of: connection))
        let owner = hub.owner(of: ChannelName.progress(of: report))
        guard owner != configuration.shard else { return answer(question, at: moment, effects: &effects) }
        hold(connection, nil, effects: &effects)
        effects.post(.channels(.report(question)), to: owner)
    }

    /// At the owner: answers what a connection asks.
    mutating func answer(_ question: ReportQuestion, at moment: Moment, effects: inout Effects) {
        switch question.wish {
        case .update:
            let job = reports[question.report]?.job ?? ReportJob(question.report)
            let messages = job.messages(channel: ChannelName.progress(of: question.report))
            say(messages, to: question, at: moment, effects: &effects)
        case .cancel(let reason):
            if let error = cancel(question, reason: reason, at: moment, effects: &effects) {
                say([.error(error)], to: question, at: moment, effects: &effects)
            } else {
                say(receipt(question), to: question, at: moment, effects: &effects)
            }
        }
    }

    /// What somebody gets whose report is cancelled, besides the news of that: who gave an id, the status with it.
    private func receipt(_ question: ReportQuestion) -> [ChannelsServerMessage] {
        guard question.tag != nil, let job = reports[question.report]?.job, job.status.state == .cancelled else {
            return []
        }
        return job.messages(channel: ChannelName.progress(of: question.report))
    }

    private mutating func say(
        _ messages: [ChannelsServerMessage], to question: ReportQuestion, isAwaited: Bool = true, at moment: Moment,
        effects: inout Effects
    ) {
        let isRemote = question.asker.loop != configuration.shard
        let answer = ReportAnswer(
            connection: question.asker.connection, tag: question.tag, messages: messages,
            isAwaited: isRemote && isAwaited)
        if isRemote {
            effects.post(.channels(.reported(answer)), to: question.asker.loop)
        } else {
            hear(answer, at: moment, effects: &effects)
        }
    }

    /// Passes the owner's answer on to the connection.
    mutating func hear(_ answer: ReportAnswer, at moment: Moment, effects: inout Effects) {
        guard isOpen(answer.connection) else { return }
        for message in answer.messages {
            reply(message, answer.tag, to: answer.connection, at: moment, effects: &effects)
        }
        if answer.isAwaited { release(answer.connection, effects: &effects) }
    }

    // MARK: Cancelling

    /// Ends a report because somebody wants that (PROTOCOLS 2-20); with an endpoint of the operator's, once that agrees.
    ///
    /// - Returns: Why not.
    private mutating func cancel(
        _ question: ReportQuestion, reason: String?, at moment: Moment, effects: inout Effects
    ) -> ChannelsError? {
        let channel = ChannelName.progress(of: question.report)
        let owner = reports[question.report]?.job.owner
        if !configuration.isOpen, !question.caller.isAdmin {
            guard let user = question.caller.user else { return ChannelsError(.unauthorized, channel: channel) }
            guard owner?.isSameBytes(as: user) ?? true else {
                return ChannelsError(.forbidden, message: "Only its owner may cancel a report", channel: channel)
            }
        }
        guard let record = reports[question.report] else { return ChannelsError(.reportNotFound, channel: channel) }
        guard !record.job.status.state.isTerminal else { return ChannelsError(.reportNotCancellable, channel: channel) }
        guard configuration.hasHook else {
            announceCancel(question, reason, at: moment, effects: &effects)
            endCancelled(question.report, at: moment, effects: &effects)
            return nil
        }
        guard let ticket = record.cancellation, cancellations[ticket] != nil else {
            callCancel(question, reason, effects: &effects)
            return nil
        }
        return cancellations[ticket]?.add(question) ?? true ? nil : ChannelsError(.rateLimited, channel: channel)
    }

    /// Tells the producer over `reports:control:{id}`.
    private mutating func announceCancel(
        _ question: ReportQuestion, _ reason: String?, at moment: Moment, effects: inout Effects
    ) {
        let message = ProducerMessage { json in
            json.field("type", "report.cancel")
            json.field("data") { json in json.object { question.write(to: &$0, reason) } }
        }
        let channel = ChannelName.control(of: question.report)
        broadcast(message, to: channel, asker: .nobody, at: moment, effects: &effects)
    }

    private mutating func callCancel(_ question: ReportQuestion, _ reason: String?, effects: inout Effects) {
        lastHookTicket += 1
        cancellations[lastHookTicket] = ReportCancellation(report: question.report, cancellers: [question])
        reports[question.report]?.cancellation = lastHookTicket
        let body = JSONFragment { question.write(to: &$0, reason) }
        effects.hook(HookCall(ticket: lastHookTicket, event: "report_cancel", body: body.bytes))
    }

    private mutating func endCancelled(_ report: String, at moment: Moment, effects: inout Effects) {
        guard var record = reports[report] else { preconditionFailure("a report is cancelled that is forgotten") }
        let news = record.job.cancel()
        remember(record, at: moment)
        tell(news, of: record.job, asker: .nobody, at: moment, effects: &effects)
    }

    /// Takes the reply of the operator's endpoint.
    package mutating func hooked(
        _ ticket: UInt64, _ reply: HookReply, at moment: Moment, effects: inout Effects
    ) {
        guard let cancellation = cancellations.removeValue(forKey: ticket) else { return }
        let report = cancellation.report
        let isOfThisRun = reports[report]?.cancellation == ticket
        if isOfThisRun { reports[report]?.cancellation = nil }
        let channel = ChannelName.progress(of: report)
        let error: ChannelsError
        switch reply {
        case .accepted where isOfThisRun && reports[report]?.job.status.state.isTerminal == false:
            endCancelled(report, at: moment, effects: &effects)
            for question in cancellation.cancellers where question.tag != nil {
                say(receipt(question), to: question, isAwaited: false, at: moment, effects: &effects)
            }
            return
        case .accepted: error = ChannelsError(.reportNotCancellable, channel: channel)
        case .refused:
            error = ChannelsError(
                .reportNotCancellable, message: "The producer does not cancel the report", channel: channel)
        case .unavailable:
            error = ChannelsError(.internal, message: "The producer does not answer; try again", channel: channel)
        }
        for question in cancellation.cancellers {
            say([.error(error)], to: question, isAwaited: false, at: moment, effects: &effects)
        }
    }

    // MARK: Producers

    /// Takes the status that a producer tells.
    mutating func update(_ ticket: RequestTicket, _ update: ReportUpdate, at moment: Moment, effects: inout Effects) {
        if update.isReset { reports[update.report]?.cancellation = nil }
        change(update.report, ticket, at: moment, effects: &effects) { job throws(ReportJob.Refusal) in
            try job.update(update)
        }
    }

    /// Takes where a finished report is.
    mutating func complete(
        _ ticket: RequestTicket, _ report: String, _ completion: ReportCompletion, at moment: Moment,
        effects: inout Effects
    ) {
        change(report, ticket, at: moment, effects: &effects) { job throws(ReportJob.Refusal) in
            try job.complete(completion)
        }
    }

    private mutating func change(
        _ report: String, _ ticket: RequestTicket, at moment: Moment, effects: inout Effects,
        _ body: (inout ReportJob) throws(ReportJob.Refusal) -> [ReportJob.News]
    ) {
        var record = reports[report] ?? ReportRecord(job: ReportJob(report), forgottenAt: moment.instant)
        do throws(ReportJob.Refusal) {
            let news = try body(&record.job)
            guard makesRoom(for: record.job) else {
                let message = "too many reports are remembered; wait until some have ended"
                return fail(ticket, ChannelsFailure(.rateLimited, message: message), effects: &effects)
            }
            remember(record, at: moment)
            tell(news, of: record.job, asker: .request(ticket), at: moment, effects: &effects)
        } catch {
            fail(ticket, ChannelsFailure(.reportState), effects: &effects)
        }
    }

    /// Forgets ended reports, those that ended first, where there is no room for what is to be kept of one.
    ///
    /// - Returns: Whether there is room now.
    /// - Complexity: O(n log n) of all reports where there is none, otherwise O(1).
    private mutating func makesRoom(for job: ReportJob) -> Bool {
        let id = job.status.report
        let growth = job.cost - (reports[id]?.job.cost ?? 0)
        guard growth > 0, reportsCost + growth > Self.reportsCostMax else { return true }
        for (name, record) in reports.sorted(by: { $0.forgottenAt < $1.forgottenAt })
        where record.job.status.state.isTerminal && !name.isSameBytes(as: id) {
            guard reportsCost + growth > Self.reportsCostMax / 8 * 7 else { break }
            reportsCost -= record.job.cost
            reports[name] = nil
        }
        arrangeRetirements()
        return reportsCost + growth <= Self.reportsCostMax
    }

    /// What the reports of a loop may cost, in bytes: 100,000 of them with a sentence each.
    private static let reportsCostMax = 64 << 20

    /// Keeps a report, and notes when it may be forgotten.
    private mutating func remember(_ record: ReportRecord, at moment: Moment) {
        var record = record
        let id = record.job.status.report
        let isNew = reports[id] == nil
        let life = record.job.status.state.isTerminal ? configuration.reportRetention : Self.abandonedLife
        let wasLater = record.forgottenAt > moment.instant + life
        record.forgottenAt = moment.instant + life
        reportsCost += record.job.cost - (reports[id]?.job.cost ?? 0)
        reports[id] = record
        if isNew || wasLater { retirements.push(.report(id), due: record.forgottenAt) }
    }

    /// Forgets a report whose time has come.
    mutating func retire(report id: String, at moment: Moment) {
        guard let record = reports[id] else { return }
        if record.forgottenAt > moment.instant {
            retirements.push(.report(id), due: record.forgottenAt)
        } else {
            reportsCost -= record.job.cost
            reports[id] = nil
        }
    }

    /// Publishes news of a report to its own channel and to everybody's (PROTOCOLS 2-10); its failure concerns its own alone.
    ///
    /// - Parameter asker: Who wants to know how many heard the last piece on the report's own channel.
    private mutating func tell(
        _ news: [ReportJob.News], of job: ReportJob, asker: PublicationAsker, at moment: Moment,
        effects: inout Effects
    ) {
        let id = job.status.report
        let own = ChannelName.progress(of: id)
        for (index, item) in news.enumerated() {
            publish(
                job.message(item, channel: own), to: own, about: id, asker: index == news.count - 1 ? asker : .nobody,
                at: moment, effects: &effects)
            guard item != .failure else { continue }
            publish(
                job.message(item, channel: ChannelName.progress), to: ChannelName.progress, about: id, at: moment,
                effects: &effects)
        }
    }

    /// Answers `GET /api/v1/reports/{id}/status`.
    func report(_ id: String) -> ReportStatus? { reports[id]?.job.status }
}

extension ReportQuestion {
    /// Writes what a producer is told of a wish to cancel.
    fileprivate func write(to json: inout JSONWriter, _ reason: String?) {
        json.field("reportId", report)
        if let reason { json.field("reason", reason) }
        if let user = caller.user { json.field("userId", user) }
    }
}
