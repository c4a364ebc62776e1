import SessionBase
import SessionCodec
import SessionIO
import Synchronization

/// Keys that are fetched from JWK Set URLs, each time on a thread of its own.
extension Access {
    /// Begins a fetch where one is due, or with `again` where one is allowed.
    ///
    /// - Returns: Whether one is under way.
    @discardableResult
    func fetchKeys(again: Bool = false, at time: Timestamp) -> Bool {
        let (begins, isFetching, endpoints) = state.withLock { state in
            let endpoints = state.configuration.keyURLs
            guard !endpoints.isEmpty else { return (false, false, endpoints) }
            let begins = (again || state.cache.isStale(at: time)) && state.cache.begin(at: time)
            return (begins, state.cache.isFetching, endpoints)
        }
        guard begins else { return isFetching }
        do throws(SystemError) {
            let thread = try SystemThread(name: "keys") { [self] in
                take(Self.fetch(endpoints, log), of: endpoints, at: time)
            }
            thread.detach()
        } catch {
            log(.error, "cannot fetch keys: \(error)")
            state.withLock { $0.cache.end(nil, at: time) }
            release()
            return false
        }
        return true
    }

    private func take(_ fetched: KeySet?, of endpoints: [Endpoint], at time: Timestamp) {
        state.withLock { state in
            // A reload may have named other places meanwhile, which are asked by a fetch of their own.
            guard state.configuration.keyURLs == endpoints else { return }
            state.cache.end(fetched, at: time)
            state.renew()
        }
        release()
    }

    /// Fetches all sets.
    ///
    /// - Returns: Their keys together; `nil` where one could not be had, so that what is there stays.
    private static func fetch(_ endpoints: [Endpoint], _ log: LogWriter) -> KeySet? {
        var all = KeySet()
        for endpoint in endpoints {
            do throws(KeyFetchError) {
                let keys = try KeyFetch.keys(of: endpoint)
                for line in keys.skipped { log(.warn, "\(endpoint.httpDescription): left out \(line)") }
                all = all.joined(with: keys)
            } catch {
                log(.warn, "cannot use the keys of \(endpoint.httpDescription): \(error); the old ones stay in force")
                return nil
            }
        }
        return all
    }
}
