import CommandKit
import SessionClient
import SessionCodec

/// `snapshot patch`: changes of some keys, as one new version (PROTOCOLS §3.3, `POST /session/incremental`).
extension SnapshotVerbs {
    private static let set = Option.list("set", "Set a key to a JSON value", "KEY=VALUE")
        .detail("With --string the value is text. The key ends at the first equals sign.")
    private static let deleted = Option.list("delete", "Delete a key", "KEY")
    private static let onConflict = Option.text(
        "on-conflict", "What a newer version on the server means", "reject|auto-merge",
        .choice(["reject", "auto-merge"])
    )
    .unset("reject")
    .detail("'auto-merge' writes where the keys named here have not changed since --base-version.").rule("1-15")

    static let patch = Verb("patch", "Change some keys of the state", completes: .sessions) {
        CommandDetails(
            discussion: [
                """
                Sets the keys that FILE, a JSON object, and --set name, and deletes those of --delete; all others stay. \
                Without --base-version the version is read first, so that only a write in between is a conflict.
                """
            ],
            operands: [
                SyncOptions.session,
                OperandSpec("FILE", .optional, .file, "JSON object of the keys to set, - for standard input"),
            ],
            options: [
                set.spec, deleted.spec, SyncOptions.string.spec, SyncOptions.baseVersion.spec, onConflict.spec,
                SyncOptions.user.spec, SyncOptions.device.spec,
            ])
    } run: { call throws(CommandError) in
        let changes = try changes(call)
        let deleted = call.settings[deleted]
        if let both = deleted.first(where: { changes[$0] != nil }) {
            throw .usage("the key \(Origin.printable(both)) is both set and deleted; leave one out")
        }
        guard !changes.members.isEmpty || !deleted.isEmpty else {
            throw .usage("nothing is to be changed; give FILE, --set KEY=VALUE or --delete KEY")
        }
        var body = call.body()
        body["base_version"] = .number(try baseVersion(call))
        body["changes"] = .object(changes)
        body["deleted_keys"] = .array(deleted.map { .string($0) })
        body["on_conflict"] = call.settings[onConflict].map { .string(SyncOptions.wire($0)) }
        return try call.show(APIRequest("POST", "session", "incremental", body: .object(body))) { answer in
            [.record(answer.fields(["session_id", "version", "applied_keys", "deleted_keys", "merged"]))]
        }
    }

    private static func changes(_ call: VerbCall) throws(CommandError) -> JSONObject {
        var changes = JSONObject()
        if let path = call.parsed.operand("FILE") { changes = try call.readState(path) }
        for text in call.settings[set] {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw .usage("--set \(Origin.printable(text)): write KEY=VALUE")
            }
            let value = String(text[text.index(after: equals)...])
            changes[String(text[..<equals])] = try SyncValue.parse(value, isText: call.settings[SyncOptions.string])
        }
        return changes
    }

    /// The version that is changed: the one named, or the server's.
    private static func baseVersion(_ call: VerbCall) throws(CommandError) -> String {
        if let version = call.settings[SyncOptions.baseVersion] { return String(version) }
        let answer = try call.world.api.call(APIRequest("GET", "session", call.operand("SESSION")))
        guard let version = answer.value["version"]?.integer else {
            throw CommandError(
                .protocol, "\(call.world.api.name) names no version of the session; is it sessionctl serve?")
        }
        return String(version)
    }
}
