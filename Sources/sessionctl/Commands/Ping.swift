import CommandKit
import SessionClient
import SessionConsole
import SessionCrypto

/// `sessionctl ping`: measures round trips.
enum PingCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let settings = invocation.settings
        let trips = RoundTrips(
            count: settings[ClientOptions.pingCount], interval: settings[ClientOptions.interval],
            nonce: SecureRandom.word())
        var client = PingClient(try invocation.clientRun(try invocation.configuration()), trips)
        return ExitStatus(try client.play())
    }
}
