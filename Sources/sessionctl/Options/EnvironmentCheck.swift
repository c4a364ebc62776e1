import CommandKit

/// Warns of variables that look like ours and that nobody reads, such as a mistyped `SESSIONCTL_LISTN`.
enum EnvironmentCheck {
    /// Says on standard error which variables have no effect, one line each.
    static func warn(_ invocation: Invocation) throws(CommandError) {
        let context = invocation.context
        let place = invocation.parsed.path.prefix(2).joined(separator: " ")
        for name in context.environmentNames().sorted() where isSuspect(name, context.environment(name) ?? "") {
            // Without the prefix, which makes all of them alike.
            let mistyped = String(name.dropFirst(prefix.count))
            let candidates = known.map { String($0.dropFirst(prefix.count)) }
            let nearest = Suggestion.nearest(to: mistyped, among: candidates).map { "did you mean \(prefix)\($0)?" }
            let remedy = nearest ?? "unset it; 'sessionctl help serve' names those that are read"
            try context.errors.write(
                "\(place): warning: environment variable \(Origin.printable(name)) is read by nobody; \(remedy)\n")
        }
    }

    /// Whether a variable has our prefix, a value, and no reader.
    static func isSuspect(_ name: String, _ value: String) -> Bool {
        name.hasPrefix(prefix) && !value.isEmpty && !known.contains(name) && !ofBuild.contains(name)
            && !isOfService(name, value)
    }

    private static let prefix = "SESSIONCTL_"

    /// What any command reads.
    private static let known = names(CommandTable.root.details)

    /// What `Package.swift` reads.
    private static let ofBuild = ["SESSIONCTL_STRICT", "SESSIONCTL_FUZZ"]

    private static func names(_ details: CommandDetails) -> [String] {
        details.options.flatMap(\.variables).filter { $0.hasPrefix(prefix) }
            + details.subcommands.flatMap { names($0.details) }
    }

    /// Whether Kubernetes made it for a service called sessionctl: SESSIONCTL_SERVICE_HOST, SESSIONCTL_PORT_80_TCP_ADDR.
    private static func isOfService(_ name: String, _ value: String) -> Bool {
        name.hasPrefix("SESSIONCTL_SERVICE_") || (name.hasPrefix("SESSIONCTL_PORT_") && name.contains("_TCP"))
            || (name == "SESSIONCTL_PORT" && value.contains("://"))
    }
}
