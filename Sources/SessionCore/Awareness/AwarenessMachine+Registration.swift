import SessionBase
import SessionCodec

/// `register`: a window and its case, new, known, changed, or taken over from another connection.
extension AwarenessMachine {
    mutating func register(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        if isStopping {
            return refuse(.shuttingDown, request.tag, from: connection, in: message, effects: &effects)
        }
        if let window = boundWindow(request, of: connection, in: message) {
            return update(window, request, from: connection, in: message, at: moment, effects: &effects)
        }
        let user = connections[Int(connection.slot)].user
        if user != noIndex, !registry.isNamed(user, by: request, in: message) {
            return refuse(.userMismatch, request.tag, from: connection, in: message, effects: &effects)
        }
        registerElsewhere(request, from: connection, in: message, at: moment, effects: &effects)
    }

    // MARK: A window of this connection

    /// Registers a window again on the connection that has it (PROTOCOLS 0-6).
    private mutating func update(
        _ window: UInt32, _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>,
        at moment: Moment, effects: inout Effects
    ) {
        let change = show(request, in: window, message, at: moment)
        confirm(window, request, from: connection, in: message, effects: &effects)
        if case .anotherCase(let change) = change {
            warn(of: change, in: window, isNewOnSocket: false, at: moment, effects: &effects)
        }
    }

    /// What a registration changed about a window that existed.
    enum Change {
        case sameCase
        case anotherCase(CaseChange)
    }

    /// Takes over what a registration says about a window.
    private mutating func show(
        _ request: AwarenessRequest, in window: UInt32, _ message: Span<UInt8>, at moment: Moment
    ) -> Change {
        let (isSameCase, isSameSlide) = registry.windows[slot: window].note(request, in: message, at: moment.instant)
        if isSameCase, isSameSlide { return .sameCase }
        let user = registry.windows[slot: window].user
        let hadSeveral = registry.showsSeveralCases(user)
        let wasShownElsewhere = registry.isCaseShownElsewhere(window)
        let newCase = request.caseID.unescaped(in: message)
        let newSlide = request.slideID?.unescaped(in: message) ?? []
        registry.windows[slot: window].label = registry.windows[slot: window].label.showing(
            case: newCase.span, slide: newSlide.span)
        if isSameCase { return .sameCase }
        registry.activate(window)
        let didChangeSet = !wasShownElsewhere || !registry.isCaseShownElsewhere(window)
        return .anotherCase(CaseChange(hadSeveralCases: hadSeveral, didChangeSet: didChangeSet))
    }

    // MARK: A window that is new on this connection

    private mutating func registerElsewhere(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, at moment: Moment,
        effects: inout Effects
    ) {
        let windowID = request.windowID.unescaped(in: message)
        let userID = request.userID.unescaped(in: message)
        let known = registry.user(userID)
        let existing = known.flatMap { registry.window(windowID.span, of: $0) }
        guard hasRoom(for: existing, of: known, on: connection) else {
            return refuseForLimit(request, from: connection, in: message, effects: &effects)
        }
        let slot = Int(connection.slot)
        if connections[slot].user == noIndex { connections[slot].user = registry.attach(userID) }
        if let existing {
            takeOver(existing, request, from: connection, in: message, at: moment, effects: &effects)
        } else {
            open(windowID, request, from: connection, in: message, at: moment, effects: &effects)
        }
        if nextSweep == nil { nextSweep = moment.instant + configuration.cleanupInterval }
    }

    /// Whether the limits allow one more live window (PROTOCOLS 0-4, 0-5); one that is taken over counts already.
    private func hasRoom(for existing: UInt32?, of user: UInt32?, on connection: ConnectionID) -> Bool {
        if connections[Int(connection.slot)].windowCount >= AwarenessConfiguration.windowsPerConnectionMax {
            return false
        }
        if let existing, registry.windows[slot: existing].isLive { return true }
        return user.map { registry.users[slot: $0].liveCount } ?? 0 < configuration.windowsPerUserMax
    }

    private mutating func refuseForLimit(
        _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>, effects: inout Effects
    ) {
        refuse(.connectionLimit, request.tag, from: connection, in: message, effects: &effects)
        if connections[Int(connection.slot)].windowCount == 0 { doom(connection, .connectionLimit, effects: &effects) }
    }

    /// Binds a window that exists already, live elsewhere or in grace (PROTOCOLS 0-7, 0-18).
    private mutating func takeOver(
        _ window: UInt32, _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>,
        at moment: Moment, effects: inout Effects
    ) {
        if let old = registry.windows[slot: window].connection {
            counters.takeovers += 1
            unlink(window)
            if connections[Int(old.slot)].windowCount == 0 { doom(old, .superseded, effects: &effects) }
        }
        link(window, to: connection)
        let change = show(request, in: window, message, at: moment)
        confirm(window, request, from: connection, in: message, effects: &effects)
        switch change {
        case .sameCase: replayMultiCase(to: connection, at: moment, effects: &effects)
        case .anotherCase(let change):
            warn(of: change, in: window, isNewOnSocket: true, at: moment, effects: &effects)
        }
    }

    /// Adds a window that the user did not have.
    private mutating func open(
        _ windowID: [UInt8], _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>,
        at moment: Moment, effects: inout Effects
    ) {
        let user = connections[Int(connection.slot)].user
        let hadSeveral = registry.showsSeveralCases(user)
        let newCase = request.caseID.unescaped(in: message)
        let newSlide = request.slideID?.unescaped(in: message) ?? []
        let userID = request.userID.unescaped(in: message)
        let label = WindowLabel(user: userID.span, window: windowID.span, case: newCase.span, slide: newSlide.span)
        let window = registry.add(label, user: user, at: moment)
        registry.windows[slot: window].note(request, in: message, at: moment.instant)
        link(window, to: connection)
        confirm(window, request, from: connection, in: message, effects: &effects)
        let change = CaseChange(hadSeveralCases: hadSeveral, didChangeSet: true)
        warn(of: change, in: window, isNewOnSocket: true, at: moment, effects: &effects)
    }

    // MARK: Steps

    private mutating func confirm(
        _ window: UInt32, _ request: AwarenessRequest, from connection: ConnectionID, in message: Span<UInt8>,
        effects: inout Effects
    ) {
        counters[.registered] += 1
        let reply = effects.encode { bytes in
            registry.windows.show(window) { $0.label.appendRegistered(to: &bytes) }
            request.appendTag(to: &bytes, in: message)
        }
        effects.send(reply, to: connection)
    }

    /// Puts a window into the list of a connection.
    private mutating func link(_ window: UInt32, to connection: ConnectionID) {
        let slot = Int(connection.slot)
        registry.bind(window, to: connection)
        registry.windows[slot: window].next = connections[slot].firstWindow
        connections[slot].firstWindow = window
        connections[slot].windowCount += 1
    }

    /// Takes a live window out of the list of its connection.
    mutating func unlink(_ window: UInt32) {
        guard let connection = registry.windows[slot: window].connection else {
            preconditionFailure("a window without connection was to be unlinked")
        }
        let slot = Int(connection.slot)
        let next = registry.windows[slot: window].next
        if connections[slot].firstWindow == window {
            connections[slot].firstWindow = next
        } else {
            var before = connections[slot].firstWindow
            while registry.windows[slot: before].next != window { before = registry.windows[slot: before].next }
            registry.windows[slot: before].next = next
        }
        connections[slot].windowCount -= 1
        registry.unbind(window)
    }
}

extension AwarenessWindow {
    /// Notes a sign of life and keeps what the client attached; that is shown, never trusted.
    ///
    /// One access for all of it: what is changed where it lies needs no count of references, as a copy to look at would.
    @discardableResult
    fileprivate mutating func note(
        _ request: AwarenessRequest, in message: Span<UInt8>, at now: Instant
    ) -> (isSameCase: Bool, isSameSlide: Bool) {
        lastSeen = now
        clientTime = request.timestamp
        let range = request.meta
        if !meta.isEmpty || !range.isEmpty {
            meta.removeAll()
            meta.append(copying: message.extracting(range))
        }
        return label.compare(request, in: message)
    }
}
