package import SessionBase

/// Writes JSON piece by piece and sets the commas: for metrics, admin answers and NDJSON.
///
///     var json = JSONWriter()
///     json.object { json in
///         json.field("name", "w1")
///         json.field("cases") { json in json.array { json in json.value("CASE-001") } }
///     }
package struct JSONWriter: Sendable {
    /// What was written so far.
    package private(set) var bytes: [UInt8]
    /// Whether an item stands before the next one in the same object or array.
    private var needsComma = false

    /// Starts behind what `buffer` holds already.
    package init(appendingTo buffer: consuming [UInt8] = []) { bytes = buffer }

    /// Writes an object whose fields `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) { container("{", "}", body) }

    /// Writes an array whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) -> Void) { container("[", "]", body) }

    /// Writes a string.
    package mutating func value(_ text: String) {
        beginItem()
        bytes.appendJSON(text)
    }

    /// Writes a string of valid UTF-8.
    package mutating func value(utf8: Span<UInt8>) {
        beginItem()
        bytes.appendJSONString(utf8)
    }

    /// Writes an integer.
    package mutating func value(_ number: some FixedWidthInteger) {
        beginItem()
        bytes.appendDecimal(number)
    }

    /// Writes a number in the shortest text that reads back the same; `null` where it is not finite.
    package mutating func value(_ number: Double) {
        beginItem()
        if number.isFinite { bytes.append(contentsOf: number.description.utf8) } else { bytes.append(literal: "null") }
    }

    /// Writes `true` or `false`.
    package mutating func value(_ flag: Bool) {
        beginItem()
        bytes.append(literal: flag ? "true" : "false")
    }

    /// Writes a time as PROTOCOLS §1.8 spells it.
    package mutating func value(_ time: Timestamp) {
        beginItem()
        bytes.append(UInt8(ascii: "\""))
        time.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a tree.
    package mutating func value(_ tree: JSONValue) {
        beginItem()
        tree.append(to: &bytes)
    }

    /// Writes `null`.
    package mutating func null() {
        beginItem()
        bytes.append(literal: "null")
    }

    /// Writes what is JSON already.
    package mutating func raw(_ json: Span<UInt8>) {
        beginItem()
        bytes.append(copying: json)
    }

    /// Writes a key; exactly one value must follow.
    package mutating func key(_ key: String) {
        beginItem()
        bytes.appendJSON(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key whose value `body` writes.
    package mutating func field(_ key: String, _ body: (inout JSONWriter) -> Void) {
        self.key(key)
        body(&self)
    }

    /// Writes a key and a string, or `null`.
    package mutating func field(_ key: String, _ text: String?) {
        self.key(key)
        if let text { value(text) } else { null() }
    }

    /// Writes a key and an integer.
    package mutating func field(_ key: String, _ number: some FixedWidthInteger) {
        self.key(key)
        value(number)
    }

    /// Writes a key and a number; `null` where it is not finite.
    package mutating func field(_ key: String, _ number: Double) {
        self.key(key)
        value(number)
    }

    /// Writes a key and `true` or `false`.
    package mutating func field(_ key: String, _ flag: Bool) {
        self.key(key)
        value(flag)
    }

    /// Writes a key and a time as PROTOCOLS §1.8 spells it.
    package mutating func field(_ key: String, _ time: Timestamp) {
        self.key(key)
        value(time)
    }

    /// Ends the line, as NDJSON needs between two values.
    package mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Takes what was written and starts again with nothing.
    package mutating func takeBytes() -> [UInt8] {
        let written = bytes
        self = JSONWriter()
        return written
    }

    private mutating func container(
        _ opening: StaticString, _ closing: StaticString, _ body: (inout JSONWriter) -> Void
    ) {
        beginItem()
        needsComma = false
        bytes.append(literal: opening)
        body(&self)
        bytes.append(literal: closing)
        needsComma = true
    }

    private mutating func beginItem() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
