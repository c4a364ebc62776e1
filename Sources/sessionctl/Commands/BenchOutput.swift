import CommandKit
import SessionBench

/// The forms in which `bench` and `compare` write a document, each where an option wants it.
struct BenchOutput {
    /// One form besides the text.
    struct Form {
        private let file: BenchFile
        private let render: (BenchDocument) -> [UInt8]

        /// Opens the file.
        fileprivate init(
            _ path: String, _ context: CommandContext, _ render: @escaping (BenchDocument) -> [UInt8]
        ) throws(CommandError) {
            file = try BenchFile(path, output: context.output)
            self.render = render
        }

        /// Whether it goes to standard output.
        var isOutput: Bool { file.isOutput }

        /// Writes a document.
        func write(_ document: BenchDocument) throws(CommandError) { try file.write(render(document)) }
    }

    private let invocation: Invocation
    private var forms: [Form] = []
    /// Whether standard output is taken by a form or by the log of histograms.
    private let isOutputTaken: Bool

    /// Opens what the options name.
    ///
    /// - Throws: Status 74 where a file cannot be written.
    init(_ invocation: Invocation) throws(CommandError) {
        let (settings, context) = (invocation.settings, invocation.context)
        self.invocation = invocation
        if settings[BenchOptions.json] { forms.append(try Form("-", context) { $0.json(pretty: true) }) }
        forms += try Self.files(settings, context)
        isOutputTaken = settings[BenchOptions.hdr] == "-" || forms.contains(where: \.isOutput)
    }

    /// The forms that options name a file for.
    static func files(_ settings: Settings, _ context: CommandContext) throws(CommandError) -> [Form] {
        let renderers: [(Option<String?>, (BenchDocument) -> String)] = [
            (BenchOptions.csv, CSVReport.text), (BenchOptions.series, CSVReport.series),
            (BenchOptions.markdown, MarkdownReport.text), (BenchOptions.html, HTMLReport.text),
        ]
        var forms: [Form] = []
        for (option, render) in renderers {
            guard let path = settings[option] else { continue }
            forms.append(try Form(path, context) { Array(render($0).utf8) })
        }
        return forms
    }

    /// Writes every form, and the text where standard output is free.
    func write(_ document: BenchDocument) throws(CommandError) {
        for form in forms { try form.write(document) }
        guard !isOutputTaken else { return }
        try invocation.context.output.write(BenchColor.paint(TextReport.text(document), invocation))
    }
}
