/// The body of a request to channels' HTTP API, or an item of a batch: a JSON object whose fields are read by name.
struct ChannelsBody {
    /// The object.
    let value: JSONValue

    /// Reads a body.
    ///
    /// - Throws: 413 where it is longer than 256 KiB, 400 `INVALID_JSON` where it is no object.
    init(_ bytes: [UInt8]) throws(ChannelsFailure) {
        guard bytes.count <= ChannelsLimits.bodyBytesMax else { throw ChannelsFailure(.tooLarge) }
        do { value = try JSONValue.parse(bytes.span) } catch {
            throw ChannelsFailure(.invalidJSON, message: "the body is no JSON object: \(error)")
        }
        guard case .object = value else { throw ChannelsFailure(.invalidJSON) }
    }

    /// Takes an item of a batch.
    init(_ item: JSONValue) throws(ChannelsFailure) {
        guard case .object = item else { throw .field("items", "an item is an object with channel and message") }
        value = item
    }

    /// The field `message`: an object with a string `type` (PROTOCOLS 2-15).
    func message() throws(ChannelsFailure) -> ProducerMessage {
        guard let message = value["message"].flatMap(Self.fragment).flatMap(ProducerMessage.init) else {
            throw .field("message", "message is an object with a text \"type\", nested at most 30 deep")
        }
        return message
    }

    /// The field `rows`: objects in the order in which they arrived.
    func rows() throws(ChannelsFailure) -> [StreamRow] {
        guard let elements = value["rows"]?.elements else { throw .field("rows", "rows is a list of objects") }
        var rows: [StreamRow] = []
        for element in elements {
            guard let row = Self.fragment(element).flatMap(StreamRow.init) else {
                throw .field("rows", "a row is an object, nested at most 30 deep")
            }
            rows.append(row)
        }
        return rows
    }

    /// The fields of a `report_completed`.
    func completion() throws(ChannelsFailure) -> ReportCompletion {
        do { return try ReportCompletion(MessageFields(value)) } catch {
            guard case .invalidField(let field) = error else { throw ChannelsFailure(.invalidMessage) }
            throw .field(field, "\(field) is \(field == "fileSize" ? "a number of bytes" : "a text that is not empty")")
        }
    }

    /// The field `progress`, where there is one.
    func progress() throws(ChannelsFailure) -> Int? {
        guard let found = present("progress") else { return nil }
        guard let progress = found.integer, 0...100 ~= progress else {
            throw .field("progress", "progress is a whole number from 0 to 100")
        }
        return Int(progress)
    }

    /// A string, where there is one.
    func optionalText(_ name: String) throws(ChannelsFailure) -> String? {
        guard let found = present(name) else { return nil }
        guard let text = found.string else { throw .field(name, "\(name) is a text") }
        return text
    }

    /// An id, where there is one.
    func optionalIdentifier(_ name: String) throws(ChannelsFailure) -> String? {
        guard let text = try optionalText(name) else { return nil }
        guard IdentifierRule.allows(text) else {
            throw .field(name, "\(name) is a text of 1 to 128 characters without spaces")
        }
        return text
    }

    /// `true` or `false`; `false` where it is missing.
    func flag(_ name: String) throws(ChannelsFailure) -> Bool {
        guard let found = present(name) else { return false }
        guard let flag = found.boolean else { throw .field(name, "\(name) is true or false") }
        return flag
    }

    private func present(_ name: String) -> JSONValue? { value[name] == .null ? nil : value[name] }

    /// A value that is nested no deeper than subscribers' frames have room for, with numbers that are finite.
    private static func fragment(_ value: JSONValue) -> JSONFragment? {
        let bytes = JSONFragment(value).bytes
        defer { withExtendedLifetime(bytes) {} }
        return JSONFragment(0..<bytes.count, in: bytes.span, depthMax: ProducerMessage.depthMax)
    }
}
