import SessionBase
import SessionCodec
import SessionCore
import SessionCrypto
import SessionIO

extension ServerLoop {
    /// Reads configuration and certificates again and publishes them to all loops, or keeps the old ones (C12).
    mutating func reload() -> Result<ReloadReport, ReloadFailure> {
        let result = readConfiguration()
        switch result {
        case .success(let (new, tls)):
            let report = ReloadReport(from: configuration.description, to: new.description)
            node.countReload(isAccepted: true)
            log.write(
                .info, "configuration reloaded", at: moment.timestamp,
                [
                    "applied": report.applied.joined(separator: ","),
                    "restart": report.needsRestart.joined(separator: ","),
                ])
            node.postToAll(.configuration(new, tls))
            return .success(report)
        case .failure(let failure):
            node.countReload(isAccepted: false)
            log.write(
                .error, "configuration rejected; the old one stays", at: moment.timestamp, ["reason": failure.message])
            return .failure(failure)
        }
    }

    private func readConfiguration() -> Result<(ServerConfiguration, TLSContext?), ReloadFailure> {
        guard let reader = node.configurationReader else { return .failure(ReloadFailure("this server cannot reload")) }
        return reader().flatMap { configuration in
            do {
                return .success((configuration, try Server.loadTLS(configuration.tls)))
            } catch {
                return .failure(ReloadFailure("\(error)"))
            }
        }
    }

    /// Takes over a configuration that was published; what is open stays open, unless it is a subscription to a channel that
    /// the rules do not open any more.
    mutating func take(_ new: ServerConfiguration, _ tls: TLSContext?) {
        let nodeLimit = new.limits.node ?? configuration.limits.node
        let namespaces = configuration.lockers.namespaces
        if new.limits.address != nil { countAddresses() }
        configuration = new
        // The listeners' routes are made once.
        configuration.lockers.namespaces = namespaces
        configuration.lockerSessions.namespaces = namespaces
        configuration.limits.node = nodeLimit
        if self.tls != nil, let tls { self.tls = tls }
        log = Log(new.log, identifierHash: node.identifierHash)
        awareness.configuration = new.awareness.sharded(index, of: node)
        sync.configuration = new.sync.sharded(index, of: node, new.access)
        channels.reload(
            new.channels.sharded(index, of: node, new.access, hasHook: new.channelsHook != nil), at: moment,
            effects: &effects)
        performEffects()
        lockers.configuration = configuration.lockers.sharded(index, of: node, new.access)
        board.configuration = new.board.sharded(index, of: node)
        keepsHouse = node.store != nil || new.timing.idleExit != nil
        guard index == 0 else { return }
        housekeeping.idleCheckAt = new.timing.idleExit.map { moment.instant + $0 }
        node.access.reload(new.access, at: moment.timestamp)
        node.hooks.reload(new.channelsHook)
        reloadBackend(new.boardBackend)
        if servesLockers { node.sessions.reload(configuration.lockerSessions) }
    }

    /// Lets a limit that was switched on count the WebSockets that are there already.
    private mutating func countAddresses() {
        for id in connections.ids
        where connections[slot: id.slot].profile != nil && !connections[slot: id.slot].isAddressCounted {
            connections[slot: id.slot].isAddressCounted = true
            node.countAddress(connections[slot: id.slot].address)
        }
    }
}
