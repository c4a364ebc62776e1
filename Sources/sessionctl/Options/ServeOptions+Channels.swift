package import CommandKit

/// The options of channels (PROTOCOLS §4, §1.10).
extension ServeOptions {
    package static let channelsPort = Option.integer(
        "channels-port", "Port of channels' native listener", 0...65_535, default: 3000, placeholder: "PORT"
    )
    .detail("0 picks a free one. Where lockers have the same port, both share the listener.").rule("§1.2")
    package static let channelsAuth = Option.choice(
        "channels-auth", "Who may use channels", default: AuthMode.optional
    )
    .detail(
        """
        'optional' takes those without a token as anonymous, who hear public channels; 'required' takes nobody without \
        one; 'open' opens everything but administrators' and other users' channels. A bad token is refused in all but \
        'open'. --dev makes it 'open'.
        """
    )
    .rule("2-6")
    package static let channelsRule = Option.list("channels-rule", "Who may do what on which channels", "RULE")
        .detail(
            """
            'PATTERN [subscribe=ROLE[,ROLE]] [publish=ROLE[,ROLE]] [history=N] [ttl=DURATION] [presence=on|off] \
            [policy=disconnect|drop_oldest|conflate]', for example 'patients:* subscribe=staff,admin history=100 ttl=10m'. \
            '*' stands for any text. The first rule whose pattern fits counts, before the rules that are built in. \
            'anyone' and 'authenticated' are roles too. history is how many messages are kept for those who come \
            back, ttl for how long (5m). In the environment, where commas separate the rules, each list has one role. \
            A reload ends the subscriptions that its rules do not allow, with an error. 'reports:progress' carries every report and \
            'reports:data-updates' every row: a rule that hides single ones needs these too. The user of 'user:ID:...' \
            whose id has other characters than a channel is called 'b64.' and its id in base64url.
            """
        )
        .rule("2-9")
    package static let channelsStrictIDs = Option.toggle("channels-strict-ids", "Refuse reports that nobody spoke of")
        .detail("Their connections are closed with 4404. Otherwise they are told that the report is pending.")
        .rule("2-19")
    package static let channelsConnectionTimeout = Option.duration(
        "channels-connection-timeout", "Silence after which a connection is gone", default: "5m",
        minimum: .milliseconds(1), bareMilliseconds: true
    )
    .detail("A bare number is milliseconds.").environment("WEBSOCKET_CONNECTION_TIMEOUT").rule("2-17")
    package static let channelsCleanupInterval = Option.duration(
        "channels-cleanup-interval", "Time between sweeps of silent connections", default: "5m",
        minimum: .milliseconds(1), bareMilliseconds: true
    )
    .detail("A bare number is milliseconds.").environment("WEBSOCKET_CLEANUP_INTERVAL").rule("2-17")
    package static let channelsPingInterval = Option.duration(
        "channels-ping-interval", "Silence of a channels peer before a ping; 0 = off", default: "30s",
        bareMilliseconds: true
    )
    .detail("A bare number is milliseconds. --pong-timeout is how long the answer is waited for.")
    .environment("WEBSOCKET_PING_INTERVAL").rule("2-16")
    package static let channelsIdleCountsPong = Option.toggle(
        "channels-idle-counts-pong", "Take a pong for a sign of life", default: true
    )
    .detail("'off' closes connections that only answer pings after --channels-connection-timeout.").rule("2-16")
    package static let channelsAllowQueryToken = Option.toggle(
        "channels-allow-query-token", "Take a token as ?token="
    )
    .detail("Otherwise a token there is a bad one. Proxies and browsers remember addresses.").rule("2-6")
    package static let channelsMessageLimit = Option.size(
        "channels-message-limit", "Largest channels message", 1024...(1 << 30), default: 1 << 20
    )
    .detail("Beyond it: close code 1009. Compressed messages are measured inflated.")
    .environment("WEBSOCKET_MAX_PAYLOAD").rule("2-17")
    package static let channelsCompression = Option.toggle(
        "channels-compression", "Offer permessage-deflate on channels"
    )
    .rule("C10")
    package static let channelsReportRetention = Option.duration(
        "channels-report-retention", "Remember a report after its end", default: "1h", minimum: .milliseconds(1)
    )
    .rule("§4.5")
    package static let channelsRows = Option.integer(
        "channels-rows", "Rows of a stream to remember", 1...100_000, default: 100
    )
    .detail("Who opens the stream gets them first.").rule("2-24")
    package static let channelsHook = Option.text("channels-hook", "Tell this URL what happens", "URL")
        .detail(
            """
            It gets a POST with a JSON object for each channel_occupied, channel_vacated and report_cancel, one after the \
            other; report_cancel is granted by 2xx and refused by 4xx. Without an answer, or after 5xx, 408 or 429, a call \
            is tried again for 30s. X-Sessionctl-Delivery names the call.
            """
        )
        .unset("nobody is told").rule("2-20")
    package static let channelsHookSecret = Option.text(
        "channels-hook-secret", "Sign what the hook is told with SECRET", "SECRET"
    )
    .detail(
        """
        X-Sessionctl-Signature is then 'sha256=' and the HMAC-SHA256 of the body in hexadecimal digits. Better set in the \
        environment or a file: other people see command lines.
        """
    )
    .secret().unset("calls are not signed").rule("2-20")
    package static let channelsHookSecretFile = Option.text(
        "channels-hook-secret-file", "Read the secret of the hook from FILE", "FILE", .file
    )
    .detail("The file's first line.").unset("--channels-hook-secret").rule("2-20")

    /// The keys of channels, in the order of the help.
    static var channelsKeys: [OptionSpec] {
        [
            channelsPort.spec, channelsAuth.spec, channelsRule.spec, channelsAllowQueryToken.spec,
            channelsStrictIDs.spec, channelsConnectionTimeout.spec, channelsCleanupInterval.spec,
            channelsPingInterval.spec, channelsIdleCountsPong.spec, channelsReportRetention.spec, channelsRows.spec,
            channelsHook.spec, channelsHookSecret.spec, channelsHookSecretFile.spec, channelsMessageLimit.spec,
            channelsCompression.spec,
        ]
    }
}
