import CommandKit
import SessionBase
import SessionClient
import SessionCodec
import SessionConsole

/// `token refresh` and `token revoke`: what a running server does with a token.
enum TokenExchange {
    /// Exchanges a refresh token, which goes nowhere but into the request's body.
    static func refresh(_ invocation: Invocation) throws(CommandError) {
        let token = String(decoding: try invocation.tokenOperand(), as: UTF8.self)
        let answer = try call(
            APIRequest("POST", "auth", "refresh", body: ["refresh_token": .string(token)]), invocation,
            of: .service(.sync))
        guard let access = answer["access_token"]?.string, let refresh = answer["refresh_token"]?.string else {
            throw CommandError(.protocol, "the server's answer has no tokens; is it sessionctl serve?")
        }
        try invocation.resultPrinter().show(answer) { [.lines([access, refresh])] }
    }

    /// Has a token refused by its `jti`, which is all of it that is sent.
    static func revoke(_ invocation: Invocation) throws(CommandError) {
        let text = try invocation.tokenOperand()
        let tokenID: String?
        do throws(TokenFailure) {
            tokenID = try TokenClaims(JSONObject.parse(part: CompactToken.parse(text.span).payload, .payload)).tokenID
        } catch {
            throw CommandError(.badData, "this is no token that a server takes: \(error.reason)")
        }
        guard let tokenID else {
            throw CommandError(
                .badData,
                "the token has no jti to revoke it by; 'sessionctl admin revoke' revokes its user or all that are as old"
            )
        }
        let answer = try call(
            APIRequest("POST", "admin", "revocations", body: ["jti": .string(tokenID)]), invocation,
            of: .administration)
        try invocation.resultPrinter().show(answer) {
            let count = answer["closed"]?.integer ?? 0
            let closed = count == 1 ? "1 connection" : "\(count) connections"
            return [.lines(["revocation \(answer["id"]?.string ?? "") is in force, closed \(closed)"])]
        }
    }

    private static func call(
        _ request: APIRequest, _ invocation: Invocation, of server: VerbServer
    ) throws(CommandError) -> JSONValue {
        let client = APIClient(try invocation.httpConfiguration(server, interruption: nil))
        do throws(CommandError) { return try client.call(request).value } catch {
            let printer = invocation.resultPrinter()
            if printer.form.isJSON, let refusal = client.refusal { try printer.show(refusal) { [] } }
            throw error
        }
    }
}
