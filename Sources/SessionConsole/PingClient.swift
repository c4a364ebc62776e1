package import CommandKit
import SessionBase
package import SessionClient
import SessionCodec
import SessionIO

/// Plays ``RoundTrips`` on a connection: `ping`.
package struct PingClient {
    private let run: ClientRun
    private var trips: RoundTrips

    /// Prepares a run.
    package init(_ run: ClientRun, _ trips: RoundTrips) {
        self.run = run
        self.trips = trips
    }

    /// Connects, measures, and returns what it found out.
    package mutating func play() throws(CommandError) -> Verdict {
        run.loop.setInput(.ignored)
        run.loop.connect()
        while true {
            let event = try run.next(until: trips.deadline)
            if let verdict = try handle(event) { return verdict }
        }
    }

    private mutating func handle(_ event: ClientLoop.Event) throws(CommandError) -> Verdict? {
        let now = SystemClock.now()
        var actions: [RoundTrips.Action] = []
        switch event {
        case .client(.opened): actions = trips.opened(at: now)
        case .client(.ponged(let payload)): actions = trips.ponged(payload, at: now)
        case .deadline: actions = trips.tick(at: now)
        case .client(.ended(.failed(let failure), _)): throw ClientRun.error(failure)
        case .client(.ended(.closed(let close), _)):
            // Even a normal close comes too early here.
            let verdict = Verdict(close.code)
            return verdict == .success ? .failed : verdict
        case .signal(let signal):
            guard let verdict = ClientRun.verdict(of: signal) else { return nil }
            try run.reporter.notice(trips.summary)
            return try run.leave(verdict)
        default: break
        }
        return try obey(actions)
    }

    private func obey(_ actions: [RoundTrips.Action]) throws(CommandError) -> Verdict? {
        for action in actions {
            switch action {
            case .send(let payload): run.client.ping(payload.span, at: SystemClock.now())
            case .tell(let number, let took):
                try run.reporter.result("pong \(number): \(took.spelled)") { json in
                    json.field("event", "round_trip")
                    json.field("number", number)
                    json.field("took_ns", took.nanoseconds)
                }
            case .miss(let number): try run.reporter.explain(["pong \(number): none within 5 s"])
            case .finish:
                try run.reporter.notice(trips.summary)
                return try run.leave(trips.verdict)
            }
        }
        return nil
    }
}
