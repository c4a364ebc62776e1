import CommandKit
import Glibc
import TestSupport
import Testing
import sessionctl

/// The binary from outside: what a shell sees.
@Suite struct ProgramTests {
    @Test func `the version is one line`() {
        for arguments in [["version"], ["--version"], ["-V"]] {
            let run = SpawnedProgram([SpawnedProgram.binary] + arguments)
            #expect(run.status == 0)
            #expect(run.output == "sessionctl \(Program.version)\n")
        }
        #expect(
            InProcess("version", "--json").output
                == "{\"name\":\"sessionctl\",\"version\":\"\(Program.version)\"}\n")
    }

    @Test func `a pipe that nobody reads ends the program silently`() {
        let script = "\"$1\" serve --help | head -1; echo ${PIPESTATUS[0]}"
        let run = SpawnedProgram(script: "for i in 1 2 3; do \(script); done")
        #expect(run.errors == "")
        let ignoring = SpawnedProgram(script: "trap '' PIPE; { \"$1\" serve --help; echo $? >&2; } | sleep 0")
        #expect(!ignoring.errors.contains("cannot write"))
    }

    @Test func `output that cannot be written is status 74`() {
        let run = SpawnedProgram(script: "\"$1\" --help >/dev/full")
        #expect(run.status == 74)
        #expect(run.errors.hasPrefix("sessionctl: cannot write to standard output: "))
        #expect(SpawnedProgram(script: "\"$1\" version >&-").status == 74)
    }

    @Test func `a mistake is status 64 and one line on standard error`() {
        let run = SpawnedProgram([SpawnedProgram.binary, "serve", "--ping-intervall", "5s"])
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors == "sessionctl serve: unknown option --ping-intervall; did you mean --ping-interval?\n")
    }

    @Test func `a bad variable is status 78`() {
        let run = SpawnedProgram(script: "SESSIONCTL_QUEUE_LIMIT=huge \"$1\" config print")
        #expect(run.status == 78)
        #expect(run.errors.hasPrefix("sessionctl config: environment variable SESSIONCTL_QUEUE_LIMIT is huge: "))
    }

    @Test func `nothing to do is status 64 with the short help`() {
        let run = InProcess()
        #expect(run.status == .usage)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("Usage: sessionctl "))
    }

    @Test func `help is coloured on a terminal only, and never against NO_COLOR`() {
        #expect(!SpawnedProgram([SpawnedProgram.binary, "--help"]).output.contains("\u{1B}"))
        let terminal = "script -qec \"$1 --help\" /dev/null"
        if SpawnedProgram.has("script") {
            #expect(SpawnedProgram(script: "TERM=xterm NO_COLOR= \(terminal)").output.contains("\u{1B}[1m"))
            #expect(!SpawnedProgram(script: "TERM=xterm NO_COLOR=1 \(terminal)").output.contains("\u{1B}[1m"))
            #expect(!SpawnedProgram(script: "TERM=dumb \(terminal)").output.contains("\u{1B}[1m"))
        }
    }

    @Test func `help of a command is the same in three spellings`() {
        let long = InProcess("serve", "--help").output
        #expect(InProcess("help", "serve").output == long)
        #expect(InProcess("serve", "-h").output != long)
        #expect(InProcess("help", "config", "check").output == InProcess("config", "check", "--help").output)
        #expect(InProcess("help", "serv").status == .usage)
        #expect(InProcess("serve", "awareness", "-h").status == .usage)
        #expect(InProcess("serve", "awareness", "--help").output.contains("  -h, --host HOST\n"))
    }

    @Test func `install puts binary, man pages and completions where they belong`() {
        let script = """
            dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
            "$1" install --prefix /usr --destdir "$dir" | sed "s|$dir||"
            "$dir/usr/bin/sessionctl" version
            stat -c %a "$dir/usr/bin/sessionctl" "$dir/usr/share/man/man1/sessionctl.1"
            """
        let lines = SpawnedProgram(script: script).output.split(separator: "\n").map(String.init)
        #expect(lines.first == "installed /usr/bin/sessionctl")
        for file in [
            "man/man1/sessionctl-serve.1", "bash-completion/completions/sessionctl", "zsh/site-functions/_sessionctl",
            "fish/vendor_completions.d/sessionctl.fish",
        ] {
            #expect(lines.contains("installed /usr/share/\(file)"))
        }
        #expect(lines.suffix(3) == ["sessionctl \(Program.version)", "755", "644"])
    }

    @Test func `install refuses what it may not write before it writes anything`() {
        let run = SpawnedProgram([SpawnedProgram.binary, "install", "--prefix", "/proc/nowhere"])
        #expect(run.status == 74)
        #expect(run.errors.hasPrefix("sessionctl install: cannot write /proc/nowhere/bin/sessionctl: "))
        #expect(run.output == "")
    }

    @Test func `generate makes the folder that is named and none above it`() {
        let folder = TemporaryFolder()
        let made = folder.path + "/completions"
        #expect(InProcess("generate", "bash", made + "/").errors == "")
        #expect(InProcess("generate", "zsh", made).status == .success)
        #expect(access(made + "/sessionctl.bash", R_OK) == 0)
        #expect(access(made + "/_sessionctl", R_OK) == 0)
        let run = InProcess("generate", "man", folder.path + "/shre/man")
        #expect(run.status == .cannotWrite)
        let above = folder.path + "/shre/"
        #expect(
            run.errors == "sessionctl generate: cannot make \(above)man: there is no folder \(above); make that first\n"
        )
        #expect(access(above, F_OK) != 0)
    }

    @Test func `generate writes a file for each page, or all to standard output`() {
        #expect(InProcess("generate", "bash").output == GeneratedFile.bash.text)
        #expect(InProcess("generate", "fish").output == GeneratedFile.fish.text)
        #expect(InProcess("generate", "zsh").output == GeneratedFile.zsh.text)
        #expect(InProcess("generate", "proto").output == GeneratedFile.schema.text)
        #expect(InProcess("generate", "man").output == GeneratedFile.manuals.map(\.text).joined())
        let run = InProcess("generate", "bsh")
        #expect(run.status == .usage)
        #expect(run.errors == "sessionctl generate: KIND bsh: did you mean bash? write man, bash, zsh, fish or proto\n")
    }
}
