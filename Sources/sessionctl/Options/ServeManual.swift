package import CommandKit

/// What the man pages of `serve` and `config` say besides their options.
package enum ServeManual {
    /// Variables besides those of options.
    static let variables = [
        ("XDG_STATE_HOME", "Holds sessionctl's folder of state, unless --data-dir names it"),
        ("HOME", "Where XDG_STATE_HOME is not set, state is kept in .local/state/sessionctl below it"),
        ("XDG_RUNTIME_DIR", "Holds sessionctl/PID.sock, unless --admin-socket names it"),
        ("JWT_SECRET", "Secret of access tokens, unless --secret-file has one"),
        ("JWT_REFRESH_SECRET", "Secret of refresh tokens, unless --secret-file has one"),
        ("NO_COLOR", "Where it is not empty, nothing is coloured"),
    ]

    /// How settings are found and files are written.
    package static let configuration = ManualSection(
        "CONFIGURATION",
        [
            """
            A setting comes from the command line, or else from the environment, or else from the file of --config, \
            or else it has its default. 'sessionctl config print' shows each with its origin.
            """,
            """
            The file has one 'key value' a line. Keys are the long option names without dashes; a key that takes a \
            list is repeated; a yes/no key is 'on' or 'off'. '#' starts a comment at the beginning of a line or after \
            white space. A value with a '#' after a blank is written between double quotes, with backslashes before quotes \
            and backslashes. An unknown key, a key given twice, or a bad value is an error with its line, and exit \
            status 78.
            """,
            """
            The variable of a key is SESSIONCTL_ and the key in capitals with underscores, such as \
            SESSIONCTL_PING_INTERVAL; a list is separated by commas there. serve warns of a variable that begins like that and is no key's.
            """,
            """
            A duration is a whole number and one of ms, s, m, h and d; a bare number is milliseconds where the option \
            says so, and otherwise refused. A size is a number of bytes, or one with KiB, MiB or GiB.
            """,
        ])

    /// Which tokens are good, and where they may be shown.
    static let tokens = ManualSection(
        "TOKENS",
        [
            """
            A token is a JSON Web Token (RFC 7519) in compact form, signed by HS256, HS384 or HS512 with a secret, or by \
            RS256, ES256 or EdDSA with a key; 'alg' must be that of the key it is checked with, and 'none' never is. It \
            names its user as sub, userId or user_id and may say session_id or sid, device_id, roomId, roles or role, and \
            scope. It needs exp unless --jwt-allow-no-exp; exp, nbf and iat are held to within 25 s.
            """,
            """
            It is shown as 'Authorization: Bearer', as the subprotocol 'bearer.' and the base64url of the token, offered \
            beside a real one, as a cookie (for channels also 'token'), or to sync in the first message of a WebSocket; in \
            the query to board as ?token=, to others only with --channels-allow-query-token. It appears in no log.
            """,
            """
            POST /auth/refresh with {"refresh_token":"..."} exchanges a refresh token once; one that is shown again revokes \
            all of its family. POST /admin/revocations with one of user, jti, session and issued_before closes what lives \
            on such tokens with 4440 and refuses them until the revocation is lifted; it survives a restart.
            """,
            """
            --api-key admits a program by X-API-Key. It is withdrawn by taking it out of the configuration: revocations \
            are about tokens.
            """,
        ])

    /// What is found where.
    static let paths = ManualSection(
        "PATHS",
        [
            """
            awareness: a WebSocket at any path of its own listener, /awareness elsewhere; GET /stats. sync: /ws and /sync/ws; \
            /session/..., /auth/refresh, GET /health.
            """,
            """
            channels: /ws and /channels/ws; /ws/health, which says in one frame whether the server drains, ten times a \
            second to one address; /api/v1/reports/progress/ID, /api/v1/reports/stream/TEMPLATE and \
            /api/v1/reports/notifications. Producers use POST /api/v1/ws/broadcast, /batch, /users/ID and /connections/ID, \
            PUT /api/v1/reports/ID/status and /complete, POST /api/v1/reports/stream/TEMPLATE; they need the role publisher or \
            admin, or an API key. GET /api/v1/reports/ID/status is for whoever may watch the report, GET \
            /api/v1/debug/websocket/connections and /channels for administrators. A body is at most 256 KiB.
            """,
            """
            lockers: /ws/lockers, /ws/help, /ws/events and those of --lockers-namespace, or the same with /lockers in the place \
            of /ws. GET /api/websocket/status and /commands/ID need a session or an API key; POST /api/websocket/broadcast and \
            /events/... the role service or admin, or an API key.
            """,
            """
            board: / of its own listener, /board elsewhere; with --single also / for who has a 'token' in the query.
            """,
            """
            Everywhere, or only at --admin-listen: /healthz, /readyz, /startupz, /metrics, /varz, /connz, and for \
            administrators /admin/...: connections, slow, disconnect, drain, undrain, reload, config, revocations, channels, \
            channels/NAME/presence, channels/NAME/history, publish, locker-sessions, boards, boards/ROOM, boards/ROOM/flush, and \
            sync's metrics, sessions and broadcast.
            """,
        ])

    /// What clients of channels and lockers may ask for beyond the published protocols.
    static let positions = ManualSection(
        "POSITIONS AND ACKNOWLEDGEMENTS",
        [
            """
            Who asks for none of this sees the published protocols and nothing else. An "id" in a message of a client comes \
            back in the answer to it.
            """,
            """
            channels: "since":{} in a subscribe gives every message of the channel an "offset"; \
            "since":{"epoch":"...","offset":41} goes on behind that message. The answer has epoch and offset, and says with \
            "recovered" whether everything behind that place follows, or nothing of it. It takes a rule with history. \
            "mode":"batch" in an update_interval has all rows of an interval sent as one array; one with a mode or an id is \
            confirmed by interval_updated. {"type":"publish","channel":"...","message":{"type":"..."}} needs a rule with \
            publish and is answered by published.
            """,
            """
            lockers: ?since=now, ?since=EPOCH:OFFSET or ?since=TIME in the URL does the same for the namespace, "since" in a \
            join_room for the room, whose messages have "room" beside the offset. {"type":"ack","commandId":"..."} on \
            /ws/events is told to the room command:ID there as command_acknowledged and can be asked for ten minutes at \
            /api/websocket/commands/ID. A retry of an event or broadcast with the same Idempotency-Key within ten minutes gets \
            the first answer and is not sent again. /api/websocket/status?details=1 adds "node" and "broadcast".
            """,
        ])

    /// How lockers know who is there.
    static let lockers = ManualSection(
        "LOCKER SESSIONS",
        [
            """
            A session id is shown as 'Authorization: Bearer', as the cookie sessionId, or as ?sessionId=; the first that is \
            there counts. Without one the answer is 401 AUTH_REQUIRED, with one that is not good INVALID_SESSION, and 403 \
            FORBIDDEN where the session does not open the namespace; browsers get an error frame and 4401 or 4403.
            """,
            """
            POST /admin/locker-sessions with {"userId":"...","roles":[...],"namespaces":[...],"kioskId":"...","ttl":"8h"} makes \
            one and answers with its sessionId, which is kept nowhere but as a hash. DELETE /admin/locker-sessions/ID ends it \
            and closes what lives on it with 4440; what runs out is closed with 4541, without the leeway that tokens have.
            """,
        ])

    /// How boards are reached, kept and followed.
    static let boards = ManualSection(
        "BOARDS",
        [
            """
            A token's userId (or sub) and roomId say who comes into which room; role 'viewer' looks on. A change is shown once it \
            is in the journal of --store, so that it survives a kill of the server; whole boards are stored \
            --board-debounce after a change, in the store or in --board-backend. A backend that is down is tried again for \
            ever, and rooms with changes are kept until it has them, over restarts too. A board that cannot be loaded is \
            closed with 4503, and nothing is stored for it. A board that was drawn without a backend goes to one only where \
            that has none of the room, once somebody comes into it.
            """,
            """
            A backend gets GET and PUT of {"roomId","shapes":[...],"version":N,"updatedAt":"..."} at /api/rooms/ROOM/board, with \
            'Authorization: Bearer' and a token of a minute, and 'Idempotency-Key: ROOM:VERSION'. 404 is an empty board; after \
            409 the version is read and the board stored once more. Versions rise by one, and after a kill of the server leap \
            to the milliseconds since 1970, so that a PUT that was under way then is older than the next.
            """,
            """
            The subprotocol sessionctl.board.v2 or ?v=2 brings one snapshot with room, version, epoch and you, then patches with \
            put, full, del, cursors, join and leave; an "id" in a message of a client comes back in its ack or error. ping, \
            resync (another snapshot) and flush (an ack once everything is stored) are its own. ?epoch=...&since=VERSION goes on \
            where a connection was lost, or brings a snapshot where the patches since are not kept any more: a room keeps \
            1,000 of them and 1 MiB, the rooms of a thread 64 MiB. A client that does not read misses patches and gets a snapshot when it does.
            """,
            """
            --board-max-rooms bounds the rooms with members: who would open one more is closed with 4503, and who \
            comes back to a room that is being stored is not. --idle-exit ends the server when nobody has been \
            connected for that long.
            """,
        ])

    /// What standard output says, for scripts.
    static let listeners = ManualSection(
        "STANDARD OUTPUT",
        [
            """
            One line a listener, once it accepts connections: 'listening NAMES HOST:PORT' or 'listening NAMES \
            unix:PATH', where NAMES are the profiles joined by '+' and PORT is the real one; behind them 'Listening on *:PORT' \
            for board. Everything else goes to standard error.
            """
        ])
}
