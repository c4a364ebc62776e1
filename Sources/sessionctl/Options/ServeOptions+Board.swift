package import CommandKit
internal import SessionStorage

/// The options of board (PROTOCOLS §5, §1.10).
extension ServeOptions {
    package static let boardPort = Option.integer(
        "board-port", "Port of board's native listener", 0...65_535, default: 8000, placeholder: "PORT"
    )
    .detail("PORT in the environment applies where exactly one profile that knows it runs and no option places it.")
    .sharedEnvironment("PORT").rule("§1.2")
    package static let boardAuth = Option.choice("board-auth", "Who may use boards", default: AuthMode.required)
        .detail(
            """
            'required' takes nobody without a token that names user and room; 'optional' lets those without one look on, \
            in the room of ?roomId=; 'open' lets everybody draw. There ?userId= and ?roomId= say who comes where; without \
            them it is a guest in the room 'default'. --dev makes it 'open'.
            """
        )
        .rule("3-4")
    package static let boardBackend = Option.text("board-backend", "Keep boards in the service at URL", "[URL]")
        .detail(
            """
            Boards are loaded with GET and stored with PUT at URL/api/rooms/ROOM/board; without a value the URL is \
            http://localhost:3000. What the service does not have yet is kept in --store, and stored when it can be, also \
            after a restart. Without this option boards stay in --store.
            """
        )
        .implied("http://localhost:3000").environment("BACKEND_URL").unset("boards stay in --store").rule("3-19")
    package static let boardBackendLoad = Option.text("board-backend-load", "Path of a board to load", "PATH")
        .detail("'{roomId}' stands for the room, percent-encoded. The path of --board-backend comes before it.")
        .unset(BoardBackendConfiguration.defaultTemplate).rule("§5.4")
    package static let boardBackendStore = Option.text("board-backend-store", "Path of a board to store", "PATH")
        .detail("As --board-backend-load.").unset(BoardBackendConfiguration.defaultTemplate).rule("§5.4")
    package static let boardBackendSecret = Option.text(
        "board-backend-secret", "Sign the tokens for the backend with SECRET", "SECRET"
    )
    .detail(
        """
        Each request has a token of a minute, signed by HS256, with iss 'sessionctl', aud 'backend' and roomId. Better set \
        in the environment or a file: other people see command lines.
        """
    )
    .secret().unset("JWT_SECRET").rule("§5.4")
    package static let boardBackendSecretFile = Option.text(
        "board-backend-secret-file", "Read the secret of the backend from FILE", "FILE", .file
    )
    .detail("The file's first line.").unset("--board-backend-secret").rule("§5.4")
    package static let boardBackendTimeout = Option.duration(
        "board-backend-timeout", "Wait for the backend's answer", default: "5s", minimum: .milliseconds(1)
    )
    .rule("§5.4")
    package static let boardBackendConcurrency = Option.integer(
        "board-backend-concurrency", "Most requests to the backend at once", 1...1024, default: 32
    )
    .detail("Never more than one for a room.").rule("§5.4")
    package static let boardBackendCA = Option.text(
        "board-backend-ca", "Trust these authorities (PEM) for the backend", "FILE", .file
    )
    .detail("In place of those that the system trusts.").unset("the system's").rule("§5.4")
    package static let boardDebounce = Option.duration(
        "board-debounce", "Store a board this long after its last change", default: "2s", minimum: .milliseconds(1)
    )
    .rule("3-17")
    package static let boardDebounceMax = Option.duration(
        "board-debounce-max", "Store a board at the latest this long after a change", default: "10s",
        minimum: .milliseconds(1)
    )
    .detail("Counted from the first change that is not stored.").rule("3-17")
    package static let boardMaxRooms = Option<Int?>.integer(
        "board-max-rooms", "Most rooms at once", 1...100_000_000, or: "off"
    )
    .detail("Who would open one more is closed with 4503.").alias("max-rooms").rule("3-21")
    package static let boardSnapshotLimit = Option.size(
        "board-snapshot-limit", "Largest board", 1024...(1 << 30), default: 4 << 20
    )
    .detail("Measured as a snapshot. Beyond it no shape is added (ROOM_FULL).").rule("3-25")
    package static let boardMessageLimit = Option.size(
        "board-message-limit", "Largest board message", 1024...(1 << 30), default: 64 << 10
    )
    .detail("Beyond it: close code 1009. Compressed messages are measured inflated.").rule("§5.3")
    package static let boardCompression = Option.toggle("board-compression", "Offer permessage-deflate on board")
        .rule("C10")

    /// The keys of board, in the order of the help.
    static var boardKeys: [OptionSpec] {
        [
            boardPort.spec, boardAuth.spec, boardBackend.spec, boardBackendLoad.spec, boardBackendStore.spec,
            boardBackendSecret.spec, boardBackendSecretFile.spec, boardBackendTimeout.spec,
            boardBackendConcurrency.spec, boardBackendCA.spec, boardDebounce.spec, boardDebounceMax.spec,
            boardMaxRooms.spec,
            boardSnapshotLimit.spec, boardMessageLimit.spec, boardCompression.spec,
        ]
    }
}
