import SessionBase
import SessionClient
import SessionCodec

/// A script that is played by hand: what it does after each event, in the words of tests.
struct WatchTranscript<Script: WatchScript> {
    var script: Script
    var now = Instant.zero

    /// Plays a script from its first handshake on.
    init(_ script: Script) { self.script = script }

    /// The handshake is done.
    mutating func open() -> [String] { Self.words(script.opened(at: now)) }

    /// A message comes.
    mutating func receive(_ text: String) -> [String] { Self.words(script.received(Array(text.utf8).span, at: now)) }

    /// The connection closes.
    mutating func close(_ code: CloseCode, returns: Bool = false) -> [String] {
        let close = ClientClose(code: code, reason: "", origin: .peer)
        return Self.words(script.ended(.closed(close), returns: returns))
    }

    /// A line is typed.
    mutating func type(_ line: String) -> [String] { Self.words(script.typed(Array(line.utf8), at: now)) }

    /// The input ends.
    mutating func endInput() -> [String] { Self.words(script.inputEnded(at: now)) }

    /// Time passes until the script's deadline, or for as long as it is told.
    mutating func pass(_ duration: Duration? = nil) -> [String] {
        now = duration.map { now + $0 } ?? script.deadline ?? now
        return Self.words(script.tick(at: now))
    }

    private static func words(_ actions: [WatchAction]) -> [String] {
        actions.map { action in
            switch action {
            case .send(let bytes): "send \(String(decoding: bytes, as: UTF8.self))"
            case .tell(let news): "tell \(news.line)"
            case .remark(let text): "remark \(text)"
            case .reject(let rejection): "reject \(rejection.code) \(rejection.verdict.rawValue)"
            case .leave(let verdict, let explanation):
                (["leave \(verdict.rawValue)"] + explanation).joined(separator: ": ")
            }
        }
    }
}
