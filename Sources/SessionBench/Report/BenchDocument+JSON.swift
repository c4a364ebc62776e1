import SessionBase
import SessionCodec

extension BenchDocument {
    /// The document as JSON, which ends with a line break.
    ///
    /// Times are whole nanoseconds (`_ns`), amounts of memory bytes (`_bytes`), rates doubles (`_per_second`), parts of a
    /// whole doubles (`_ratio`).
    ///
    /// - Parameter pretty: Whether every field stands on a line of its own; otherwise all stand on one.
    package func json(pretty: Bool) -> [UInt8] {
        let value: JSONValue = [
            "schema": .string(Self.schema), "version": .string(version), "runs": .array(runs.map(\.document)),
            "featured_run": featured.map(JSONValue.whole) ?? .null,
            "assertions": .array(assertions.map(\.document)), "sections": .array(sections.map(\.document)),
        ]
        var bytes: [UInt8] = []
        value.append(to: &bytes, pretty: pretty)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Reads what ``json(pretty:)`` writes, of this version or of a later one that added fields.
    ///
    /// - Parameter bytes: The whole text.
    /// - Throws: ``BenchDocumentError`` with the place of the first mistake.
    package init(parsing bytes: Span<UInt8>) throws(BenchDocumentError) {
        let value: JSONValue
        do { value = try JSONValue.parse(bytes) } catch {
            throw BenchDocumentError("this is not JSON: \(error)")
        }
        try self.init(reading: DocumentPlace(value))
    }

    private init(reading place: DocumentPlace) throws(BenchDocumentError) {
        guard place.value["schema"]?.string == Self.schema else {
            throw place.error("must have \"schema\": \"\(Self.schema)\"; bench writes it with --json")
        }
        var runs: [RunReport] = []
        for run in try place.list("runs") { runs.append(try RunReport(reading: run)) }
        self.init(version: try place.text("version"), runs: runs)
        for result in try place.list("assertions") { assertions.append(try AssertionResult(reading: result)) }
        for section in try place.list("sections") { sections.append(try ReportSection(reading: section)) }
        guard let featured = place.optional("featured_run") else { return }
        self.featured = Int(try featured.int64())
        guard self.featured.map(runs.indices.contains) == true else { throw featured.error("is no place in runs") }
    }
}

extension AssertionResult {
    fileprivate var document: JSONValue {
        [
            "text": .string(text), "passed": .boolean(isPassed), "actual": .real(actual), "unit": .string(unit),
        ]
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(
            try place.text("text"), isPassed: try place.flag("passed"),
            actual: try place.optional("actual")?.double(), unit: try place.text("unit"))
    }
}

extension ReportSection {
    fileprivate var document: JSONValue {
        [
            "name": .string(name), "title": .string(title), "summary": .string(summary), "columns": .texts(columns),
            "rows": .array(rows.map(JSONValue.texts)), "figures": .array(figures.map(\.document)),
        ]
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        let columns = try place.texts("columns")
        var rows: [[String]] = []
        for row in try place.list("rows") {
            guard let cells = row.value.elements, cells.count == columns.count else {
                throw row.error("must have a cell for each of the \(columns.count) columns")
            }
            var texts: [String] = []
            for cell in cells { texts.append(try DocumentPlace(cell, path: row.path).text()) }
            rows.append(texts)
        }
        var figures: [Finding] = []
        for figure in try place.list("figures") { figures.append(try Finding(reading: figure)) }
        self.init(
            name: try place.text("name"), title: try place.text("title"), summary: try place.text("summary"),
            columns: columns, rows: rows, figures: figures)
    }
}
