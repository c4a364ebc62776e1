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
        #expect(RouteTable(profiles: [.awareness], isSingle: false, hasOperations: true).route(path) == route)
    }

    @Test(arguments: [
        ("/", Route.service(.awareness)), ("/awareness", .service(.awareness)), ("/echo", .service(.echo)),
        ("/any/path", .unknown), ("/stats", .endpoint(.stats)),
    ])
    func `on a single port only known paths are served`(path: String, route: Route) {
        #expect(RouteTable(profiles: [.awareness, .echo], isSingle: true, hasOperations: true).route(path) == route)
    }

    @Test(arguments: [
        ("/echo", Route.service(.echo)), ("/", .unknown), ("/awareness", .unknown), ("/stats", .unknown),
        ("/healthz", .endpoint(.healthz)),
    ])
    func `a listener serves its own services only`(path: String, route: Route) {
        #expect(RouteTable(profiles: [.echo], isSingle: false, hasOperations: true).route(path) == route)
    }

    @Test func `with an admin listener the others answer no probes`() {
        let routes = RouteTable(profiles: [.echo], isSingle: false, hasOperations: false)
        #expect(routes.route("/healthz") == .unknown)
        #expect(routes.route("/admin/slow") == .unknown)
    }
}
