/// The values of a command's options after all sources were looked at. Every value knows where it came from.
package struct Settings: Sendable {
    /// What one option was set to.
    package struct Setting: Equatable, Sendable {
        /// One value; any number for a list.
        package var values: [OptionValue]
        /// Where each value came from; all have the same layer.
        package var origins: [Origin]
    }

    private var settings: [String: Setting] = [:]

    /// Makes settings in which every option has its default.
    package init() {}

    /// The value of an option: what was set, or else its default.
    package subscript<Value>(_ option: Option<Value>) -> Value {
        option.read((settings[option.spec.key] ?? option.spec.standardSetting).values)
    }

    /// What an option was set to, or its default.
    package subscript(_ option: OptionSpec) -> Setting { settings[option.key] ?? option.standardSetting }

    /// Where the value of an option came from; for a list, where its first value did.
    package func origin<Value>(of option: Option<Value>) -> Origin {
        settings[option.spec.key]?.origins.first ?? .standard
    }

    /// Whether anything but the default gives an option its value.
    package func isSet<Value>(_ option: Option<Value>) -> Bool { settings[option.spec.key] != nil }

    /// The error for the value of an option that turned out not to do, with the exit status its origin calls for.
    package func error<Value>(_ option: Option<Value>, _ remedy: String) -> CommandError {
        let setting = self[option.spec]
        let text = setting.values.last.map { option.spec.kind.spelling(of: $0) }
        return origin(of: option).error(for: option.spec, option.spec.isToggle ? nil : text, remedy)
    }

    /// The same for one value of a list, counted from 0.
    package func error<Value>(_ option: Option<Value>, value index: Int, _ remedy: String) -> CommandError {
        let setting = self[option.spec]
        return setting.origins[index].error(
            for: option.spec, option.spec.kind.spelling(of: setting.values[index]), remedy)
    }

    /// Sets an option, in place of what was set before.
    mutating func set(_ option: OptionSpec, _ setting: Setting) { settings[option.key] = setting }

    /// Sets an option where nothing set it before; what files say that are read last.
    mutating func setIfAbsent(_ option: OptionSpec, _ setting: Setting) {
        if settings[option.key] == nil { settings[option.key] = setting }
    }
}

extension OptionSpec {
    /// The option's default, parsed; no values where it has none.
    fileprivate var standardSetting: Settings.Setting {
        guard let defaultText else { return Settings.Setting(values: [], origins: []) }
        do throws(CommandError) {
            let values = try parse(defaultText, from: .standard)
            return Settings.Setting(values: values, origins: values.map { _ in .standard })
        } catch {
            preconditionFailure("the catalogue declares a default that does not parse: \(error.message)")
        }
    }
}
