import SessionBase
import SessionCodec
package import SessionIO
internal import Synchronization

/// Watches which connections a server names as slow, and which it closes for it, while a load goes on: `GET /admin/slow` and
/// the list of closed connections (PROTOCOLS C4, C5, C16), on a thread of its own.
///
/// Connections go by their addresses at our end, which the server shows.
package final class SlowWatch: Sendable {
    /// What was seen.
    package struct Report: Equatable, Sendable {
        /// The addresses that were named as slow at any time, and those that were closed with 4511.
        package var named: Set<String> = []
        package var closed: Set<String> = []

        /// A report of nothing.
        package init() {}

        /// What became of the connections of a load that never read.
        package func findings(_ addresses: [String]) -> [Finding] {
            [
                Finding(
                    "stuck_4511", "of them the server closed with 4511",
                    Double(addresses.count(where: closed.contains)),
                    unit: "count"),
                Finding(
                    "stuck_named", "of them GET /admin/slow named", Double(addresses.count(where: named.contains)),
                    unit: "count"),
            ]
        }
    }

    /// How often the server is asked: those that are fed fast are closed within half a second.
    private static let interval = Duration.milliseconds(100)
    /// Connections of one answer, and the most answers of a list: as many as the server remembers.
    private static let (pageSize, pagesMax) = (1000, 10)

    private let probe: ServerProbe
    private let named = Mutex<Set<String>>([])
    private let isStopping = Atomic<Bool>(false)
    private let hasStopped = Atomic<Bool>(false)

    /// Begins to watch the server that a probe asks.
    package init(_ probe: ServerProbe) throws(SystemError) {
        self.probe = probe
        let thread = try SystemThread(name: "slow-watch") { [self] in watch() }
        // It ends with `stop`, which waits for it.
        _ = consume thread
    }

    /// Ends the watch, and reads which connections were closed.
    package func stop() -> Report {
        isStopping.store(true, ordering: .releasing)
        while !hasStopped.load(ordering: .acquiring) { Self.rest(.milliseconds(1)) }
        var report = Report()
        report.named = named.withLock { $0 }
        report.closed = closed()
        return report
    }

    private func watch() {
        while !isStopping.load(ordering: .acquiring) {
            let addresses = Self.addresses(in: ask("/admin/slow"))
            named.withLock { $0.formUnion(addresses) }
            Self.rest(Self.interval)
        }
        hasStopped.store(true, ordering: .releasing)
    }

    private func closed() -> Set<String> {
        var (found, cursor): (Set<String>, String?) = ([], nil)
        for _ in 0..<Self.pagesMax {
            let place = cursor.map { "&cursor=\($0)" } ?? ""
            let page = ask("/admin/connections?state=closed&limit=\(Self.pageSize)\(place)")
            found.formUnion(Self.addresses(in: page) { $0["code"]?.integer == Int64(CloseCode.slowConsumer.rawValue) })
            cursor = page["next_cursor"]?.string
            if cursor == nil { break }
        }
        return found
    }

    /// A server that does not answer names nobody, which the findings then say.
    private func ask(_ target: String) -> JSONValue { (try? probe.document(at: target)) ?? .null }

    private static func addresses(
        in page: JSONValue, where isMeant: (JSONValue) -> Bool = { _ in true }
    ) -> [String] {
        (page["items"]?.elements ?? []).filter(isMeant).compactMap { $0["address"]?.string }
    }

    /// Sleeps by waiting for nothing; where that fails, not at all.
    private static func rest(_ duration: Duration) {
        guard var poller = try? Poller() else { return }
        let now = SystemClock.now()
        _ = try? poller.wait(until: now + duration, now: now)
    }
}
