package import CommandKit

/// The profiles that a client can speak.
package enum ClientProfile: String, CaseIterable, Sendable { case awareness, sync, channels, board, lockers, echo }

/// What `wait` waits for.
package enum WaitGoal: String, CaseIterable, Sendable { case ready, open }

/// The options of the client commands (PROTOCOLS §1.11).
package enum ClientOptions {
    // MARK: Connection

    package static let profile = Option.choice(
        "profile", "Protocol to speak; picks the default URL", default: ClientProfile.awareness
    )
    .detail("Without a URL the profile's native listener on loopback is used: ws://127.0.0.1:8765/ for awareness.")
    package static let header = Option.list("header", "Send a header with the handshake", "'NAME: VALUE'").short("H")
    package static let origin = Option.text("origin", "Send this Origin header", "ORIGIN")
    package static let subprotocol = Option.list("subprotocol", "Offer a subprotocol", "NAME").short("s")
        .detail("Offered in the order given, such as sessionctl.awareness.v2.")
    package static let caCertificate = Option.text("cacert", "Trust the certificates in FILE (PEM)", "FILE", .file)
        .unset("the system's authorities")
    package static let certificate = Option.text("cert", "Client certificate (PEM)", "FILE", .file)
    package static let key = Option.text("key", "Private key of the client certificate (PEM)", "FILE", .file)
    package static let insecure = Option.toggle("insecure", "Do not verify the server's certificate").short("k")
    package static let connectTimeout = Option.duration(
        "connect-timeout", "Wait for the handshake", default: "10s", minimum: .milliseconds(1)
    )
    .detail("Then exit status 75.")
    package static let compress = Option.toggle("compress", "Offer permessage-deflate")

    // MARK: Output

    package static let json = Option.toggle("json", "Write one JSON object a line, both directions")
        .detail(
            """
            Objects have "t" and "mono_ns" (nanosecond times), "dir" ("in" or "out"), "op", "len" and "data", or \
            "b64" for binary. Fields may be added, never removed.
            """)
    package static let quiet = Option.toggle("quiet", "Say nothing on standard error but errors").short("q")
    package static let noColor = Option.toggle("no-color", "Do not colour, as with NO_COLOR set")

    // MARK: When to stop

    package static let wait = Option<Duration?>.duration(
        "wait", "Leave after this much silence", or: "forever", default: "2s"
    )
    .short("w").detail("Counted from the end of the input, and anew from each frame received.")
    package static let count = Option<Int?>.integer("count", "Leave after N messages received", 1...1_000_000_000)
        .short("N")
    package static let expectJSON = Option.list("expect-json", "Expect a message that matches PATTERN", "PATTERN")
        .detail(
            """
            PATTERN is JSON, compared by structure; a message may have additional fields. The stream is searched \
            until --within, counted from the last message sent; each of several patterns needs a message of its own, \
            in any order. Not found: exit status 1.
            """)
    package static let expectNone = Option<Duration?>.duration("expect-none", "Expect silence for this long")
        .detail("A message within it: exit status 1.")
    package static let expectClose = Option<Int?>.integer(
        "expect-close", "Expect the peer to close with this code", 1000...4999
    )
    .detail("Another code, or none until --within: exit status 1.")
    package static let within = Option.duration(
        "within", "Time for the expectations", default: "5s", minimum: .milliseconds(1))

    // MARK: Messages

    package static let execute = Option.list("execute", "Send MESSAGE once connected", "MESSAGE").short("x")
        .detail("Sent in the order given, before standard input.")
    package static let onConnect = Option.list("on-connect", "Send MESSAGE after every connect", "MESSAGE")
        .detail("After a reconnect too, where --execute is not repeated.")
    package static let echo = Option.toggle("echo", "Send back what is received")
        .detail(
            """
            Text as text and binary as binary; ignores standard input and --wait, offers permessage-deflate, accepts \
            64 MiB a message, never reconnects, and leaves with status 0 on any clean close.
            """)
    package static let reconnect = Option.toggle("reconnect", "Connect again when the connection is lost")
        .detail(
            """
            After 1001, 1006, 1011 and 4500 to 4599, waiting up to min(30 s, 1 s * 2^n) at random. Other codes end \
            the command.
            """)
    package static let maxAttempts = Option<Int?>.integer(
        "max-attempts", "Give up after N attempts in a row", 1...1_000_000
    )
    .detail("Implies --reconnect.")
    package static let history = Option.text("history", "Keep typed lines in FILE", "FILE", .file)
        .environment("SESSIONCTL_HISTORY")
        .unset("$XDG_STATE_HOME/sessionctl/history, or ~/.local/state/sessionctl/history")
        .detail("Mode 0600; lines that hold a secret are left out.")

    // MARK: Faults

    package static let fragment = Option<Int?>.integer(
        "fragment", "Send messages in frames of N bytes", 1...1_073_741_824)
    package static let noPong = Option.toggle("no-pong", "Do not answer pings")
    package static let readRate = Option<Int?>.byteRate(
        "read-rate", "Read at most this much a second", 1...(1 << 40), or: "off"
    )
    .detail("Such as 1KiB/s; plays the slow consumer.")
    package static let rawFrame = Option.list("raw-frame", "Send exactly these bytes", "HEX")
        .detail("Once connected and before any message; nothing is framed or masked.")

    // MARK: Awareness

    package static let user = Option.required("user", "User that the window belongs to", "ID")
    package static let window = Option.required("window", "Window to act for", "ID")
    package static let caseID = Option.required("case", "Case that the window shows", "ID")
    package static let slide = Option.text("slide", "Slide that the window shows", "ID")
    package static let every = Option.duration(
        "every", "Time between heartbeats", default: "30s", minimum: .milliseconds(1))
    package static let duration = Option<Duration?>.duration("for", "Leave after this long")
        .unset("runs until a signal or the close")
    package static let once = Option.toggle("once", "Leave after the first answer")

    // MARK: ping and wait

    package static let pingCount = Option.integer("count", "Round trips to make", 1...1_000_000_000, default: 5)
        .short("N")
    package static let interval = Option.duration("interval", "Time between round trips", default: "1s")
    package static let goal = Option.choice("for", "What to wait for", default: WaitGoal.ready)
        .detail("'ready' asks GET /readyz, 'open' completes a handshake.")
    package static let timeout = Option.duration(
        "timeout", "Give up after this long", default: "30s", minimum: .milliseconds(1)
    )
    .detail("Then exit status 75.")

    // MARK: Groups

    /// What every command that opens a connection takes.
    package static var connection: [OptionSpec] {
        [profile.spec].under("Connection") + transport
    }

    /// How a connection is made, where the protocol is known.
    package static var transport: [OptionSpec] {
        [
            header.spec, origin.spec, subprotocol.spec, caCertificate.spec, certificate.spec, key.spec,
            insecure.spec, connectTimeout.spec, compress.spec,
        ].under("Connection")
    }

    /// How results are shown.
    package static var output: [OptionSpec] { [json.spec, quiet.spec, noColor.spec].under("Output") }

    /// When a command that reads messages stops, and what it expects.
    package static var stopping: [OptionSpec] {
        [wait.spec, count.spec, expectJSON.spec, expectNone.spec, expectClose.spec, within.spec]
            .under("When to stop")
    }

    /// How to misbehave on purpose.
    package static var faults: [OptionSpec] {
        [fragment.spec, noPong.spec, readRate.spec, rawFrame.spec].under("Faults")
    }

    /// Whom an awareness command acts for.
    package static var identity: [OptionSpec] {
        [user.spec, window.spec, caseID.spec, slide.spec].under("Window")
    }
}
