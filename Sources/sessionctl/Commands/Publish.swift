import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl publish`: over HTTP, or over a WebSocket.
enum PublishCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        guard invocation.settings[PublishOptions.socket] else { return try APICommand.run(invocation) }
        let (target, text) = try PublishTarget.read(invocation.parsed, invocation.settings)
        guard case .channel(let channel, exclude: nil) = target else {
            throw .usage("--socket publishes to a channel; leave --user, --connection and --exclude out")
        }
        guard invocation.settings[APIOptions.expectation].isEmpty else {
            throw .usage("--expect-json is for answers over HTTP; leave it or --socket out")
        }
        let shape = try PublishVerb.shape(invocation.settings)
        let typed = text == "-" ? nil : text
        var message: ProducerMessage?
        if let typed { message = try producerMessage(try shape.read(typed, of: "MESSAGE"), of: "MESSAGE") }
        let script = PublishScript(
            channel: channel, message: message, timeout: invocation.settings[APIOptions.timeout]
        ) { line, number in
            do throws(CommandError) {
                guard let value = try shape.read(line: line, number: number) else { return .success(nil) }
                return .success(try producerMessage(value, of: "line \(number)"))
            } catch {
                return .failure(PublishScript.Problem(error.message))
            }
        }
        let endpoint = try invocation.serviceEndpoint(.channels).socketOfChannels
        return try invocation.play(script, on: endpoint, of: .channels, isSilent: true, readsInput: typed == nil)
    }

    private static func producerMessage(
        _ value: JSONValue, of place: String
    ) throws(CommandError) -> ProducerMessage {
        guard let message = ProducerMessage(JSONFragment(value)) else {
            throw CommandError(.badData, "\(place) is no message: its type is empty")
        }
        return message
    }
}
