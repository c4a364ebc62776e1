import SessionBase
import SessionCodec
import SessionCore
import SessionStorage

/// Answers whose parts are still on their way: one of each loop, and one of the store for each thing it is asked.
struct Gathering {
    private struct Pending {
        /// Who waits for it; `nil` where nobody does any more, or nobody did.
        let id: ConnectionID?
        let operation: Operation
        var missing: Int
        var report = LoopReport()
    }

    private var pending: [UInt64: Pending] = [:]
    private var lastNumber: UInt64 = 0

    /// Starts an answer of `parts` parts and returns its number.
    mutating func begin(_ operation: Operation, for id: ConnectionID?, parts: Int) -> UInt64 {
        lastNumber += 1
        pending[lastNumber] = Pending(id: id, operation: operation, missing: parts)
        return lastNumber
    }

    /// Adds a part; returns the whole with the last one.
    mutating func add(_ report: LoopReport, to number: UInt64) -> (ConnectionID?, Operation, LoopReport)? {
        guard var entry = pending.removeValue(forKey: number) else { return nil }
        entry.report.merge(report)
        entry.missing -= 1
        if entry.missing == 0 { return (entry.id, entry.operation, entry.report) }
        pending[number] = entry
        return nil
    }
}

extension ServerLoop {
    /// Tickets of calls that a loop makes for itself, and not for a machine, have this bit.
    static let ownTicketBit: UInt64 = 1 << 63

    /// Starts to gather an answer; the connection, where one waits for it, is not read until it is complete.
    mutating func begin(_ operation: Operation, for id: ConnectionID?) {
        let asked = operation.storeRequests(at: moment.timestamp)
        let parts = asked.count + (operation.query == nil ? 0 : node.loopCount)
        if parts == 0 { return complete(operation, LoopReport(), for: id) }
        if parts == 1, asked.isEmpty, let query = operation.query {
            return complete(operation, report(query), for: id)
        }
        if let id { awaitAnswer(id) }
        let ticket = GatherTicket(loop: index, number: gathering.begin(operation, for: id, parts: parts))
        for request in asked { ask(Self.ownTicketBit | ticket.number, request) }
        if let query = operation.query { node.postToAll(.query(query, ticket: ticket)) }
    }

    /// Adds a loop's part; answers when it was the last one.
    mutating func gathered(_ report: LoopReport, _ number: UInt64) {
        guard let (id, operation, whole) = gathering.add(report, to: number) else { return }
        complete(operation, whole, for: id)
    }

    /// Adds what the store says.
    mutating func gathered(_ reply: StoreReply, _ number: UInt64) {
        var report = LoopReport()
        switch reply {
        case .statistics(let statistics): report.snapshots = statistics
        case .page(let page): report.page = page
        case .unavailable: report.isStoreUnavailable = true
        case .found, .written, .conflict, .ownerIsFull, .removed: break
        }
        gathered(report, number)
    }

    /// Does what the parts of an answer lead to.
    private mutating func complete(_ operation: Operation, _ report: LoopReport, for id: ConnectionID?) {
        if case .adminUpdate = operation {
            return node.postToAll(.inform(document(of: report).adminUpdate))
        }
        guard let id, connections.contains(id) else {
            if case .trace(_, let tap) = operation {
                tap.abandon()
                node.endTrace()
            }
            return
        }
        let isWaiting = connections[slot: id.slot].phase == .answering
        switch operation {
        case .trace(_, let tap) where report.affected > 0: stream(tap, report.connections[0], to: id)
        case .trace:
            node.endTrace()
            respond(id, document(of: report).connection)
        case .sessions(let page):
            if let found = report.page { return begin(.sessionPage(page, found), for: id) }
            respond(id, .storeUnavailable)
        default: respond(id, finish(operation, report))
        }
        if isWaiting { goOn(id) }
    }

    /// Writes an answer that came late, and goes on with what its connection sent meanwhile.
    mutating func goOn(_ id: ConnectionID) {
        guard connections.contains(id) else { return }
        flush(id)
        if isReady(id) { consumeUnread(id) }
    }

    /// The documents about what was gathered.
    func document(of report: LoopReport) -> ReportDocument {
        ReportDocument(node: node, configuration: configuration, moment: moment, report: report)
    }
}

extension HTTPResponse {
    /// The answer where the store cannot say (PROTOCOLS 1-32).
    static var storeUnavailable: HTTPResponse {
        .error(.serviceUnavailable, "STORE_UNAVAILABLE", "the store does not answer; try again", retryAfter: 1)
    }
}
