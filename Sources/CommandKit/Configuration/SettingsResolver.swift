/// The second stage after parsing: command line, then environment, then file (PROTOCOLS C15). Defaults stay out of it:
/// ``Settings`` knows them.
package struct SettingsResolver {
    private let options: [OptionSpec]
    private let environment: (String) -> String?

    /// Resolves for these options.
    ///
    /// - Parameter environment: Looks a variable up; an empty one counts as absent.
    package init(options: [OptionSpec], environment: @escaping (String) -> String?) {
        self.options = options
        self.environment = environment
    }

    /// Merges what the sources say.
    ///
    /// - Parameters:
    ///   - parsed: The command line; what its command settles counts as part of it.
    ///   - file: The configuration file, already without problems.
    ///   - admitsShared: Decides whether a variable that several profiles claim applies to an option.
    /// - Throws: Status 64 for the command line, 78 for the rest.
    package func resolve(
        _ parsed: ParsedCommand, file: ConfigurationFile? = nil,
        admitsShared: (OptionSpec, String) throws(CommandError) -> Bool = { _, _ throws(CommandError) in true }
    ) throws(CommandError) -> Settings {
        var settings = Settings()
        try apply(parsed, to: &settings)
        for option in options { try applyEnvironment(option, to: &settings, admitsShared) }
        if let file { try apply(file, to: &settings) }
        return settings
    }

    /// Says which option the command cannot do without and does not have.
    package func requireAll(_ settings: Settings, command: String) throws(CommandError) {
        let missing = options.filter { $0.isRequired && settings[$0].values.isEmpty }
        guard !missing.isEmpty else { return }
        let list = missing.map { "\($0.displayName) \($0.placeholder)" }.joined(separator: ", ")
        throw .usage("'\(command)' needs \(list)")
    }

    private func apply(_ parsed: ParsedCommand, to settings: inout Settings) throws(CommandError) {
        for option in options {
            let origin = Origin.command(parsed.name)
            if let settled = parsed.details.settled.first(where: { $0.option.key == option.key }) {
                let values = try option.parse(settled.value, from: origin)
                settings.set(option, Settings.Setting(values: values, origins: values.map { _ in origin }))
            }
            let given = parsed.given.filter { $0.key == option.key }
            guard let last = given.last else { continue }
            let used = option.isList ? given : [last]
            settings.set(
                option,
                Settings.Setting(
                    values: used.flatMap(\.values),
                    origins: used.flatMap { entry in entry.values.map { _ in entry.origin } }))
        }
    }

    private func applyEnvironment(
        _ option: OptionSpec, to settings: inout Settings,
        _ admitsShared: (OptionSpec, String) throws(CommandError) -> Bool
    ) throws(CommandError) {
        for variable in option.variables {
            guard let text = environment(variable), !text.isEmpty,
                settings[option].origins.allSatisfy({ $0 == .standard })
            else { continue }
            if option.sharedEnvironment.contains(variable) {
                guard try admitsShared(option, variable) else { continue }
            }
            let origin = Origin.environment(variable)
            let values = try option.parse(text, from: origin, splitting: true)
            settings.set(option, Settings.Setting(values: values, origins: values.map { _ in origin }))
            return
        }
    }

    private func apply(_ file: ConfigurationFile, to settings: inout Settings) throws(CommandError) {
        if let problem = file.problems.first { throw problem }
        for option in options where option.isKey {
            let entries = file.entries.filter { $0.key == option.key }
            guard !entries.isEmpty else { continue }
            let origins = entries.flatMap { entry in
                entry.values.map { _ in Origin.file(path: file.path, line: entry.line) }
            }
            settings.setIfAbsent(option, Settings.Setting(values: entries.flatMap(\.values), origins: origins))
        }
    }
}
