import SessionBase
import SessionCodec
import SessionCore
import SessionIO
import SessionStorage

/// What stands behind the loops: the store, and who judges credentials.
extension Server {
    /// The engine that the configuration asks for; `nil` where no service keeps anything.
    static func openStore(_ configuration: ServerConfiguration) throws(ServerStartError) -> (any StorageEngine)? {
        guard configuration.listeners.contains(where: { $0.profiles.contains(.sync) }) else { return nil }
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

    /// Starts the engine: what it answers goes to the loop that asked, or to the judge of credentials.
    func startStore() throws(ServerStartError) {
        let node = node
        do throws(StorageError) {
            try node.store?.start { asker, answers in
                if asker == node.loopCount {
                    node.access.stored(answers)
                } else {
                    node.post(.stored(answers), to: asker)
                }
            }
        } catch {
            throw .storage(error)
        }
        node.access.start(at: node.startedAt.timestamp)
    }
}
