import SessionBase

/// Where the generation of a report stands (PROTOCOLS 2-21); the raw value is the spelling.
///
/// `pending` → `running` → `completed`, `error` or `cancelled`.
package enum ReportState: String, CaseIterable, Hashable, Sendable {
    case pending, running, completed, error, cancelled

    /// Whether nothing follows.
    package var isTerminal: Bool {
        switch self {
        case .pending, .running: false
        case .completed, .error, .cancelled: true
        }
    }
}

/// What a `report_status` says.
package struct ReportStatus: Equatable, Sendable {
    /// Which report.
    package var report: String
    /// Where it stands.
    package var state: ReportState
    /// How much of it is done, 0...100.
    package var progress: Int
    /// A sentence for people.
    package var message: String?

    /// Describes a status.
    package init(report: String, state: ReportState, progress: Int, message: String? = nil) {
        self.report = report
        self.state = state
        self.progress = progress
        self.message = message
    }

    /// What is known of a report that nobody has spoken of (2-19).
    package static func unknown(_ report: String) -> ReportStatus {
        ReportStatus(report: report, state: .pending, progress: 0, message: "Waiting for report")
    }

    /// Reads the `data` of a `report_status`.
    init(_ fields: MessageFields) throws(WireError) {
        guard let state = ReportState(rawValue: try fields.text("status")) else { throw .invalidField("status") }
        let progress = try fields.integer("progress")
        guard 0...100 ~= progress else { throw .invalidField("progress") }
        self.init(
            report: try fields.identifier("reportId"), state: state, progress: Int(progress),
            message: try fields.optionalText("message"))
    }

    /// Appends the `data` of a `report_status`.
    package func append(to output: inout [UInt8]) {
        output.append(literal: #"{"reportId":"#)
        output.appendJSON(report)
        output.append(literal: #","status":"#)
        output.appendJSON(state.rawValue)
        output.append(literal: #","progress":"#)
        output.appendDecimal(progress)
        if let message {
            output.append(literal: #","message":"#)
            output.appendJSON(message)
        }
        output.append(UInt8(ascii: "}"))
    }
}

/// What a `report_completed` says: where the report can be fetched.
package struct ReportCompletion: Equatable, Sendable {
    /// Where it is, a URL or a path.
    package var downloadURL: String
    /// Such as `pdf`.
    package var format: String
    /// Its size in bytes.
    package var fileBytes: Int64

    /// Describes a finished report.
    package init(downloadURL: String, format: String, fileBytes: Int64) {
        self.downloadURL = downloadURL
        self.format = format
        self.fileBytes = fileBytes
    }

    /// Reads the fields of a `report_completed`, or of the body that announces it.
    init(_ fields: MessageFields) throws(WireError) {
        let (url, format) = (try fields.text("downloadUrl"), try fields.text("format"))
        guard !url.isEmpty else { throw .invalidField("downloadUrl") }
        guard !format.isEmpty else { throw .invalidField("format") }
        let size = try fields.integer("fileSize")
        guard size >= 0 else { throw .invalidField("fileSize") }
        self.init(downloadURL: url, format: format, fileBytes: size)
    }

    /// Appends the `data` of a `report_completed`.
    package func append(report: String, to output: inout [UInt8]) {
        output.append(literal: #"{"reportId":"#)
        output.appendJSON(report)
        output.append(UInt8(ascii: ","))
        appendFields(to: &output)
        output.append(UInt8(ascii: "}"))
    }

    /// Appends the three fields that a body has, too.
    func appendFields(to output: inout [UInt8]) {
        output.append(literal: #""downloadUrl":"#)
        output.appendJSON(downloadURL)
        output.append(literal: #","format":"#)
        output.appendJSON(format)
        output.append(literal: #","fileSize":"#)
        output.appendDecimal(fileBytes)
    }
}
