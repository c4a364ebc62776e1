import CommandKit
import Testing
import sessionctl

@Suite struct GeneratedFileTests {
    @Test func `man pages are fresh`() throws {
        for file in GeneratedFile.manuals {
            #expect(try TextFile.read("\(SpawnedProgram.sources)/man/\(file.name)") == file.text, Self.advice)
        }
        let listed = SpawnedProgram(script: "ls \"$2/man\" | wc -l").output
        #expect(listed.filter(\.isNumber) == String(GeneratedFile.manuals.count))
    }

    @Test func `completions are fresh`() throws {
        for file in [GeneratedFile.bash, .zsh, .fish] {
            #expect(try TextFile.read("\(SpawnedProgram.sources)/completions/\(file.name)") == file.text, Self.advice)
        }
    }

    private static let advice: Comment = """
        run: swift run sessionctl generate man man, and generate bash|zsh|fish completions
        """

    @Test func `man pages are ASCII and every line fits`() {
        for file in GeneratedFile.manuals {
            #expect(file.text.utf8.allSatisfy { $0 < 128 }, "\(file.name)")
            // Escapes make a line longer than what is read.
            #expect(file.text.split(separator: "\n").allSatisfy { $0.utf8.count <= 160 }, "\(file.name)")
        }
    }

    @Test(.enabled(if: SpawnedProgram.has("groff")))
    func `groff formats every man page without a warning`() {
        let run = SpawnedProgram(script: "cd \"$2/man\" && for page in *; do groff -man -Tutf8 -ww -z $page; done")
        #expect(run.status == 0)
        #expect(run.errors == "")
    }

    @Test func `bash accepts its completion and completes with it`() {
        #expect(SpawnedProgram(script: "bash -n \"$2/completions/sessionctl.bash\"").status == 0)
        #expect(bash("").contains("serve"))
        #expect(bash("ser") == ["serve"])
        #expect(bash("serve aw") == ["awareness"])
        #expect(bash("serve --ping") == ["--ping-interval"])
        #expect(bash("serve --auth-reject ") == ["auto", "http", "close"])
        #expect(bash("serve --auth-reject = h") == ["http"])
        #expect(bash("serve --profile awareness,e") == ["awareness,echo"])
        #expect(bash("serve --profile awareness --awareness-au") == ["--awareness-auth"])
        #expect(bash("serve awareness --heart") == ["--heartbeat-timeout"])
        #expect(bash("config pr") == ["print"])
        #expect(bash("generate ").contains("zsh"))
        #expect(bash("config check Package.sw") == ["Package.swift"])
        #expect(bash("serve --data-dir Sour") == ["Sources"])
        #expect(bash("send --ca") == ["--cacert"])
        #expect(bash("help hea") == ["heartbeat"])
        #expect(bash("connect --no-") == ["--no-color", "--no-pong"])
    }

    /// What bash offers for the words after the program's name; the last word is the one being typed.
    private func bash(_ words: String) -> [String] {
        let script = """
            cd "$2" && source completions/sessionctl.bash
            COMP_WORDS=(sessionctl \(words)\(words.hasSuffix(" ") || words.isEmpty ? "''" : ""))
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _sessionctl
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        return SpawnedProgram(script: script).output.split(separator: "\n").map(String.init)
    }

    @Test(.enabled(if: SpawnedProgram.has("fish")))
    func `fish accepts its completion and completes with it`() {
        #expect(fish("ser") == ["serve"])
        #expect(fish("serve --auth-reject ") == ["auto", "close", "http"])
        #expect(fish("serve awareness --heart") == ["--heartbeat-timeout"])
        #expect(fish("config pr") == ["print"])
        #expect(fish("config check Package.sw") == ["Package.swift"])
    }

    private func fish(_ words: String) -> [String] {
        let script = "source completions/sessionctl.fish; complete -C 'sessionctl \(words)'"
        let run = SpawnedProgram(script: "cd \"$2\" && fish --no-config -c \"\(script)\"")
        return run.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    }

    @Test(.enabled(if: SpawnedProgram.has("zsh")))
    func `zsh accepts its completion and completes with it`() {
        #expect(SpawnedProgram(script: "zsh -n \"$2/completions/_sessionctl\"").status == 0)
        #expect(zsh("serve --auth-reject ").contains("http"))
        #expect(zsh("serve awareness --heart").contains("--heartbeat-timeout"))
    }

    /// What an interactive zsh on a pseudo terminal shows once Tab was pressed.
    private func zsh(_ words: String) -> String {
        let script = """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PROMPT=; cd "$2"; fpath=("$2/completions" $fpath); autoload -Uz compinit; compinit -D -u'
            zpty -w shell 'function show { zle -I; _main_complete; compstate[insert]=; }'
            zpty -w shell 'zle -C show list-choices show; bindkey "^I" show; print READY'
            while zpty -r shell line; do [[ $line == READY* ]] && break; done
            zpty -w -n shell "sessionctl \(words)"$'\\t'
            sleep 1
            zpty -w -n shell $'\\x15exit\\n'
            while zpty -r shell line; do print -rn -- "$line"; done
            """
        let quoted = script.split(separator: "$2", omittingEmptySubsequences: false)
            .joined(separator: SpawnedProgram.sources)
        return SpawnedProgram(script: quoted, shell: ["zsh", "-f", "-c"]).output
    }
}
