import CommandKit
package import SessionTerminal

/// What Tab offers in the console: verbs, their options, values of these, and ids that live on the server.
package final class ConsoleCompletion {
    private let live: (LiveIDs) -> [String]

    /// Completes with ids from `live`.
    package init(live: @escaping (LiveIDs) -> [String]) { self.live = live }

    /// The words that the word being typed may become; a blank stands behind those that are whole.
    package func words(for request: LineEditor.CompletionRequest) -> [String] {
        var before = ConsoleWords.splitUnfinished(request.before)
        if before.first == "sessionctl" { before.removeFirst() }
        if before.first == AdminVerbs.group.name { before.removeFirst() }
        return words(behind: before, request.word).map { $0.hasSuffix(":") ? $0 : $0 + " " }
    }

    private func words(behind before: [String], _ word: String) -> [String] {
        let verbs = AdminVerbs.group.verbs.map(\.spec.name)
        let builtins = ConsoleLine.builtins.map(\.name)
        switch before.first {
        case nil: return verbs + builtins
        case "help": return before.count == 1 ? verbs + builtins : []
        case "watch": return before.count == 1 ? ["2", "off"] : words(behind: Array(before.dropFirst(2)), word)
        case "untrace": return live(.connections)
        case let name?:
            guard let verb = AdminVerbs.group.verb(name) else { return [] }
            return words(of: verb, behind: before, word)
        }
    }

    private func words(of verb: Verb, behind before: [String], _ word: String) -> [String] {
        let options = verb.command(with: [APIOptions.json.spec]).details.options
        if let option = openOption(before, options) { return values(of: option, verb) }
        if word.hasPrefix("-") { return options.map(\.displayName) + ["--help"] }
        let operands = verb.spec.details.operands
        guard let operand = operands.last else { return options.map(\.displayName) }
        if !operand.kind.words.isEmpty { return operand.kind.words }
        return verb.completes.map(live) ?? []
    }

    /// The option whose value comes next.
    private func openOption(_ before: [String], _ options: [OptionSpec]) -> OptionSpec? {
        guard let last = before.last, last.hasPrefix("-"), !last.contains("=") else { return nil }
        return options.first { option in
            !option.isToggle
                && (option.longs.contains { "--" + $0 == last } || option.shorts.contains { "-\($0)" == last })
        }
    }

    private func values(of option: OptionSpec, _ verb: Verb) -> [String] {
        if !option.words.isEmpty { return option.words }
        let fields = AdminList.all.first { $0.name == verb.spec.name }?.fields ?? AdminList.connections.fields
        switch option.key {
        case "user": return live(.users)
        case "session": return live(.sessions)
        case ListOptions.sort.spec.key: return fields.map(\.name) + fields.map { "-" + $0.name }
        case ListOptions.columns.spec.key, ListOptions.filter.spec.key: return fields.map(\.name)
        case "target": return ["admins", "all", "session:", "user:"]
        default: return []
        }
    }
}
