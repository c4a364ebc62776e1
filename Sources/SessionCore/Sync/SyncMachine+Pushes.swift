import SessionBase
import SessionCodec

/// Who is told, and who is told again (PROTOCOLS §3.4, §3.5): replies, pushes to a session's devices, and resume.
extension SyncMachine {
    /// Answers one connection.
    mutating func reply(
        _ message: SyncServerMessage, _ correlation: String?, to connection: ConnectionID, at moment: Moment,
        effects: inout Effects
    ) {
        guard isOpen(connection) else { return }
        let record = connections[Int(connection.slot)]
        counters.sent(message.kind)
        var envelope = SyncEnvelope(timestamp: moment.timestamp.seconds, correlationID: correlation)
        if record.session != noIndex {
            envelope.sessionID = sessions[slot: record.session].key.text
            envelope.userID = record.user
            envelope.deviceID = devices[slot: record.device].id
        }
        let encoded = Self.encode(message, envelope, isBinary: record.isBinary, &effects)
        effects.send(encoded, to: connection)
    }

    // MARK: Pushes

    /// Tells the devices of a session something, each codec encoded once, and remembers it for those that are cut off.
    ///
    /// - Parameters:
    ///   - origin: Serial of the device that is not told, because it did it; 0 for none.
    ///   - device: Whose id the envelope carries.
    ///   - only: The device that alone is told; `nil` for all others.
    mutating func push(
        _ message: SyncServerMessage, in session: UInt32, origin: UInt32 = 0, device: String? = nil,
        only: UInt32? = nil, at moment: Moment, effects: inout Effects
    ) {
        sessions[slot: session].sequence += 1
        let envelope = SyncEnvelope(
            sessionID: sessions[slot: session].key.text, userID: sessions[slot: session].owner, deviceID: device,
            timestamp: moment.timestamp.seconds, sequence: sessions[slot: session].sequence)
        let audience = audience(of: session, origin: origin, only: only, at: moment)
        guard audience.isRemembered else { return skipPush(in: session, origin: origin) }
        let text = Self.encode(message, envelope, isBinary: false, &effects)
        remember(text, in: session, origin: origin, only: only, at: moment, effects: effects)
        counters.sent(message.kind, times: audience.text.count + audience.binary.count)
        if !audience.text.isEmpty { effects.publish(text, to: audience.text) }
        if !audience.binary.isEmpty {
            let json = Array(effects.bytes[text.range])
            let binary = Self.encode(json.span, isBinary: true, &effects)
            effects.publish(binary, to: audience.binary)
        }
    }

    /// Who gets a push.
    private struct PushAudience {
        var text: [ConnectionID] = []
        var binary: [ConnectionID] = []
        /// Whether somebody may ask for it later.
        var isRemembered = false
    }

    private func audience(
        of session: UInt32, origin: UInt32, only: UInt32?, at moment: Moment
    ) -> PushAudience {
        var audience = PushAudience()
        var index = sessions[slot: session].firstDevice
        while index != noIndex {
            let device = devices[slot: index]
            defer { index = device.next }
            guard device.serial != origin, only.map({ $0 == index }) ?? true else { continue }
            let absence = moment.timestamp.milliseconds - device.lastSeen.milliseconds
            if device.isPresent || absence < PushRing.ageMax.milliseconds { audience.isRemembered = true }
            guard let connection = device.connection, isOpen(connection) else { continue }
            if connections[Int(connection.slot)].isBinary {
                audience.binary.append(connection)
            } else {
                audience.text.append(connection)
            }
        }
        return audience
    }

    /// Notes a push that nobody was there for but the device that caused it: whoever else comes back has missed it.
    private mutating func skipPush(in session: UInt32, origin: UInt32) {
        let sequence = sessions[slot: session].sequence
        if origin == 0 || sessions[slot: session].soloDevice != origin {
            sessions[slot: session].forgotten = max(
                sessions[slot: session].forgotten, origin == 0 ? sequence : sessions[slot: session].soloUntil)
        }
        sessions[slot: session].soloDevice = origin
        sessions[slot: session].soloUntil = sequence
    }

    private mutating func remember(
        _ message: EncodedMessage, in session: UInt32, origin: UInt32, only: UInt32?, at moment: Moment,
        effects: borrowing Effects
    ) {
        if sessions[slot: session].ring == noIndex {
            sessions[slot: session].ring = rings.insert(PushRing())
            ringsDue.push(session, due: moment.instant + PushRing.ageMax)
        }
        let entry = PushRing.Entry(
            sequence: sessions[slot: session].sequence, pushedAt: moment.instant, origin: origin,
            only: only.map { devices[slot: $0].serial } ?? 0, end: 0)
        let bytes = effects.bytes
        // Swift 6.3 does not keep an array alive for its span while the place it was read from may be replaced.
        defer { withExtendedLifetime(bytes) {} }
        let forgotten = rings[slot: sessions[slot: session].ring].append(
            entry, bytes.span.extracting(message.range), bytesMax: PushRing.bytesMax(of: rings.count))
        if let forgotten { sessions[slot: session].forgotten = max(sessions[slot: session].forgotten, forgotten) }
    }

    // MARK: Resume

    /// What a device missed since a place; `nil` where that is not known any more.
    func missedPushes(
        of device: UInt32, since place: SyncAuthentication.Resume, at moment: Moment
    ) -> [[UInt8]]? {
        let session = sessions[slot: devices[slot: device].session]
        guard place.epoch == session.epochText, place.sequence <= session.sequence,
            place.sequence >= session.forgotten
        else { return nil }
        let serial = devices[slot: device].serial
        if session.soloDevice != serial, place.sequence < session.soloUntil { return nil }
        guard session.ring != noIndex else { return [] }
        return rings[slot: session.ring].messages(after: place.sequence, for: serial)
    }

    /// Sends a message that is JSON already.
    mutating func send(_ json: Span<UInt8>, to connection: ConnectionID, effects: inout Effects) {
        let isBinary = connections[Int(connection.slot)].isBinary
        effects.send(Self.encode(json, isBinary: isBinary, &effects), to: connection)
    }

    /// Forgets pushes that are too old.
    mutating func trimRings(at moment: Moment) {
        while let session = ringsDue.popDue(at: moment.instant) {
            guard sessions.contains(slot: session), sessions[slot: session].ring != noIndex else { continue }
            let ring = sessions[slot: session].ring
            if let forgotten = rings[slot: ring].trim(at: moment.instant) {
                sessions[slot: session].forgotten = max(sessions[slot: session].forgotten, forgotten)
            }
            if let oldest = rings[slot: ring].oldest {
                ringsDue.push(session, due: oldest + PushRing.ageMax)
            } else {
                rings.remove(slot: ring)
                sessions[slot: session].ring = noIndex
                forgetIfIdle(session)
            }
        }
    }
}

extension SyncSession {
    /// The `epoch` of AUTH_SUCCESS (EXT).
    var epochText: String { String(epoch, radix: 36) }
}
