import SessionBase
import SessionCodec

/// Why a text is no document of ``BenchDocument``: the place and what is wrong there, such as
/// `runs[0].plan.arrival.model must be closed or open`.
package struct BenchDocumentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The clause, without a full stop.
    package var description: String

    init(_ description: String) { self.description = description }
}

/// A value of a document that knows where it stands, so that every mistake can be found.
struct DocumentPlace {
    let value: JSONValue
    /// Keys and indices from the top; empty at the top.
    let path: String

    init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    /// Says what is wrong with this value.
    func error(_ clause: String) -> BenchDocumentError {
        BenchDocumentError("\(path.isEmpty ? "the document" : path) \(clause)")
    }

    /// The value of a key; `nil` where it is missing or `null`.
    func optional(_ key: String) -> DocumentPlace? {
        guard let member = value[key], member != .null else { return nil }
        return DocumentPlace(member, path: path.isEmpty ? key : "\(path).\(key)")
    }

    /// The value of a key that must be there.
    func at(_ key: String) throws(BenchDocumentError) -> DocumentPlace {
        if let place = optional(key) { return place }
        throw error("has no \(key)")
    }

    /// The elements of an array that must be there.
    func list(_ key: String) throws(BenchDocumentError) -> [DocumentPlace] {
        let place = try at(key)
        guard let elements = place.value.elements else { throw place.error("must be an array") }
        return elements.enumerated().map { DocumentPlace($1, path: "\(place.path)[\($0)]") }
    }

    func texts(_ key: String) throws(BenchDocumentError) -> [String] {
        var texts: [String] = []
        for element in try list(key) { texts.append(try element.text()) }
        return texts
    }

    func text() throws(BenchDocumentError) -> String {
        guard let text = value.string else { throw error("must be a string") }
        return text
    }

    func double() throws(BenchDocumentError) -> Double {
        guard let number = value.double else { throw error("must be a number") }
        return number
    }

    func int64() throws(BenchDocumentError) -> Int64 {
        guard let number = value.integer else { throw error("must be a whole number") }
        return number
    }

    /// A whole number that is not negative, as a number or, beyond what every reader of JSON keeps, as a string.
    func unsigned() throws(BenchDocumentError) -> UInt64 {
        let text = if case .number(let text) = value { text } else { value.string ?? "" }
        guard let number = UInt64(text) else { throw error("must be a whole number from 0 on") }
        return number
    }

    func flag() throws(BenchDocumentError) -> Bool {
        guard let flag = value.boolean else { throw error("must be true or false") }
        return flag
    }

    func endpoint() throws(BenchDocumentError) -> Endpoint {
        do { return try Endpoint(parsing: try text()) } catch let problem as EndpointError {
            throw error("is no URL: \(problem)")
        } catch { throw self.error("must be a string") }
    }

    /// Counts by name.
    func counts() throws(BenchDocumentError) -> [String: UInt64] {
        guard case .object(let object) = value else { throw error("must be an object") }
        var counts: [String: UInt64] = [:]
        for member in object.members { counts[member.key] = try count(member.key) }
        return counts
    }

    func text(_ key: String) throws(BenchDocumentError) -> String { try at(key).text() }
    func double(_ key: String) throws(BenchDocumentError) -> Double { try at(key).double() }
    func int(_ key: String) throws(BenchDocumentError) -> Int { Int(try at(key).int64()) }
    func int64(_ key: String) throws(BenchDocumentError) -> Int64 { try at(key).int64() }
    func count(_ key: String) throws(BenchDocumentError) -> UInt64 { try at(key).unsigned() }
    func flag(_ key: String) throws(BenchDocumentError) -> Bool { try at(key).flag() }
    func duration(_ key: String) throws(BenchDocumentError) -> Duration { .nanoseconds(try int64(key)) }
}
