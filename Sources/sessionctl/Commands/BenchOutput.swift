import CommandKit
import SessionBench

/// The forms in which `bench` and `compare` write a document, each where an option wants it.
struct BenchOutput {
    /// One form besides the text.
    private struct Form {
        var file: BenchFile
        var render: (BenchDocument) -> [UInt8]
    }

    private let context: CommandContext
    private var forms: [Form] = []
    /// Whether standard output is taken by a form or by the log of histograms.
    private var isOutputTaken = false

    /// Opens what the options name.
    ///
    /// - Throws: Status 74 where a file cannot be written.
    init(_ settings: Settings, _ context: CommandContext) throws(CommandError) {
        self.context = context
        if settings[BenchOptions.json] { try add("-") { $0.json(pretty: true) } }
        if let path = settings[BenchOptions.csv] { try add(path) { Array(CSVReport.text($0).utf8) } }
        if let path = settings[BenchOptions.series] { try add(path) { Array(CSVReport.series($0).utf8) } }
        if let path = settings[BenchOptions.markdown] { try add(path) { Array(MarkdownReport.text($0).utf8) } }
        if let path = settings[BenchOptions.html] { try add(path) { Array(HTMLReport.text($0).utf8) } }
        if settings[BenchOptions.hdr] == "-" { isOutputTaken = true }
    }

    private mutating func add(_ path: String, _ render: @escaping (BenchDocument) -> [UInt8]) throws(CommandError) {
        let form = Form(file: try BenchFile(path, output: context.output), render: render)
        forms.append(form)
        isOutputTaken = isOutputTaken || form.file.isOutput
    }

    /// Writes every form, and the text where standard output is free.
    func write(_ document: BenchDocument) throws(CommandError) {
        for form in forms { try form.file.write(form.render(document)) }
        if !isOutputTaken { try context.output.write(TextReport.text(document)) }
    }
}
