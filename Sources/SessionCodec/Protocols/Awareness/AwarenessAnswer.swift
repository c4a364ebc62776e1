package import SessionBase

/// A server's message as a load generator reads it: a kind, a few numbers, and places in the text of its ids.
///
/// It accepts and refuses exactly what ``AwarenessServerMessage/decode(_:)`` does, without copying or allocating for
/// messages in plain ASCII. Of warnings and lists of windows it checks every entry and keeps their count.
package struct AwarenessAnswer: Sendable {
    /// What is told.
    package private(set) var kind = AwarenessServerKind.pong
    /// The correlation id where it is a whole number of at most 64 bits without sign, as load tools choose theirs.
    package private(set) var number: UInt64?
    /// Why something was refused; only in an `error`.
    package private(set) var errorCode: AwarenessErrorCode?
    /// What is wrong, or no longer is; only in `warning` and `warning_cleared`.
    package private(set) var warning: AwarenessWarning.Kind?
    /// The server's time; only in `pong` and `heartbeat_ack`.
    package private(set) var timestamp: Timestamp?
    /// How many entries the list of a `warning` or a `state` has; 0 in other messages.
    package private(set) var entries = 0

    /// The type as it was written; `nil` where there is none, or one that is no string.
    private var type: ShortText?
    private var id = FoundValue.absent
    private var payload = FoundValue.absent
    private var window = FoundValue.absent
    private var `case` = FoundValue.absent
    /// The value of `timestamp` or `serverTime`, one of which is in a message.
    private var time = FoundValue.absent
    private var serverTime = FoundValue.absent
    private var next = FoundValue.absent
    private var code = FoundValue.absent
    private var message = FoundValue.absent
    /// The kind of a warning: the `type` of the payload.
    private var subject = FoundValue.absent
    private var cases = FoundValue.absent
    private var windows = FoundValue.absent

    private init() {}

    /// Reads one message of the server.
    ///
    /// - Parameter bytes: The text; need not be valid UTF-8 yet.
    /// - Throws: ``WireError``, the same as ``AwarenessServerMessage/decode(_:)``.
    /// - Complexity: O(n), one pass, and another one over the list of a `warning` or a `state`.
    package static func decode(_ bytes: Span<UInt8>) throws(WireError) -> AwarenessAnswer {
        precondition(bytes.count <= Int(UInt32.max), "a message is shorter than 4 GiB")
        var answer = AwarenessAnswer()
        var isObject = false
        do { isObject = try answer.readText(bytes) } catch { throw .notJSON(error) }
        guard isObject else { throw .notAMessage }
        try answer.judge(bytes)
        return answer
    }

    // MARK: Comparing

    /// Where the JSON of the correlation id stands; empty where there is none.
    package var tag: Range<Int> { id.isText ? id.quotedRange : id.range }

    /// Whether the window is the one with an id; only for `registered`, `deregistered` and `focused`.
    package func names(window id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool { window.equals(id, in: bytes) }

    /// Whether the case of a `registered` is the one with an id.
    package func names(case id: Span<UInt8>, in bytes: Span<UInt8>) -> Bool { `case`.equals(id, in: bytes) }
}

// MARK: Reading

extension AwarenessAnswer {
    /// Reads a whole text; the last of a repeated key counts.
    ///
    /// - Returns: Whether it is an object.
    @inline(__always)
    private mutating func readText(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        var reader = JSONReader()
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            try reader.skipValue(in: bytes)
            try reader.end(in: bytes)
            return false
        }
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            if name == ShortText("payload") {
                reader = try readPayload(reader, bytes)
            } else if name == ShortText("type") {
                type = try reader.shortText(in: bytes)
            } else {
                let value = try FoundValue(&reader, bytes)
                if name == ShortText("id") { id = value }
            }
        }
        try reader.end(in: bytes)
        return true
    }

    /// Reads the payload; takes and returns the reader by value, so that it stays in registers.
    private mutating func readPayload(_ reader: JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> JSONReader {
        var reader = reader
        if payload.isPresent { forgetPayload() }
        guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
            (payload, reader.offset) = try FoundValue.any(at: reader, bytes)
            return reader
        }
        let start = reader.offset
        try reader.beginObject(in: bytes)
        while let name = try reader.nextShortKey(in: bytes) {
            keep(try FoundValue(&reader, bytes), as: name)
        }
        payload = FoundValue(.object, start: start, count: reader.offset - start)
        return reader
    }

    /// Stores a field of the payload; a call, so that the loop around it is small enough to have all else inlined.
    @inline(never)
    private mutating func keep(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("windowId") {
            window = value
        } else if name == ShortText("caseId") {
            `case` = value
        } else if name == ShortText("timestamp") {
            time = value
        } else if name == ShortText("serverTime") {
            serverTime = value
        } else if name == ShortText("nextHeartbeatMs") {
            next = value
        } else {
            keepRare(value, as: name)
        }
    }

    private mutating func keepRare(_ value: FoundValue, as name: ShortText) {
        if name == ShortText("type") {
            subject = value
        } else if name == ShortText("cases") {
            cases = value
        } else if name == ShortText("message") {
            message = value
        } else if name == ShortText("code") {
            code = value
        } else if name == ShortText("windows") {
            windows = value
        }
    }

    /// A second `payload` replaces the first with all that it held.
    private mutating func forgetPayload() {
        (window, `case`, time, serverTime, next) = (.absent, .absent, .absent, .absent, .absent)
        (code, message, subject, cases, windows) = (.absent, .absent, .absent, .absent, .absent)
    }
}

// MARK: Judging

extension AwarenessAnswer {
    /// Checks what was found against what the type requires (PROTOCOLS §2.5).
    private mutating func judge(_ bytes: Span<UInt8>) throws(WireError) {
        guard let type else { throw .notAMessage }
        guard let kind = AwarenessServerKind(type) else { throw Self.unknownType(bytes) }
        self.kind = kind
        if id.isPresent { try judgeTag(bytes) }
        switch kind {
        case .registered:
            try Self.require(window, "windowId", bytes)
            try Self.require(`case`, "caseId", bytes)
        case .pong: timestamp = try Self.time(time, "timestamp", bytes)
        case .heartbeatAck:
            timestamp = try Self.time(serverTime, "serverTime", bytes)
            guard Self.isInteger(next, bytes) else { throw .invalidField("nextHeartbeatMs") }
        case .deregistered, .focused: try Self.require(window, "windowId", bytes)
        case .warning: try judgeWarning(bytes)
        case .warningCleared: warning = try Self.warning(subject, bytes)
        case .error: try judgeError(bytes)
        case .state:
            guard Self.isArray(windows, bytes) else { throw .invalidField("windows") }
            entries = try Self.countEntries(of: windows, as: .window, bytes)
        }
    }

    /// Checks the correlation id: a string that is an identifier, or a number of reasonable length.
    private mutating func judgeTag(_ bytes: Span<UInt8>) throws(WireError) {
        if case .number = id.kind, id.range.count <= MessageTag.numberBytesMax {
            number = Self.unsigned(id.range, bytes)
        } else if !id.isIdentifier(in: bytes) {
            throw .invalidField("id")
        }
    }

    private mutating func judgeError(_ bytes: Span<UInt8>) throws(WireError) {
        guard code.isText, let known = AwarenessErrorCode(code.text, in: bytes) else { throw .invalidField("code") }
        errorCode = known
        guard message.isText else { throw .invalidField("message") }
    }

    private mutating func judgeWarning(_ bytes: Span<UInt8>) throws(WireError) {
        warning = try Self.warning(subject, bytes)
        guard Self.isArray(cases, bytes) else { throw .invalidField("cases") }
        entries = try Self.countEntries(of: cases, as: .case, bytes)
        guard message.isText else { throw .invalidField("message") }
    }

    @inline(__always)
    private static func require(_ value: FoundValue, _ name: String, _ bytes: Span<UInt8>) throws(WireError) {
        guard value.isIdentifier(in: bytes) else { throw .invalidField(name) }
    }

    @inline(__always)
    private static func time(
        _ value: FoundValue, _ name: String, _ bytes: Span<UInt8>
    ) throws(WireError) -> Timestamp {
        guard value.isText, let time = Timestamp(value.text, in: bytes) else { throw .invalidField(name) }
        return time
    }

    private static func warning(
        _ value: FoundValue, _ bytes: Span<UInt8>
    ) throws(WireError) -> AwarenessWarning.Kind {
        if value.isText {
            if value.text.matches(AwarenessWarning.Kind.multiCase.spelling, in: bytes) { return .multiCase }
            if value.text.matches(AwarenessWarning.Kind.caseMismatch.spelling, in: bytes) { return .caseMismatch }
        }
        throw .invalidField("type")
    }

    private static func isArray(_ value: FoundValue, _ bytes: Span<UInt8>) -> Bool {
        guard case .other = value.kind else { return false }
        return bytes[value.range.lowerBound] == UInt8(ascii: "[")
    }

    /// Whether a value is a number that ``JSONValue/integer`` can give.
    private static func isInteger(_ value: FoundValue, _ bytes: Span<UInt8>) -> Bool {
        guard case .number = value.kind else { return false }
        let isNegative = bytes[value.range.lowerBound] == UInt8(ascii: "-")
        let digits = isNegative ? value.range.dropFirst() : value.range
        guard let magnitude = unsigned(digits, bytes) else { return false }
        return magnitude <= (isNegative ? Int64.min.magnitude : Int64.max.magnitude)
    }

    /// The value of a number of JSON that has nothing but digits; `nil` for another, and beyond 64 bits.
    private static func unsigned(_ digits: Range<Int>, _ bytes: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for index in digits {
            let digit = bytes[index] &- UInt8(ascii: "0")
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(UInt64(digit))
            if digit > 9 || isTooLarge || carries { return nil }
            value = sum
        }
        return value
    }

    /// The error that names the type; reads it once more, as that is never needed of a right message.
    @inline(never)
    private static func unknownType(_ bytes: Span<UInt8>) -> WireError {
        do {
            return .unknownType(try JSONValue.parse(bytes)["type"]?.string ?? "")
        } catch {
            return .notJSON(error)
        }
    }
}

extension Timestamp {
    /// Reads a time from a string of JSON; allocates only where it has escapes.
    @inline(__always)
    fileprivate init?(_ text: JSONText, in bytes: Span<UInt8>) {
        if text.hasEscapes {
            var unescaped: [UInt8] = []
            text.append(to: &unescaped, in: bytes)
            self.init(parsing: unescaped.span)
        } else {
            self.init(parsing: bytes.extracting(text.range))
        }
    }
}

extension AwarenessErrorCode {
    /// The code that a string of JSON spells.
    fileprivate init?(_ text: JSONText, in bytes: Span<UInt8>) {
        var place = 0
        while let code = Self(rawValue: place) {
            if text.matches(code.spelling, in: bytes) {
                self = code
                return
            }
            place += 1
        }
        return nil
    }
}

// MARK: Lists

extension AwarenessAnswer {
    /// What the entries of a list are.
    private enum Entry { case `case`, window }

    /// Checks the entries of a list and counts them; the list was read before, as a whole.
    @inline(never)
    private static func countEntries(
        of list: FoundValue, as entry: Entry, _ bytes: Span<UInt8>
    ) throws(WireError) -> Int {
        var fault: String?
        let count: Int
        do { count = try scanEntries(of: list, as: entry, fault: &fault, bytes) } catch { throw .notJSON(error) }
        if let fault { throw .invalidField(fault) }
        return count
    }

    /// Counts the entries up to the end, or up to the first one with a `fault`.
    private static func scanEntries(
        of list: FoundValue, as entry: Entry, fault: inout String?, _ bytes: Span<UInt8>
    ) throws(JSONError) -> Int {
        var reader = JSONReader()
        reader.offset = list.range.lowerBound
        var count = 0
        try reader.beginArray(in: bytes)
        while fault == nil, try reader.nextElement(in: bytes) {
            count += 1
            fault = try EntryFields(&reader, bytes).fault(as: entry, in: bytes)
        }
        return count
    }

    /// The fields of an entry; those of a value that is no object are absent.
    private struct EntryFields {
        var window = FoundValue.absent
        var `case` = FoundValue.absent
        var slide = FoundValue.absent
        var focused = FoundValue.absent
        var connected = FoundValue.absent
        var since = FoundValue.absent

        init(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) {
            guard reader.peek(in: bytes) == UInt8(ascii: "{") else {
                try reader.skipValue(in: bytes)
                return
            }
            try reader.beginObject(in: bytes)
            while let name = try reader.nextShortKey(in: bytes) {
                keep(try FoundValue(&reader, bytes), as: name)
            }
        }

        private mutating func keep(_ value: FoundValue, as name: ShortText) {
            if name == ShortText("windowId") {
                window = value
            } else if name == ShortText("caseId") {
                `case` = value
            } else if name == ShortText("slideId") {
                slide = value
            } else if name == ShortText("focused") {
                focused = value
            } else if name == ShortText("connected") {
                connected = value
            } else if name == ShortText("since") {
                since = value
            }
        }

        /// The first field that is missing or holds what it may not hold.
        func fault(as entry: Entry, in bytes: Span<UInt8>) -> String? {
            switch entry {
            case .case:
                if !`case`.isIdentifier(in: bytes) { return "caseId" }
                return window.isIdentifier(in: bytes) ? nil : "windowId"
            case .window:
                if !window.isIdentifier(in: bytes) { return "windowId" }
                if !`case`.isIdentifier(in: bytes) { return "caseId" }
                if slide.kind != .null, !slide.isIdentifier(in: bytes) { return "slideId" }
                if !Self.isBoolean(focused, bytes) { return "focused" }
                if !Self.isBoolean(connected, bytes) { return "connected" }
                guard since.isText, Timestamp(since.text, in: bytes) != nil else { return "since" }
                return nil
            }
        }

        private static func isBoolean(_ value: FoundValue, _ bytes: Span<UInt8>) -> Bool {
            guard case .other = value.kind else { return false }
            return bytes[value.range.lowerBound] != UInt8(ascii: "[")
        }
    }
}
