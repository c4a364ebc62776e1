import CommandKit
import Testing
import sessionctl

/// README against the program: what it shows can be run, and what it names is there.
@Suite struct ReadmeTests {
    static let readme = Readme()

    @Test func `the two commands stand as they are promised`() {
        let commands = "./.ci/setup && swift run -c release sessionctl serve\n./.ci/setup && swift test\n"
        #expect(Self.readme.blocks.first?.text == commands)
    }

    @Test func `the script for continuous integration runs and says what README says`() throws {
        let script = try #require(Self.readme.blocks.first { $0.section == "In a script" && $0.language == "sh" })
        let path = "PATH=\"$(dirname \"$1\"):$PATH\"; export PATH\n"
        let run = SpawnedProgram(script: path + script.text)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "first: 2 warnings, second: 1\n")
        #expect(Self.readme.spans(in: "In a script").contains(run.output.trimmingLineEnd))
    }

    @Test(arguments: ["Session state", "Channels", "Lockers", "Boards"])
    func `the script of a profile runs and says what README says`(section: String) throws {
        let blocks = Self.readme.blocks.filter { $0.section == section }
        let script = try #require(blocks.first { $0.language == "sh" })
        let path = "PATH=\"$(dirname \"$1\"):$PATH\"; export PATH\n"
        let run = SpawnedProgram(script: path + script.text)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == blocks.first { $0.language == "text" }?.text)
    }

    @Test func `every command line of sessionctl parses`() throws {
        let lines = Self.readme.commandLines
        #expect(lines.count > 20)
        for words in lines {
            #expect(throws: Never.self, "sessionctl \(words.joined(separator: " "))") {
                try ArgumentParser.parse(words, root: CommandTable.root)
            }
        }
    }

    @Test func `every path of the source tour exists`() {
        let paths = Self.readme.spans(in: "Source tour").filter { $0.contains("/") || $0.hasSuffix(".swift") }
            .filter { !$0.contains(" ") && !$0.hasPrefix("/") }
        #expect(paths.count > 30)
        let tests = paths.map { "test -e \"$2/\($0)\" || echo \($0)" }.joined(separator: "\n")
        #expect(SpawnedProgram(script: tests).output == "")
    }

    @Test func `every file that adding a protocol names exists`() {
        let names = Self.readme.spans(in: "Adding a protocol").filter { $0.hasSuffix(".swift") }
        #expect(!names.isEmpty)
        let tests = names.map { "find \"$2/Sources\" -name \($0) | grep -q . || echo \($0)" }
        #expect(SpawnedProgram(script: tests.joined(separator: "\n")).output == "")
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
