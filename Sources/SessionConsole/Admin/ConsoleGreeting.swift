import CommandKit
import SessionCodec

/// What the console says first: whom it speaks to, so that nobody acts on the wrong server.
enum ConsoleGreeting {
    /// `connected to unix:… (sessionctl 0.1.0, process 7, 12 connections)`.
    ///
    /// - Throws: ``CommandError`` where the server does not answer, which ends the console before it begins.
    static func text(_ api: APIClient) throws(CommandError) -> String {
        let figures = try api.call(APIRequest("GET", "varz")).value
        var facts: [String] = []
        if let version = figures["version"]?.string { facts.append("sessionctl \(version)") }
        if let process = figures["pid"]?.integer { facts.append("process \(process)") }
        if case .object(let services)? = figures["connections"] {
            facts.append(KickVerb.counted(services.members.reduce(0) { $0 + Int($1.value.integer ?? 0) }))
        }
        return "connected to \(api.name) (\(facts.joined(separator: ", ")))"
    }
}
