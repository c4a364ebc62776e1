import SessionBase

/// An HTTP request that is sent many times with other numbers in it: bytes, and where the numbers stand.
///
/// Between head and body goes what is another for each session: its credential.
struct RequestTemplate {
    /// A number that is overwritten in copies.
    enum Slot: Int, CaseIterable {
        /// Eight digits of a session, a device, another device.
        case session, device, target
        /// Sixteen digits of a mark, and a version whose digits spaces may precede.
        case mark, version
        /// Sixteen digits of a publication's planned time, and of its sending.
        case planned, sent
        /// The 43 characters of a handoff's token.
        case token

        /// What stands for it in the text that a template is made of.
        var placeholder: String {
            switch self {
            case .session: "<SESSION>"
            case .device: "<DEVICE>"
            case .target: "<TARGET>"
            case .mark: "<MARK>"
            case .version: "<VERSION>"
            case .planned: "<PLANNED>"
            case .sent: "<SENT>"
            case .token: "<TOKEN>"
            }
        }

        /// How many characters its number has.
        var width: Int {
            switch self {
            case .session, .device, .target: 8
            case .mark, .version, .planned, .sent: 16
            case .token: 43
            }
        }
    }

    private var head: [UInt8]
    private var body: [UInt8]
    /// Where each slot's numbers stand, in head and body.
    private var places: [[(isInBody: Bool, offset: Int)]]

    /// Makes a template.
    ///
    /// - Parameters:
    ///   - line: The request line without its version, such as `GET /session/…`.
    ///   - fields: Lines of the head; `Content-Length` is added.
    ///   - body: Empty for none. Placeholders may stand everywhere.
    init(_ line: String, authority: String, fields: [(String, String)] = [], body: String = "") {
        let (bytes, inBody) = Self.fill(body)
        self.body = bytes
        var text = "\(line) HTTP/1.1\r\nHost: \(authority)\r\n"
        if !body.isEmpty { text += "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n" }
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        let (head, inHead) = Self.fill(text)
        self.head = head
        places = Slot.allCases.map { slot in
            inHead.filter { $0.slot == slot }.map { (false, $0.offset) }
                + inBody.filter { $0.slot == slot }.map { (true, $0.offset) }
        }
    }

    /// Its length without a credential.
    var count: Int { head.count + 2 + body.count }

    /// Replaces placeholders by zeros, and says where they stand.
    static func fill(_ text: String) -> (bytes: [UInt8], slots: [(slot: Slot, offset: Int)]) {
        var bytes: [UInt8] = []
        var slots: [(slot: Slot, offset: Int)] = []
        var rest = text[...]
        while let mark = rest.firstIndex(of: "<") {
            bytes.append(contentsOf: rest[..<mark].utf8)
            rest = rest[mark...]
            guard let slot = Slot.allCases.first(where: { rest.hasPrefix($0.placeholder) }) else {
                bytes.append(contentsOf: rest.prefix(1).utf8)
                rest = rest.dropFirst()
                continue
            }
            slots.append((slot, bytes.count))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: slot.width))
            rest = rest.dropFirst(slot.placeholder.count)
        }
        bytes.append(contentsOf: rest.utf8)
        return (bytes, slots)
    }

    /// One request while it is being written: set its numbers, in any order.
    struct Copy {
        fileprivate let head: Int
        fileprivate let body: Int
        /// Where the request begins in the buffer.
        var start: Int { head }
    }

    /// Appends a copy with a credential.
    ///
    /// - Parameter credential: A line of the head with its line break, or nothing.
    @inline(__always)
    func append(to frames: inout FrameBuffer, credential: [UInt8]) -> Copy {
        let start = frames.append(head)
        frames.append(credential)
        frames.append(Self.lineBreak)
        return Copy(head: start, body: frames.append(body))
    }

    private static let lineBreak = Array("\r\n".utf8)

    /// Writes a token everywhere where its slot is; it must have as many characters as that.
    func setToken(_ token: Span<UInt8>, in copy: Copy, of frames: inout FrameBuffer) {
        precondition(token.count == Slot.token.width, "a token that has no room")
        for place in places[Slot.token.rawValue] {
            frames.replace(at: (place.isInBody ? copy.body : copy.head) + place.offset, with: token)
        }
    }

    /// Writes a number with leading zeros everywhere where its slot is.
    @inline(__always)
    func set(_ slot: Slot, _ number: UInt64, in copy: Copy, of frames: inout FrameBuffer) {
        for place in places[slot.rawValue] {
            let offset = (place.isInBody ? copy.body : copy.head) + place.offset
            switch slot {
            case .session, .device, .target: frames.set(DigitWord.spell(number), at: offset)
            case .mark, .planned, .sent: frames.setDigits16(number, at: offset)
            case .version: frames.setPadded16(number, at: offset)
            case .token: preconditionFailure("a token is no number")
            }
        }
    }
}

extension FrameBuffer {
    /// Overwrites sixteen bytes with the digits of a number below 10¹⁶.
    @inline(__always)
    mutating func setDigits16(_ number: UInt64, at offset: Int) {
        set(DigitWord.spell(number / DigitWord.limit), at: offset)
        set(DigitWord.spell(number % DigitWord.limit), at: offset + 8)
    }

    /// Overwrites sixteen bytes with a number of JSON, which has no leading zeros but may follow spaces.
    mutating func setPadded16(_ number: UInt64, at offset: Int) {
        var bytes: InlineArray<16, UInt8> = .init(repeating: UInt8(ascii: " "))
        var (rest, place) = (number, 15)
        repeat {
            bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            place -= 1
        } while rest > 0 && place >= 0
        set(bytes.span.word(at: 0), at: offset)
        set(bytes.span.word(at: 8), at: offset + 8)
    }
}
