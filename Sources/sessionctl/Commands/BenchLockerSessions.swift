import CommandKit
import SessionBench
import SessionClient
import SessionCodec
import SessionConsole

/// Sessions of lockers that are created for a load (PROTOCOLS §1.10, *Lockers' sessions*).
enum BenchLockerSessions {
    private static let path = "/admin/locker-sessions"

    /// Creates the sessions that `--sessions` asks for, and gives them to the plan.
    ///
    /// The server is asked on its administration socket where it has one on this machine, which needs no credential, else
    /// at the first target with the plan's header fields.
    ///
    /// - Throws: The status of the failure, or of the answer, where the server makes none.
    static func create(_ invocation: Invocation, _ plan: inout LoadPlan) throws(CommandError) {
        guard case .topics(var load) = plan.workload, load.kind == .lockers,
            let count = invocation.settings[BenchTopicOptions.sessions], let target = plan.targets.first
        else { return }
        let folders = AdminSockets.folders(environment: invocation.context.environment)
        let place = ServerProbe.find(behind: target, in: folders)?.endpoint ?? target
        let client = HTTPClient(configuration(place, plan))
        for number in 0..<count { load.sessions.append(try session(number, client, place)) }
        plan.workload = .topics(load)
    }

    private static func configuration(_ endpoint: Endpoint, _ plan: LoadPlan) -> HTTPConfiguration {
        var configuration = HTTPConfiguration(endpoint: endpoint)
        configuration.timeout = plan.timeout
        for field in plan.headers { configuration.fields.append(field.name, field.value) }
        configuration.security.authoritiesPath = plan.security.authoritiesPath
        configuration.security.certificatePath = plan.security.certificatePath
        configuration.security.keyPath = plan.security.keyPath
        configuration.security.isVerificationOff = plan.security.isVerificationOff
        return configuration
    }

    private static func session(
        _ number: Int, _ client: HTTPClient, _ place: Endpoint
    ) throws(CommandError) -> String {
        var body = JSONWriter()
        body.object { json in json.field("userId", "bench-\(number)") }
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try client.send(
                "POST", path, fields: ["Content-Type": "application/json"], body: body.takeBytes())
        } catch {
            throw CommandError(ExitStatus(error.verdict), "no session can be created: \(error)")
        }
        // A body that is no JSON has no session in it.
        let document = try? JSONValue.parse(response.body.span)
        if response.status.rawValue == 201, let id = document?["sessionId"]?.string { return id }
        let says = document?["message"]?.string.map { ": \($0)" } ?? ""
        let advice =
            [401, 403].contains(response.status.rawValue)
            ? "; give a credential of the role admin with --header" : ""
        let verdict = Verdict(apiStatus: response.status.rawValue)
        throw CommandError(
            ExitStatus(verdict == .success ? .protocolViolation : verdict),
            "\(place.publicDescription) creates no session (HTTP \(response.status.rawValue)\(says))\(advice)")
    }
}
