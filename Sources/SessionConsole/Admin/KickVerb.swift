package import CommandKit
import SessionClient
import SessionCodec

/// The options of verbs that act on many.
package enum KickOptions {
    /// `--yes`.
    package static let yes = Option.toggle("yes", "Do it without a question").short("y")
    /// `--user`.
    package static let user = Option.text("user", "All connections of this user", "ID")
    /// `--all`.
    package static let all = Option.toggle("all", "All connections")
    /// `--code`.
    package static let code = Option.choice(
        "code", "Stay away (4410), or connect again (4513)", default: KickCode.kicked)
    /// `--dry-run`.
    package static let dryRun = Option.toggle("dry-run", "Only show whom it would be")
}

/// The close codes that an administrator chooses from.
package enum KickCode: String, CaseIterable, Sendable {
    case kicked = "4410"
    case forceReconnect = "4513"
}

/// `kick`: closes connections, one, some or all.
enum KickVerb {
    static let verb = Verb("kick", "Close connections", completes: .connections) {
        CommandDetails(
            discussion: [
                """
                Closes the connections named by their ids, or those of a user, of a filter, or all. More than one is \
                asked about first. A connection that is gone by then is passed over.
                """
            ],
            operands: [OperandSpec("ID", .any, .text, "connections, as connections shows them")],
            options: [
                KickOptions.user.spec, ListOptions.filter.spec, KickOptions.all.spec, KickOptions.code.spec,
                KickOptions.dryRun.spec, KickOptions.yes.spec,
            ],
            examples: [
                CommandExample("sessionctl admin kick 7", "Close one connection"),
                CommandExample("sessionctl admin kick --where 'idle>1h' --dry-run", "Who would it be?"),
                CommandExample("sessionctl admin kick --user u1 --code 4513 --yes", "Let a user connect again"),
            ])
    } run: { call throws(CommandError) in
        try run(call)
    }

    private static func run(_ call: VerbCall) throws(CommandError) -> VerbOutcome {
        let ids = try chooseOne(call)
        if let ids, ids.count == 1, !call.settings[KickOptions.dryRun] { return .done(try kick(ids, call)) }
        let list = AdminList.connections
        let items = try matching(call, ids)
        if call.settings[KickOptions.dryRun] {
            let selection = try ListSelection(list, Settings(), now: call.world.now())
            let value: JSONValue = ["items": .array(items), "matched": .number("\(items.count)")]
            try call.world.printer.show(value) {
                [.table(selection.table(items, isTerminal: call.world.printer.form.isTerminal))]
            }
            return .success
        }
        guard !items.isEmpty else { throw CommandError(.failed, "no open connection matches; nothing was done") }
        let found = items.compactMap { $0["id"]?.string }
        let confirmation = Confirmation("close \(counted(found.count))", count: found.count)
        return try confirmed(confirmation, call) { () throws(CommandError) in try kick(found, call) }
    }

    /// Does something at once where `--yes` is given or one thing is touched, else once that is confirmed.
    static func confirmed(
        _ confirmation: Confirmation, _ call: VerbCall, _ action: @escaping () throws(CommandError) -> Verdict
    ) throws(CommandError) -> VerbOutcome {
        if call.settings[KickOptions.yes] || confirmation.count <= 1 { return .done(try action()) }
        return .confirm(confirmation, then: action)
    }

    /// The ids on the command line, where that is how connections are chosen.
    private static func chooseOne(_ call: VerbCall) throws(CommandError) -> [String]? {
        let ids = call.parsed.operands("ID")
        let settings = call.settings
        let ways = [
            !ids.isEmpty, settings.isSet(KickOptions.user), settings.isSet(ListOptions.filter),
            settings[KickOptions.all],
        ]
        guard ways.filter({ $0 }).count == 1 else {
            throw .usage("say whom to kick in one way: ids, --user, --where or --all")
        }
        return ids.isEmpty ? nil : ids
    }

    private static func matching(_ call: VerbCall, _ ids: [String]?) throws(CommandError) -> [JSONValue] {
        let list = AdminList.connections
        let filter = try ListSelection.filter(call.settings, list)
        let user = call.settings[KickOptions.user]
        let now = call.world.now()
        return try list.fetch(call.world.api).items.filter { item in
            if let ids { return ids.contains(item["id"]?.string ?? "") }
            if let user { return item["user_id"]?.string == user }
            return filter?.accepts(item, now: now) ?? true
        }
    }

    private static func kick(_ ids: [String], _ call: VerbCall) throws(CommandError) -> Verdict {
        var closed = 0
        for id in ids {
            var request = APIRequest("DELETE", "admin", "connections", id)
            request.query = [APIRequest.Parameter("code", call.settings[KickOptions.code].rawValue)]
            do throws(CommandError) {
                _ = try call.world.api.call(request)
                closed += 1
            } catch {
                // One of many that has left by itself is no failure.
                guard error.status == .failed, ids.count > 1 else { throw error }
            }
        }
        try call.world.printer.show(["disconnected": .number("\(closed)")]) { [.lines(["closed \(counted(closed))"])] }
        return .success
    }

    /// `1 connection`, `3 connections`.
    static func counted(_ count: Int) -> String { "\(count) connection\(count == 1 ? "" : "s")" }
}

extension AdminList {
    /// How many items there are.
    func count(_ api: APIClient) throws(CommandError) -> Int {
        var request = request
        request.query.append(APIRequest.Parameter("limit", "1"))
        return try api.call(request).value["total"]?.integer.map { Int($0) } ?? 0
    }
}
