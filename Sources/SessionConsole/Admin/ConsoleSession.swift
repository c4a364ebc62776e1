import CommandKit
import SessionClient

/// Does what a verb typed into the console asks for, whoever typed it: a person or a script.
struct ConsoleSession {
    /// What verbs use.
    var world: VerbWorld

    /// Begins with what verbs use.
    init(_ world: VerbWorld) { self.world = world }

    /// Runs a verb.
    ///
    /// Results are JSON where the whole console or this one line asks for it.
    func run(_ verb: Verb, _ parsed: ParsedCommand) throws(CommandError) -> VerbOutcome {
        let resolver = SettingsResolver(options: parsed.details.settings, environment: { _ in nil })
        let settings = try resolver.resolve(parsed)
        try resolver.requireAll(settings, command: parsed.name)
        var world = world
        if settings[APIOptions.json] { world.printer.form.isJSON = true }
        do throws(CommandError) {
            return try verb.run(VerbCall(parsed: parsed, settings: settings, world: world))
        } catch {
            if world.printer.form.isJSON, let refusal = world.api.refusal { try world.printer.show(refusal) { [] } }
            throw error
        }
    }

    /// The settings of a line that was parsed before.
    func settings(_ parsed: ParsedCommand) throws(CommandError) -> Settings {
        try SettingsResolver(options: parsed.details.settings, environment: { _ in nil }).resolve(parsed)
    }
}
