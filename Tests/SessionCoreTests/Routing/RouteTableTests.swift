import SessionCodec
import SessionCore
import Testing

@Suite struct RouteTableTests {
    @Test(arguments: [
        ("/", Route.service(.awareness)), ("/any/path", .service(.awareness)), ("/awareness", .service(.awareness)),
        ("/healthz", .endpoint(.healthz)), ("/stats", .endpoint(.stats)), ("/metrics", .endpoint(.metrics)),
        ("/admin/connections/7", .admin(["connections", "7"])),
    ])
    func `on awareness' own listener no path is unknown`(path: String, route: Route) {
        #expect(RouteTable([.awareness]).handshake(path) == route)
    }

    @Test(arguments: [
        ("/", Route.service(.awareness)), ("/awareness", .service(.awareness)), ("/echo", .service(.echo)),
        ("/any/path", .unknown), ("/stats", .endpoint(.stats)),
    ])
    func `on a single port only known paths are served`(path: String, route: Route) {
        #expect(RouteTable([.awareness, .echo], isSingle: true).handshake(path) == route)
    }

    @Test(arguments: [
        ("/echo", Route.service(.echo)), ("/", .unknown), ("/awareness", .unknown), ("/stats", .unknown),
        ("/healthz", .endpoint(.healthz)), ("/ws", .unknown), ("/api/v1/ws/broadcast", .unknown),
    ])
    func `a listener serves its own services only`(path: String, route: Route) {
        #expect(RouteTable([.echo]).handshake(path) == route)
        #expect(RouteTable([.echo]).get(path) == route)
    }

    @Test func `with an admin listener the others answer no probes`() {
        let routes = RouteTable(profiles: [.echo], isSingle: false, hasOperations: false)
        #expect(routes.get("/healthz") == .unknown)
        #expect(routes.get("/admin/slow") == .unknown)
    }

    @Test(arguments: [
        "/ws", "/ws/health", "/channels/ws", "/channels/ws/health", "/api/v1/reports/notifications",
        "/api/v1/reports/progress/r1", "/api/v1/reports/stream/t:1", "/api/v1/reports/progress/status",
        "/api/v1/reports/progress/a/b", "/api/v1/reports/stream/\u{301}",
    ])
    func `channels are found at native and mounted paths, whatever the id`(path: String) {
        #expect(RouteTable([.channels, .lockers]).handshake(path) == .service(.channels))
        #expect(RouteTable([.lockers]).handshake(path) == .unknown)
    }

    @Test(arguments: [
        "/api/v1/reports", "/api/v1/reports/", "/api/v1/reports/progress", "/api/v1/reports/progress/",
        "/api/v1/reports/other/a", "/channels", "/ws/", "/ws/nowhere", "/lockers", "/lockers/nowhere",
        "/lockers/ws/help",
    ])
    func `an id is not empty, and unknown paths are unknown`(path: String) {
        #expect(RouteTable([.channels, .lockers]).handshake(path) == .unknown)
    }

    @Test(arguments: ["/ws/lockers", "/ws/help", "/lockers/help", "/lockers/events"])
    func `a namespace is found natively and under the mount`(path: String) {
        #expect(RouteTable([.lockers]).handshake(path) == .service(.lockers))
        #expect(RouteTable([.channels, .lockers]).get(path) == .service(.lockers))
    }

    @Test func `only configured namespaces are there`() {
        let routes = RouteTable(
            profiles: [.lockers], isSingle: false, hasOperations: true, namespaces: ["/ws/maintenance"])
        #expect(routes.handshake("/ws/maintenance") == .service(.lockers))
        #expect(routes.handshake("/lockers/maintenance") == .service(.lockers))
        #expect(routes.handshake("/ws/lockers") == .unknown)
        #expect(LockersRoute.namespace(at: "/lockers/maintenance", among: ["/ws/maintenance"]) == "/ws/maintenance")
    }

    @Test(arguments: [
        ("POST", "/api/v1/ws/broadcast", Route.calls(.channels)),
        ("PUT", "/api/v1/reports/r/status", .calls(.channels)),
        ("GET", "/api/v1/reports/r/status", .calls(.channels)), ("GET", "/api/v1/debug/websocket/x", .calls(.channels)),
        ("POST", "/api/v1/reports/stream/t", .calls(.channels)),
        ("GET", "/api/v1/reports/stream/t", .service(.channels)),
        ("GET", "/api/v1/reports/progress/r", .service(.channels)),
        ("GET", "/api/v1/reports/progress/status", .calls(.channels)),
        ("GET", "/api/websocket/status", .calls(.lockers)), ("POST", "/api/websocket/broadcast", .calls(.lockers)),
        ("GET", "/ws", .service(.channels)), ("GET", "/api/v2/x", .unknown),
    ])
    func `a path may be a WebSocket for a handshake and an API for a plain request`(
        method: String, path: String, route: Route
    ) {
        #expect(RouteTable([.channels, .lockers]).route(path, .plain(method: method)) == route)
    }

    @Test(arguments: [
        ([], Route.ambiguous), (["other"], .ambiguous), (["sessionctl.sync.v1"], .service(.sync)),
        (["sessionctl.sync.v1.proto"], .service(.sync)), (["bearer.x", "sessionctl.channels.v1"], .service(.channels)),
        (["sessionctl.channels.v9"], .service(.channels)),
    ])
    func `where sync and channels share a port, the subprotocol says whose a handshake at ws is`(
        subprotocols: [String], route: Route
    ) {
        let routes = RouteTable([.awareness, .sync, .channels, .lockers], isSingle: true)
        #expect(routes.handshake("/ws", subprotocols) == route)
        #expect(routes.handshake("/sync/ws", subprotocols) == .service(.sync))
        #expect(routes.handshake("/channels/ws", subprotocols) == .service(.channels))
        #expect(routes.handshake("/ws/health", subprotocols) == .service(.channels))
        #expect(routes.get("/ws") == .ambiguous)
    }

    @Test func `or the configuration does, unless a subprotocol says otherwise`() {
        let routes = RouteTable([.sync, .channels], isSingle: true, webSocketOwner: .channels)
        #expect(routes.handshake("/ws") == .service(.channels))
        #expect(routes.handshake("/ws", ["sessionctl.sync.v1"]) == .service(.sync))
        #expect(routes.get("/ws") == .service(.channels))
    }

    @Test func `on a single port a token in the query, or a subprotocol, makes the root board's`() {
        let routes = RouteTable([.awareness, .sync, .board], isSingle: true)
        #expect(routes.handshake("/") == .service(.awareness))
        #expect(routes.get("/") == .service(.awareness))
        #expect(routes.route("/", .handshake(subprotocols: [], hasToken: true)) == .service(.board))
        #expect(routes.handshake("/", ["sessionctl.board.v2"]) == .service(.board))
        #expect(
            routes.route("/", .handshake(subprotocols: ["sessionctl.awareness.v2"], hasToken: true))
                == .service(.awareness))
        #expect(routes.handshake("/board") == .service(.board))
        #expect(routes.route("/awareness", .handshake(subprotocols: [], hasToken: true)) == .service(.awareness))
    }

    @Test func `board is at the root of its own listener, and at no other path but its own`() {
        #expect(RouteTable([.board]).handshake("/") == .service(.board))
        #expect(RouteTable([.board]).handshake("/board") == .service(.board))
        #expect(RouteTable([.board]).handshake("/any/path") == .unknown)
        #expect(RouteTable([.echo]).handshake("/board") == .unknown)
    }

    @Test func `an owner that does not run owns nothing`() {
        #expect(RouteTable([.sync], isSingle: true, webSocketOwner: .channels).handshake("/ws") == .service(.sync))
        #expect(RouteTable([.channels], isSingle: true).handshake("/ws") == .service(.channels))
    }
}

extension RouteTable {
    /// A table with probes and the seed's namespaces.
    fileprivate init(_ profiles: [ProtocolID], isSingle: Bool = false, webSocketOwner: ProtocolID? = nil) {
        self.init(
            profiles: profiles, isSingle: isSingle, hasOperations: true,
            namespaces: LockersConfiguration().namespaces, webSocketOwner: webSocketOwner)
    }

    fileprivate func handshake(_ path: String, _ subprotocols: [String] = []) -> Route {
        route(path, .handshake(subprotocols: subprotocols))
    }

    fileprivate func get(_ path: String) -> Route { route(path, .plain(method: "GET")) }
}
