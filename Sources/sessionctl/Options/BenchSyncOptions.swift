package import CommandKit
import SessionBench
import SessionServer

/// The options of the workloads of `bench` that speak with the sync service.
package enum BenchSyncOptions {
    package static let sessions = Option<Int?>.integer("sessions", "Sessions that requests are about", 1...10_000_000)
        .unset("those of the devices, and at least one for each writer")
    package static let devicesPerSession = Option<Int?>.integer(
        "devices-per-session", "Connected devices of each session", 1...20
    )
    .unset("2 for handoff and state, else 1")
    package static let writers = Option<Int?>.integer(
        "writers", "Plain HTTP connections that send requests", 1...100_000
    )
    .unset("\(SyncLoad.usualWriters)").detail("They are kept alive, and come beside the devices.")
    package static let writingDevices = Option<Int?>.integer("writers", "Devices that send changes", 1...10_000_000)
        .unset("all")
    package static let stateBytes = Option.size(
        "state-bytes", "Bytes of a session's state", 0...(1 << 20), default: 1024
    )
    .detail("The length of its JSON text; of a change, that of the value.")
    package static let puts = Option.percent("puts", "Part of the requests that puts a snapshot", 0...100, default: 50)
        .detail("The others get one.")
    package static let lists = Option.percent(
        "lists", "Part of the requests that asks for devices", 0...100, default: 10
    )
    .detail("The others are heartbeats.")
    package static let secretFile = Option.text(
        "secret-file", "The server's secrets, to sign tokens with", "FILE", .file
    )
    .unset("no tokens, for a server in open mode")
    .detail("Lines such as 'jwt=SECRET'. Each session is a user of its own, with a token of its own.")

    /// What all of these workloads take.
    static let shared = [sessions.spec, devicesPerSession.spec, stateBytes.spec, secretFile.spec]

    /// The load that the options of a command line ask for.
    ///
    /// - Throws: Status 78 or 66 for secrets that cannot be used.
    static func load(_ kind: SyncLoad.Kind, _ settings: Settings) throws(CommandError) -> SyncLoad {
        var load = SyncLoad(kind)
        load.devicesPerSession = settings[devicesPerSession] ?? kind.usualDevicesPerSession
        load.sessions = settings[sessions]
        load.stateBytes = settings[stateBytes]
        switch kind {
        case .snapshot:
            load.putRatio = settings[puts]
            load.writers = settings[writers]
        case .handoff, .conflict: load.writers = settings[writers]
        case .state: load.writers = settings[writingDevices]
        case .devices: load.listRatio = settings[lists]
        }
        load.secret = try settings[secretFile].map { (path) throws(CommandError) in try secret(path) }
        return load
    }

    /// The secret of access tokens in a file.
    ///
    /// - Throws: Status 66 where there is no such file, 78 where it has no such secret.
    static func secret(_ path: String) throws(CommandError) -> [UInt8] {
        let secrets: AccessSecrets
        do throws(AccessError) {
            secrets = try AccessSecrets(file: path, environment: { _ in nil }, allowingWeak: true)
        } catch {
            throw CommandError(error.isMissing ? .noInput : .configuration, error.description)
        }
        guard let secret = secrets.access else {
            throw .configuration("\(path) has no line 'jwt=SECRET', with which tokens are signed")
        }
        return secret
    }

    /// Throws where devices and sessions cannot be had together.
    static func check(_ load: SyncLoad, connections: Int, _ settings: Settings) throws(CommandError) {
        guard connections % load.devicesPerSession == 0 else {
            throw settings.error(
                devicesPerSession,
                "\(connections) connections are no whole number of such sessions; change one of the two")
        }
        if load.kind == .handoff, load.devicesPerSession < 2 {
            throw settings.error(devicesPerSession, "a handoff needs two devices; write at least 2")
        }
        if !load.kind.usesHTTP, let writers = load.writers, writers > connections {
            throw settings.error(writingDevices, "there are \(connections) devices; write at most so many")
        }
    }
}
