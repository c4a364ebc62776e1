import SessionBase
import SessionClient
import SessionCodec
import SessionIO

/// The end of connections: theirs, and ours at the end of a run.
extension WorkerLoop where Work: ~Copyable {
    /// How long the peers may take to answer our Close.
    private static var closeTimeout: Duration { .seconds(5) }

    /// Closes every connection with 1000, and waits a while for the peers to do the same.
    mutating func close() throws(SystemError) {
        isClosing = true
        redials = []
        for link in 0..<links.count where links[link].state == .open { beginClose(link) }
        let deadline = now + min(plan.timeout, Self.closeTimeout)
        while openCount > 0, now < deadline { try turn(until: min(deadline, now + Self.portInterval)) }
        for link in 0..<links.count where links[link].descriptor >= 0 { end(link, "timeout") }
    }

    /// Sends a Close; the peer's ends the connection. Plain HTTP needs none.
    mutating func beginClose(_ link: Int) {
        if links[link].isHTTP {
            openCount -= 1
            return drop(link)
        }
        links[link].state = .closing
        wires[link].connection.close(.normal, output: &outbox)
        flushOutbox(to: link)
    }

    /// Takes note of a socket that failed.
    @inline(never)
    mutating func lose(_ link: Int, _ code: Int32) { end(link, SystemError(code: code, operation: "").endReason) }

    /// Ends a connection that has a socket, whatever it is about.
    @inline(never)
    mutating func end(_ link: Int, _ reason: String) {
        guard links[link].descriptor >= 0 else { return }
        if links[link].state == .open || links[link].state == .closing {
            openCount -= 1
            // A peer that takes its leave politely in the middle of a run has left all the same.
            let reason = links[link].state == .open && reason == "1000" ? "1000 unasked" : reason
            recorder.ended(isSlowEnd(link, reason) ? SlowLinks.endPrefix + reason : reason)
            drop(link)
        } else {
            fail(link, .lost(endpoint: endpoint(of: link).publicDescription), reason: reason)
        }
    }

    /// Whether a slow connection was ended by the server: one that never reads may find out only when the run is over.
    private func isSlowEnd(_ link: Int, _ reason: String) -> Bool {
        links[link].isSlow && (!isClosing || Work.isConversing && reason != "1000")
    }

    /// Closes a connection's socket and gives up what it had under way.
    mutating func drop(_ link: Int) {
        closeSocket(link)
        links[link].state = .ended
        forgetRequests(of: link)
        recorder.backlog(changedBy: -wires[link].backlogBytes)
        wires[link] = Wire(connection: blank)
        links[link].isBlocked = false
        links[link].isSecure = false
        links[link].isCompressed = false
        if !isClosing { reuse(link) }
    }

    /// Connects a connection again where the workload says so.
    private mutating func reuse(_ link: Int) {
        if Work.isCycling, hasOpened {
            redials.append((link, now))
        } else if links[link].isHTTP, isLoading {
            redials.append((link, now + Self.retryInterval))
        } else if storm?.cutAt != nil {
            redials.append((link, now + Self.retryInterval))
        }
    }

    /// How long a connection that is to be opened again waits before it tries, or tries once more.
    private static var retryInterval: Duration { .milliseconds(100) }

    /// Closes a socket without leaving a port in TIME_WAIT: a run may need it again at once.
    mutating func closeSocket(_ link: Int) {
        guard links[link].descriptor >= 0 else { return }
        Socket.resetOnClose(links[link].descriptor)
        Descriptor.close(links[link].descriptor)
        links[link].descriptor = -1
    }
}

extension SystemError {
    /// The word under which the end of a connection is counted.
    fileprivate var endReason: String { isTimedOut ? "timeout" : "reset" }
}
