import CommandKit
import SessionCodec
import Testing
import sessionctl

/// What must hold for every command and option, so that a new one cannot be declared half.
@Suite struct CatalogueTests {
    /// A command and the words that pick it.
    struct Entry: Sendable, CustomTestStringConvertible {
        var path: [String]
        var command: CommandSpec
        var testDescription: String { path.joined(separator: " ") }
    }

    static let entries = collect(CommandTable.root, path: [CommandTable.root.name])

    private static func collect(_ command: CommandSpec, path: [String]) -> [Entry] {
        [Entry(path: path, command: command)]
            + command.details.subcommands.flatMap { collect($0, path: path + [$0.name]) }
    }

    @Test(arguments: entries)
    func `no name is given twice`(entry: Entry) {
        let details = entry.command.details
        let longs = details.options.flatMap(\.longs) + ["help"]
        let shorts = details.options.flatMap(\.shorts) + (details.helpIsShort ? ["h"] : [])
        let keys = details.options.map(\.key)
        #expect(Set(longs).count == longs.count)
        #expect(Set(shorts).count == shorts.count)
        #expect(Set(keys).count == keys.count)
        #expect(Set(details.subcommands.map(\.name)).count == details.subcommands.count)
        #expect(Set(details.operands.map(\.name)).count == details.operands.count)
    }

    @Test func `every protocol can be served and spoken`() {
        // Help lists what is served by its ports, which is another order.
        let protocols = ProtocolID.allCases.map(\.rawValue).sorted()
        #expect(ServeProfile.allCases.map(\.rawValue).sorted() == protocols)
        #expect(ClientProfile.allCases.map(\.rawValue).sorted() == protocols)
    }

    @Test func `no environment variable sets two options of serve unless both claim it`() {
        let own = ServeOptions.all.flatMap { ($0.variable.map { [$0] } ?? []) + $0.environment }
        #expect(Set(own).count == own.count)
    }

    @Test(arguments: entries)
    func `names are words of small letters, digits and hyphens`(entry: Entry) {
        let details = entry.command.details
        let names = [entry.command.name] + details.options.flatMap(\.longs) + details.options.map(\.key)
        let choices = (details.options.map(\.kind) + details.operands.map(\.kind)).flatMap(\.words)
        for name in names + choices {
            #expect(name.allSatisfy { $0 == "-" || ($0.isASCII && ($0.isNumber || $0.isLowercase)) }, "\(name)")
            #expect(!name.isEmpty && !name.hasPrefix("-") && !name.hasSuffix("-"), "\(name)")
        }
    }

    @Test(arguments: entries)
    func `every value has a placeholder and every switch has none`(entry: Entry) {
        for option in entry.command.details.options {
            #expect(option.placeholder.isEmpty == option.isToggle, "\(option.key)")
        }
    }

    @Test(arguments: entries)
    func `every summary is one line without a full stop, and details are sentences`(entry: Entry) {
        let details = entry.command.details
        let summaries = [entry.command.summary] + details.options.map(\.summary) + details.operands.map(\.summary)
        for summary in summaries {
            #expect(!summary.isEmpty && !summary.hasSuffix(".") && !summary.contains("\n"), "\(summary)")
        }
        for text in details.options.map(\.details).filter({ !$0.isEmpty }) + details.discussion {
            #expect(text.hasSuffix(".") && !text.contains("  "), "\(text)")
        }
    }

    @Test(arguments: entries)
    func `short help fits a terminal of 80 columns`(entry: Entry) {
        for help in [HelpStyle.short, .long] {
            let text = HelpRenderer.render(entry.command, path: entry.path, help)
            for line in text.split(separator: "\n") where !isExample(line, entry) {
                #expect(line.count <= 79, "\(line)")
            }
        }
    }

    private func isExample(_ line: Substring, _ entry: Entry) -> Bool {
        entry.command.details.examples.contains { line.hasSuffix($0.line) }
    }

    @Test(arguments: entries)
    func `every option can be given in every spelling`(entry: Entry) throws {
        let details = entry.command.details
        for option in details.options {
            let value = sample(of: option)
            for long in option.longs {
                try check(entry, option, option.isToggle ? ["--\(long)"] : ["--\(long)", value], value)
                try check(entry, option, ["--\(long)=\(value)"], value)
                if option.isToggle, option.isKey { try check(entry, option, ["--\(long)", "off"], "off") }
            }
            for short in option.shorts {
                try check(entry, option, option.isToggle ? ["-\(short)"] : ["-\(short)", value], value)
                if !option.isToggle { try check(entry, option, ["-\(short)\(value)"], value) }
            }
        }
    }

    private func check(
        _ entry: Entry, _ option: OptionSpec, _ arguments: [String], _ value: String
    ) throws {
        let operands = entry.command.details.operands.flatMap { operand in
            operand.minimum == 0 ? [] : [operand.kind.words.first ?? "operand"]
        }
        let below = entry.command.details.runsAlone ? [] : ["--help"]
        let line = entry.path.dropFirst() + arguments + operands + below
        let parsed = try ArgumentParser.parse(Array(line), root: CommandTable.root)
        let given = try #require(parsed.given.last)
        #expect(given.key == option.key)
        #expect(given.values == [try option.kind.parse(value)])
    }

    /// A value that the option takes.
    private func sample(of option: OptionSpec) -> String {
        switch option.kind {
        case .toggle: "on"
        case .integer(let range, _): String(range.lowerBound)
        case .duration: "5s"
        case .size(let range): String(range.lowerBound)
        case .byteRate: "1KiB/s"
        case .number(let rule): NumberText.spell(rule.range.lowerBound, rule)
        case .choice(let words): words[0]
        case .listenAddress: "127.0.0.1:0"
        case .placement(let profiles): "\(profiles[0])=127.0.0.1:0"
        case .file, .directory, .text: "value"
        }
    }

    @Test(arguments: entries)
    func `every default parses, and its canonical spelling reads back the same`(entry: Entry) throws {
        for option in entry.command.details.settings where option.defaultText != nil {
            for value in Settings()[option].values {
                let spelled = option.kind.spelling(of: value)
                #expect(try option.kind.parse(spelled) == value, "\(option.key)")
            }
        }
    }

    @Test(arguments: entries)
    func `every example parses`(entry: Entry) throws {
        for example in entry.command.details.examples {
            let words = shellWords(example.line)
            let start = try #require(words.firstIndex { $0.hasSuffix("sessionctl") }, "\(example.line)")
            let arguments = words[(start + 1)...].prefix { $0 != "|" && $0 != "&&" }
            #expect(throws: Never.self, "\(example.line)") {
                try ArgumentParser.parse(Array(arguments), root: CommandTable.root)
            }
        }
    }

    /// The words of a simple shell line: blanks separate, single quotes keep together.
    private func shellWords(_ line: String) -> [String] {
        var words: [String] = []
        for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                words.append(String(part))
            } else {
                words += part.split(separator: " ").map { $0.filter { !"<()".contains($0) } }
            }
        }
        return words
    }

    @Test(arguments: ["subscribe", "publish", "notify", "report", "stream", "locker", "session"])
    func `every verb of channels and lockers speaks JSON and takes credentials and expectations`(name: String) throws {
        let verbs = Self.entries.filter { $0.path.dropFirst().first == name && $0.command.details.runsAlone }
        #expect(!verbs.isEmpty)
        for verb in verbs {
            let keys = Set(verb.command.details.options.map(\.key))
            #expect(
                keys.isSuperset(of: ["json", "url", "token-file", "api-key-file", "timeout", "expect-json"]), "\(verb)")
            if name == "locker" { #expect(keys.contains("session-file"), "\(verb)") }
            let isWatching = name == "subscribe" || ["watch", "join"].contains(verb.command.name)
            #expect(keys.isSuperset(of: ["expect-none", "within", "reconnect"]) == isWatching, "\(verb)")
        }
    }

    @Test func `every command has a man page that explains its options`() throws {
        let pages = GeneratedFile.manuals
        #expect(pages.count == CommandTable.commands.count + 1)
        for command in CommandTable.commands {
            let page = try #require(pages.first { $0.name == "sessionctl-\(command.name).1" })
            for section in [
                ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS", ".SH EXIT STATUS", ".SH EXAMPLES",
            ] {
                #expect(page.text.contains(section + "\n"), "\(command.name)")
            }
            for option in command.details.options {
                let name = option.displayName.split(separator: "-").joined(separator: "\\-")
                #expect(page.text.contains("\\fB\\-\\-\(name)\\fR"), "\(command.name) \(option.key)")
            }
        }
    }
}
