import SessionBase
import SessionCodec

/// Random messages of the awareness protocol, and random spellings of them.
struct RandomMessages {
    var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    // MARK: Messages

    mutating func clientMessage() -> Tagged<AwarenessClientMessage> {
        let user = identifier()
        let window = identifier()
        let message: AwarenessClientMessage =
            switch AwarenessClientKind.allCases.randomElement(using: &random)! {
            case .register: .register(registration())
            case .deregister: .deregister(user: user, window: window)
            case .heartbeat: .heartbeat(user: user, window: window)
            case .focus: .focus(user: user, window: window)
            case .ping: .ping
            case .list: .list(user: user)
            }
        return Tagged(message, tag: tag())
    }

    mutating func serverMessage() -> Tagged<AwarenessServerMessage> {
        let message: AwarenessServerMessage =
            switch AwarenessServerKind.allCases.randomElement(using: &random)! {
            case .registered: .registered(window: identifier(), case: identifier())
            case .warning: .warning(warning())
            case .error: error()
            case .pong: .pong(timestamp())
            case .warningCleared: .warningCleared(AwarenessWarning.Kind.allCases.randomElement(using: &random)!)
            case .deregistered: .deregistered(window: identifier())
            case .heartbeatAck:
                .heartbeatAck(
                    serverTime: timestamp(),
                    nextHeartbeatMilliseconds: Int64.random(in: 0...1_000_000, using: &random))
            case .focused: .focused(window: identifier())
            case .state: .state((0..<count(4)).map { _ in window() })
            }
        return Tagged(message, tag: tag())
    }

    private mutating func registration() -> AwarenessRegistration {
        AwarenessRegistration(
            user: identifier(), window: identifier(), case: identifier(), slide: maybe { $0.identifier() },
            timestamp: maybe { $0.timestamp() },
            meta: maybe { ["n": .number("\($0.count(9))"), "t": .string($0.text())] })
    }

    private mutating func warning() -> AwarenessWarning {
        let cases = (0..<count(4)).map { _ in AwarenessWarning.Entry(case: identifier(), window: identifier()) }
        if cases.count >= 2, random.chance(0.5) { return .caseMismatch(viewed: cases[0], opened: cases[1]) }
        return .multiCase(cases)
    }

    private mutating func error() -> AwarenessServerMessage {
        let details: AwarenessErrorDetails? = maybe {
            $0.random.chance(0.5)
                ? .field(AwarenessField.allCases.randomElement(using: &$0.random)!)
                : .retryAfter(milliseconds: Int64.random(in: 0...10_000, using: &$0.random))
        }
        return .error(AwarenessErrorCode.allCases.randomElement(using: &random)!, message: text(), details: details)
    }

    private mutating func window() -> AwarenessWindowState {
        AwarenessWindowState(
            window: identifier(), case: identifier(), slide: maybe { $0.identifier() }, isFocused: random.chance(0.5),
            isConnected: random.chance(0.5), since: timestamp())
    }

    // MARK: Parts

    mutating func identifier() -> String {
        String(String.UnicodeScalarView((0...count(random.chance(0.02) ? 128 : 9)).prefix(128).map { _ in scalar() }))
    }

    /// A scalar that may stand in an id.
    private mutating func scalar() -> Unicode.Scalar {
        while true {
            let limit: UInt32 = [0x7E, 0x7E, 0x7E, 0x7E, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &random)!
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0x21...limit, using: &random)) else { continue }
            if IdentifierRule.allows(String(scalar)) { return scalar }
        }
    }

    mutating func text() -> String {
        String(String.UnicodeScalarView((0..<count(12)).map { _ in random.chance(0.1) ? "\n" : scalar() }))
    }

    mutating func timestamp() -> Timestamp {
        Timestamp(milliseconds: Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
    }

    mutating func tag() -> MessageTag? {
        guard random.chance(0.3) else { return nil }
        return random.chance(0.5) ? .text(identifier()) : .number("\(Int64.random(in: .min ... .max, using: &random))")
    }

    private mutating func maybe<Value>(_ make: (inout RandomMessages) -> Value) -> Value? {
        random.chance(0.5) ? make(&self) : nil
    }

    mutating func count(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    // MARK: Spellings

    /// Writes a value with its members in another order, white space, escapes, and unknown members but in `meta`.
    mutating func respell(_ value: JSONValue, isMeta: Bool = false) -> String {
        switch value {
        case .object(let object):
            var members = object.members.shuffled(using: &random).map {
                "\(respell($0.key)):\(respell($0.value, isMeta: isMeta || $0.key == "meta"))"
            }
            if !isMeta, random.chance(0.2) {
                members.insert("\"x\(count(9))\":[{\"type\":1},\"\\u0000\"]", at: count(members.count + 1))
            }
            return space() + "{" + members.joined(separator: space() + ",") + space() + "}" + space()
        case .array(let elements):
            return "[" + elements.map { respell($0, isMeta: isMeta) }.joined(separator: ",") + space() + "]"
        case .string(let text): return respell(text)
        default: return space() + value.text() + space()
        }
    }

    private mutating func respell(_ text: String) -> String {
        var spelling = space() + "\""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || random.chance(0.1) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    spelling += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                spelling.unicodeScalars.append(scalar)
            }
        }
        return spelling + "\"" + space()
    }

    private mutating func space() -> String {
        random.chance(0.8) ? "" : ["\t", " ", "\r\n", "  \n"].randomElement(using: &random)!
    }

    // MARK: Damage

    /// Changes one to three places of a text.
    mutating func damage(_ bytes: inout [UInt8]) {
        for _ in 0...count(3) where !bytes.isEmpty { damageOnce(&bytes) }
    }

    private mutating func damageOnce(_ bytes: inout [UInt8]) {
        let place = count(bytes.count)
        switch count(5) {
        case 0: bytes[place] ^= 1 << UInt8(count(8))
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(Array("\"{}[],:\\ 0e.nul\u{7F}".utf8).randomElement(using: &random)!, at: place)
        case 3: bytes.removeSubrange(place...)
        default: bytes.insert(contentsOf: bytes[min(place, bytes.count / 2)...place], at: place)
        }
    }
}
