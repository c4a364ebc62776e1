import SessionBase
import SessionCodec

/// The devices of a session: who is there, who was (PROTOCOLS 1-23 to 1-25, 1-29).
///
/// A device is *present* with a connection, or in *grace* after that broke, and otherwise *offline*. The stored registry
/// keeps all of them, so that a list shows who was there before the server was started.
extension SyncMachine {
    /// How long a registry that says nothing new is left as it is: what it says of devices that are present is only
    /// looked at after a crash.
    static let registryRefresh = Duration.seconds(600)
    /// How often the registry is written for one device at most (PROTOCOLS 1-25).
    static let registryInterval = Duration.seconds(30)

    // MARK: Finding

    /// The device of a session with an id.
    func device(_ id: String, of session: UInt32) -> UInt32? {
        var index = sessions[slot: session].firstDevice
        while index != noIndex {
            if devices[slot: index].id == id { return index }
            index = devices[slot: index].next
        }
        return nil
    }

    /// The devices of a session, the one that came last first.
    func deviceSlots(of session: UInt32) -> [UInt32] {
        var slots: [UInt32] = []
        var index = sessions[slot: session].firstDevice
        while index != noIndex {
            slots.append(index)
            index = devices[slot: index].next
        }
        return slots
    }

    /// How many devices of a session are there.
    func presentCount(of session: UInt32) -> Int {
        deviceSlots(of: session).reduce(0) { $0 + (devices[slot: $1].isPresent ? 1 : 0) }
    }

    /// The devices of a session as lists show them, the one that came first first.
    func deviceList(of session: UInt32, at moment: Moment) -> [SyncDevice] {
        deviceSlots(of: session).reversed().map { view(of: $0, at: moment) }
    }

    /// One device as lists show it.
    func view(of index: UInt32, at moment: Moment) -> SyncDevice {
        let device = devices[slot: index]
        var lastSeen = device.lastSeen
        if let connection = device.connection {
            let silence = moment.instant - connections[Int(connection.slot)].lastHeard
            lastSeen.milliseconds = max(
                lastSeen.milliseconds, moment.timestamp.milliseconds - silence.milliseconds)
        }
        return SyncDevice(
            id: device.id, type: device.type, name: device.name, osVersion: device.osVersion,
            appVersion: device.appVersion, isOnline: device.isPresent, connectedAt: device.connectedAt,
            lastSeen: lastSeen, connectionID: device.connection.map { String(connections[Int($0.slot)].number) })
    }

    // MARK: Coming

    /// Adds a device to a session; the one that is offline for longest gives way.
    ///
    /// - Returns: `nil` where all 20 are there (PROTOCOLS 1-29).
    mutating func addDevice(_ id: String, to session: UInt32) -> UInt32? {
        let known = deviceSlots(of: session)
        if known.count >= SyncLimits.devicesMax {
            let offline = known.filter { !devices[slot: $0].isPresent }
            guard let oldest = offline.min(by: { devices[slot: $0].lastSeen < devices[slot: $1].lastSeen }) else {
                return nil
            }
            removeRecord(oldest)
        }
        deviceSerial += 1
        var record = SyncDeviceRecord(id: id, session: session, serial: deviceSerial)
        record.next = sessions[slot: session].firstDevice
        let device = devices.insert(record)
        sessions[slot: session].firstDevice = device
        return device
    }

    /// Takes over what a device says about itself.
    mutating func describe(_ device: UInt32, by authentication: SyncAuthentication, at moment: Moment) {
        devices[slot: device].type = authentication.deviceType ?? devices[slot: device].type
        devices[slot: device].name = authentication.deviceName ?? devices[slot: device].name
        devices[slot: device].osVersion = authentication.osVersion ?? devices[slot: device].osVersion
        devices[slot: device].appVersion = authentication.appVersion ?? devices[slot: device].appVersion
        devices[slot: device].lastSeen = moment.timestamp
    }

    /// Tells the others that a device is there.
    mutating func announce(_ device: UInt32, at moment: Moment, effects: inout Effects) {
        let record = devices[slot: device]
        push(
            .deviceJoined(view(of: device, at: moment)), in: record.session, origin: record.serial, device: record.id,
            at: moment, effects: &effects)
        informOfDevice(device, "connected", at: moment, effects: &effects)
    }

    /// Registers a device that writes over HTTP, offline, in open mode (PROTOCOLS §3.5).
    mutating func registerOffline(_ id: String, in session: UInt32, at moment: Moment, effects: inout Effects) {
        guard device(id, of: session) == nil, let device = addDevice(id, to: session) else { return }
        devices[slot: device].lastSeen = moment.timestamp
        noteChange(of: device, at: moment, effects: &effects)
    }

    // MARK: Going

    /// Separates a connection from its device.
    mutating func unbind(_ connection: ConnectionID) {
        let slot = Int(connection.slot)
        guard connections[slot].device != noIndex else { return }
        devices[slot: connections[slot].device].connection = nil
        connections[slot].device = noIndex
        connections[slot].session = noIndex
    }

    /// Handles the end of a device's connection: a device that was cut off may return (PROTOCOLS 1-24).
    mutating func lose(
        _ device: UInt32, lastHeard: Instant, isEnded: Bool, at moment: Moment, effects: inout Effects
    ) {
        devices[slot: device].connection = nil
        if isEnded { return end(device, .closed, lastHeard: lastHeard, at: moment, effects: &effects) }
        noteSeen(device, lastHeard, at: moment)
        let ends = moment.instant + configuration.presenceGrace
        devices[slot: device].graceEnds = ends
        grace.push(device, due: ends)
    }

    private mutating func noteSeen(_ device: UInt32, _ lastHeard: Instant, at moment: Moment) {
        let age = max(0, (moment.instant - lastHeard).milliseconds)
        devices[slot: device].lastSeen = Timestamp(milliseconds: moment.timestamp.milliseconds - age)
    }

    /// Gives up those that did not return in time.
    mutating func endGraces(at moment: Moment, effects: inout Effects) {
        while let device = grace.popDue(at: moment.instant) {
            // The entry may be older than the device that has the slot now, or than its return.
            guard devices.contains(slot: device), let ends = devices[slot: device].graceEnds, ends <= moment.instant
            else { continue }
            end(device, .lost, lastHeard: nil, at: moment, effects: &effects)
        }
    }

    /// Makes a device without connection offline, and tells the others.
    mutating func end(
        _ device: UInt32, _ reason: SyncLeaveReason, lastHeard: Instant?, at moment: Moment, effects: inout Effects
    ) {
        if let lastHeard { noteSeen(device, lastHeard, at: moment) }
        devices[slot: device].graceEnds = nil
        let record = devices[slot: device]
        push(
            .deviceLeft(device: record.id, reason: reason, lastSeen: record.lastSeen), in: record.session,
            origin: record.serial, device: record.id, at: moment, effects: &effects)
        informOfDevice(device, "disconnected", reason: reason, at: moment, effects: &effects)
        guard reason != .removed else { return }
        noteChange(of: device, at: moment, effects: &effects)
        forgetIfIdle(record.session)
    }

    /// Takes a device that is gone out of its session's list.
    mutating func removeRecord(_ device: UInt32) {
        let record = devices[slot: device]
        precondition(record.connection == nil, "a device is removed that has a connection")
        if sessions[slot: record.session].firstDevice == device {
            sessions[slot: record.session].firstDevice = record.next
        } else {
            var before = sessions[slot: record.session].firstDevice
            while devices[slot: before].next != device { before = devices[slot: before].next }
            devices[slot: before].next = record.next
        }
        devices.remove(slot: device)
    }

    // MARK: The stored registry

    /// Notes that the stored registry should say something else about a device.
    mutating func noteChange(of device: UInt32, at moment: Moment, effects: inout Effects) {
        let due = devices[slot: device].writtenAt + Self.registryInterval
        if due <= moment.instant || isStopping {
            writeRegistry(of: devices[slot: device].session, at: moment, effects: &effects)
        } else {
            planRegistry(of: devices[slot: device].session, due: due)
        }
    }

    /// Notes now and then that a device is still there, which keeps its session alive, too (PROTOCOLS 1-25).
    mutating func refreshRegistry(of device: UInt32, at moment: Moment, effects: inout Effects) {
        guard devices[slot: device].writtenAt + Self.registryRefresh <= moment.instant else { return }
        noteChange(of: device, at: moment, effects: &effects)
        let session = devices[slot: device].session
        guard sessions[slot: session].touchedAt + configuration.sessionLife / 8 <= moment.instant else { return }
        sessions[slot: session].touchedAt = moment.instant
        let key = DocumentKey(.sessions, sessions[slot: session].key.text)
        let until = moment.timestamp + configuration.sessionLife
        ask(.unimportant, .read(key, extendingTo: until), for: session, at: moment, effects: &effects)
    }

    private mutating func planRegistry(of session: UInt32, due: Instant) {
        guard !sessions[slot: session].isRegistryDue else { return }
        sessions[slot: session].isRegistryDue = true
        registriesDue.push(session, due: due)
    }

    /// Writes the registries that are due.
    mutating func writeDueRegistries(at moment: Moment, effects: inout Effects) {
        while let session = registriesDue.popDue(at: moment.instant) {
            guard sessions.contains(slot: session), sessions[slot: session].isRegistryDue else { continue }
            sessions[slot: session].isRegistryDue = false
            writeRegistry(of: session, at: moment, effects: &effects)
            forgetIfIdle(session)
        }
    }

    /// Writes what the registry should say; one write at a time.
    mutating func writeRegistry(of session: UInt32, at moment: Moment, effects: inout Effects) {
        let work = workSlot(of: session)
        if works[slot: work].isWritingRegistry {
            works[slot: work].isRegistryStale = true
            return
        }
        var registry = DeviceRegistry()
        for device in deviceSlots(of: session).reversed() {
            devices[slot: device].writtenAt = moment.instant
            let view = view(of: device, at: moment)
            registry.entries.append(
                DeviceRegistry.Entry(
                    id: view.id, type: view.type, name: view.name, osVersion: view.osVersion,
                    appVersion: view.appVersion, connectedAt: view.connectedAt,
                    lastSeen: view.lastSeen ?? moment.timestamp))
        }
        works[slot: work].isWritingRegistry = true
        works[slot: work].isRegistryStale = false
        works[slot: work].registryAskersInFlight += works[slot: work].registryAskers
        works[slot: work].registryAskers = []
        let revision = sessions[slot: session].registryRevision
        let write = DocumentWrite(
            key: DocumentKey(.devices, sessions[slot: session].key.text),
            expecting: revision == 0 ? .absence : .version(revision), version: revision + 1, body: registry.encoded,
            expiresAt: moment.timestamp + configuration.sessionLife)
        ask(.registryWrite, .write(write), for: session, at: moment, effects: &effects)
    }

    /// Takes in what the store holds of a session's devices: those that are not here are offline.
    mutating func adoptRegistry(_ document: Document?, in session: UInt32) {
        sessions[slot: session].registryRevision = document?.version ?? 0
        guard let document else { return }
        // A damaged registry is as good as none: the next write replaces it.
        guard let registry = try? DeviceRegistry(decoding: document.body) else { return }
        let removed = works[slot: workSlot(of: session)].removedDevices
        for entry in registry.entries where device(entry.id, of: session) == nil && !removed.contains(entry.id) {
            guard let device = addDevice(entry.id, to: session) else { return }
            devices[slot: device].type = entry.type
            devices[slot: device].name = entry.name
            devices[slot: device].osVersion = entry.osVersion
            devices[slot: device].appVersion = entry.appVersion
            devices[slot: device].connectedAt = entry.connectedAt
            devices[slot: device].lastSeen = entry.lastSeen
        }
    }

    /// Goes on after the registry was written, or not.
    mutating func wroteRegistry(
        _ reply: StoreReply, of session: UInt32, at moment: Moment, effects: inout Effects
    ) {
        let work = workSlot(of: session)
        works[slot: work].isWritingRegistry = false
        switch reply {
        case .written:
            sessions[slot: session].registryRevision += 1
            releaseRegistryAskers(of: session, failing: nil, at: moment, effects: &effects)
            if works[slot: work].isRegistryStale {
                writeRegistry(of: session, at: moment, effects: &effects)
            } else {
                works[slot: work].removedDevices = []
            }
        case .conflict(let document):
            adoptRegistry(document, in: session)
            writeRegistry(of: session, at: moment, effects: &effects)
        default:
            // It may or may not have been written: the next attempt finds out.
            releaseRegistryAskers(of: session, failing: .storeUnavailable, at: moment, effects: &effects)
            planRegistry(of: session, due: moment.instant + Self.registryInterval)
        }
    }

    /// Answers those who wait for the registry: where that fails, those too whose turn it was not yet.
    mutating func releaseRegistryAskers(
        of session: UInt32, failing code: SyncFailureCode?, at moment: Moment, effects: inout Effects
    ) {
        let work = workSlot(of: session)
        var askers = works[slot: work].registryAskersInFlight
        works[slot: work].registryAskersInFlight = []
        if code != nil {
            askers += works[slot: work].registryAskers
            works[slot: work].registryAskers = []
        }
        for (operation, outcome) in askers {
            endWaiting(operation, effects: &effects)
            if let code {
                answer(operation, with: code, at: moment, effects: &effects)
            } else {
                answer(operation, with: outcome, at: moment, effects: &effects)
            }
        }
    }
}

extension Timestamp {
    /// The time that is so much later.
    static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + duration.milliseconds)
    }
}
