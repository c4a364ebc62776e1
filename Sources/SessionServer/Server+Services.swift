import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage

/// What stands behind the loops: the store, and who judges credentials.
extension Server {
    /// The engine that the configuration asks for; `nil` where no service keeps anything.
    static func openStore(_ configuration: ServerConfiguration) throws(ServerStartError) -> (any StorageEngine)? {
        // Channels keep nothing themselves, but what was revoked must survive a restart (C17).
        guard [.sync, .channels, .lockers, .board].contains(where: configuration.serves) else { return nil }
        do throws(StorageError) { return try configuration.openStore() } catch { throw .storage(error) }
    }

    static func makeAccess(
        _ configuration: ServerConfiguration, _ store: (any StorageEngine)?, _ identifierHash: SipHash
    ) -> Access {
        let log = Log(configuration.log, identifierHash: identifierHash)
        return Access(configuration.access, store: store, asker: configuration.threads) { level, message in
            var clock = SystemClock()
            log.write(level, message, at: clock.moment().timestamp)
        }
    }

    /// Who knows lockers' sessions, where lockers run.
    static func makeSessions(
        _ configuration: ServerConfiguration, _ access: Access, _ store: (any StorageEngine)?, _ identifierHash: SipHash
    ) throws(ServerStartError) -> LockerSessions {
        let log = Log(configuration.log, identifierHash: identifierHash)
        var sessions = configuration.serves(.lockers) ? configuration.lockerSessions : LockerSessionsConfiguration()
        sessions.namespaces = configuration.lockers.namespaces
        do throws(StorageError) {
            return try LockerSessions(
                sessions, access: access, store: store, asker: configuration.threads + 1
            ) { level, message in
                var clock = SystemClock()
                log.write(level, message, at: clock.moment().timestamp)
            }
        } catch {
            throw .storage(error)
        }
    }

    /// Who calls the operator's endpoint, and hands what it answers to the loop that asked.
    static func makeHooks(
        _ configuration: ServerConfiguration, _ inboxes: [Inbox], _ identifierHash: SipHash
    ) throws(SystemError) -> HookSender {
        let log = Log(configuration.log, identifierHash: identifierHash)
        return try HookSender(configuration.channelsHook) { level, message in
            var clock = SystemClock()
            log.write(level, message, at: clock.moment().timestamp)
        } listener: { loop, ticket, reply in
            inboxes[loop].post(.hooked(ticket, reply))
        }
    }

    /// The service that keeps boards, where board runs and has one.
    static func makeBoardBackend(
        _ configuration: ServerConfiguration, _ identifierHash: SipHash
    ) throws(ServerStartError) -> BoardBackend? {
        guard configuration.serves(.board), let backend = configuration.boardBackend else { return nil }
        let log = Log(configuration.log, identifierHash: identifierHash)
        do throws(StorageError) {
            return try BoardBackend(backend) { news in
                var clock = SystemClock()
                log.write(news.level, "\(news.sentence)", at: clock.moment().timestamp)
            }
        } catch {
            throw .storage(error)
        }
    }

    /// Starts the engine: what it answers goes to the loop that asked, or to the judge of credentials.
    func startStore() throws(ServerStartError) {
        let node = node
        do throws(StorageError) {
            try node.store?.start { asker, answers in
                switch asker {
                case node.loopCount: node.access.stored(answers)
                case node.loopCount + 1: node.sessions.stored(answers)
                default: node.post(.stored(answers), to: asker)
                }
            }
            try node.boardBackend?.start { loop, answers in node.post(.backed(answers), to: loop) }
        } catch {
            throw .storage(error)
        }
        node.access.start(at: node.startedAt.timestamp)
    }
}

extension BackendNews {
    /// How grave it is.
    fileprivate var level: LogLevel {
        switch self {
        case .lost, .refused: .error
        case .conflict: .warn
        case .found: .info
        }
    }

    /// What the operator reads.
    fileprivate var sentence: String {
        switch self {
        case .lost(let reason): "the boards' backend cannot be used; what is drawn is kept here until it can: \(reason)"
        case .found: "the boards' backend answers again"
        case .refused(let status): "the boards' backend refuses requests with status \(status); they are tried again"
        case .conflict: "a board in the backend was changed by somebody else; the board that is drawn here is kept"
        }
    }
}
