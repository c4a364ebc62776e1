import SessionBase
import SessionCodec
import SessionCore
import SessionIO

extension ServerLoop {
    /// This loop's part of an answer.
    mutating func report(_ query: Query) -> LoopReport {
        var report = LoopReport()
        switch query {
        case .statistics: addStatistics(to: &report)
        case .connections(let page): list(page, in: &report)
        case .connection(let serial): report.connections = find(.serial(serial)).map { record($0) }
        case .closed: report.closed = closed.newestFirst
        case .trace(let serial, let tap):
            for id in find(.serial(serial)) {
                trace(id, into: tap)
                report.connections.append(record(id))
                report.affected += 1
            }
        case .presence(let sessions):
            for session in sessions {
                guard let view = sync.session(session, at: moment) else { continue }
                report.presence[session] = view.devices.filter(\.isOnline).map(\.type)
            }
        case .broadcast(let broadcast):
            report.affected = sync.broadcast(broadcast, at: moment, effects: &effects)
            performEffects()
        case .revoke(let revocation):
            report.affected = sync.revoke(revocation, at: moment, effects: &effects)
            report.affected += channels.revoke(revocation, at: moment, effects: &effects)
            report.affected += lockers.revoke(revocation, at: moment, effects: &effects)
            report.affected += board.revoke(revocation, at: moment, effects: &effects)
            performEffects()
        case .slow: listSlow(in: &report)
        case .boards(let prefix, let page): listRooms(prefix, page, in: &report)
        case .disconnect(let filter, let code):
            let found = find(filter)
            for id in found { disconnect(id, code) }
            report.affected = found.count
        }
        return report
    }

    private func addStatistics(to report: inout LoopReport) {
        report.counters = counters
        connections.forEach { _, connection in
            report.counters.addTraffic(of: connection)
            if let profile = connection.profile { report.counters.traffic[profile.index].add(connection) }
        }
        report.awareness = awareness.statistics
        report.messages = awareness.counters
        report.store = storeWatch.counters
        report.sync = sync.statistics
        report.syncCounters = sync.counters
        if servesChannels { (report.channels, report.channelsCounters) = (channels.statistics, channels.counters) }
        if servesLockers { (report.lockers, report.lockersCounters) = (lockers.statistics, lockers.counters) }
        if servesBoard { (report.board, report.boardCounters) = (board.statistics(at: moment), board.counters) }
    }

    /// Closes a connection because somebody wants it so: sync's device is then gone, and not merely cut off.
    private mutating func disconnect(_ id: ConnectionID, _ code: CloseCode) {
        guard connections.contains(id), connections[slot: id.slot].profile == .sync else { return close(id, code) }
        _ = sync.disconnect(id, code, at: moment, effects: &effects)
        performEffects()
        close(id, code)
    }

    /// The open WebSockets behind the page's cursor, oldest first.
    private func list(_ page: Page, in report: inout LoopReport) {
        var found: [(serial: UInt64, id: ConnectionID)] = []
        connections.forEach { id, connection in
            guard let profile = connection.profile, matches(id, profile, page) else { return }
            report.total += 1
            if connection.serial > page.number { found.append((connection.serial, id)) }
        }
        found.sort { $0.serial < $1.serial }
        // One more than is shown tells whether there is another page.
        report.connections = found.prefix(page.limit + 1).map { record($0.id) }
    }

    /// Whether a list that is filtered shows a connection.
    private func matches(_ id: ConnectionID, _ profile: ProtocolID, _ page: Page) -> Bool {
        if let wanted = page.user, user(of: id, profile) != wanted { return false }
        guard let wanted = page.deviceType else { return true }
        return device(of: id, profile)?.type.rawValue == wanted
    }

    /// The connections that somebody should look at: those for which something waits (C5).
    private func listSlow(in report: inout LoopReport) {
        var waiting: [ConnectionID] = []
        connections.forEach { id, connection in
            if connection.waitingBytes > 0 { waiting.append(id) }
        }
        report.connections = waiting.map { record($0) }
    }

    private func find(_ filter: ConnectionFilter) -> [ConnectionID] {
        var found: [ConnectionID] = []
        connections.forEach { id, connection in
            guard connection.phase == .webSocket, let profile = connection.profile else { return }
            switch filter {
            case .all: found.append(id)
            case .serial(let serial): if connection.serial == serial { found.append(id) }
            case .user(let user): if self.user(of: id, profile) == user { found.append(id) }
            }
        }
        return found
    }

    private func record(_ id: ConnectionID) -> ConnectionRecord {
        let connection = connections[slot: id.slot]
        return ConnectionRecord(
            serial: connection.serial, profile: connection.profile,
            user: connection.profile.flatMap { user(of: id, $0) },
            room: connection.profile == .board ? board.place(of: id)?.room : nil,
            device: connection.profile.flatMap { device(of: id, $0) }, address: connection.address.description,
            openedAt: connection.openedAt.timestamp, idle: moment.instant - connection.heardAt,
            traffic: ConnectionTraffic(connection), waitingBytes: connection.waitingBytes,
            waitingBytesMax: connection.output.highWater,
            waitingFor: connection.output.markedAt.map { moment.instant - $0 }, loop: index)
    }

    /// Completes an answer whose parts are all there, and does what the operation asks for.
    mutating func finish(_ operation: Operation, _ report: LoopReport) -> HTTPResponse {
        let document = document(of: report)
        switch operation {
        case .stats: return document.stats
        case .health: return document.health
        case .metrics: return document.metrics
        case .varz: return document.varz
        case .connz(let page): return document.connections(page, showsUsers: false)
        case .connections(let page): return document.connections(page, showsUsers: true)
        case .closedConnections(let page): return document.closedConnections(page)
        case .connection, .trace: return document.connection
        case .syncMetrics(let section): return document.syncMetrics(section)
        case .sessionPage(let page, let found): return document.sessions(found, page)
        case .broadcast: return document.broadcast
        case .endSession: return HTTPResponse(status: .noContent)
        case .revoke(let revocation): return Access.created(revocation, closed: report.affected)
        case .revocations(let page):
            return node.access.revocations(limit: page.limit, cursor: Int(clamping: page.number))
        case .boards(_, let page): return document.boards(page)
        case .sessions, .adminUpdate: preconditionFailure("\(operation) is no answer by itself")
        case .slow: return document.slow
        case .disconnect(let filter, _): return document.disconnected(filter)
        case .configuration: return document.configurationKeys
        case .drain:
            announceDrain(because: "POST /admin/drain")
            return .json(.accepted, Array(#"{"status":"draining"}"#.utf8))
        case .undrain: return undrain()
        case .reload:
            switch reload() {
            case .success(let report): return report.response
            case .failure(let failure): return .error(.unprocessableContent, "CONFIGURATION", failure.message)
            }
        }
    }

    private func undrain() -> HTTPResponse {
        if node.changeDrainState(from: .announced, to: .serving) {
            log.write(.info, "drain called off", at: moment.timestamp)
        } else if node.drainState == .closing {
            return .error(.conflict, "DRAIN_CLOSING", "connections are being closed already")
        }
        return .json(.ok, Array(#"{"status":"serving"}"#.utf8))
    }
}
