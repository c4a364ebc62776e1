import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Single requests and their replies: PROTOCOLS 0-1, 0-9, 0-11, 0-14, 0-15, 0-19, 0-21, 0-22, EXT `list`.
@Suite struct RequestTests {
    // MARK: Unknown windows

    @Test func `heartbeat, focus and deregister of an unknown window are NOT_REGISTERED (0-14)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        let refused: [AwarenessFixture.Heard] = [.message(connection, .refused(.notRegistered))]
        #expect(service.say(.heartbeat(user: "u1", window: "w1"), on: connection) == refused)
        #expect(service.say(.focus(user: "u1", window: "w1"), on: connection) == refused)
        #expect(service.say(.deregister(user: "u1", window: "w1"), on: connection) == refused)
        #expect(service.say(.list(user: "u1"), on: connection) == refused)
    }

    @Test func `a window of another connection cannot be acted on (0-15)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.openWindow("w2", "C1")
        #expect(
            service.say(.deregister(user: "u1", window: "w1"), on: second)
                == [.message(second, .refused(.notRegistered))])
        #expect(
            service.say(.deregister(user: "u2", window: "w2"), on: second)
                == [.message(second, .refused(.notRegistered))], "nor one of another user")
        #expect(service.machine.windows(of: first).count == 1)
    }

    // MARK: Acknowledgements

    @Test func `in the seed's mode nothing but register is acknowledged (0-11)`() {
        var service = AwarenessFixture()
        let connection = service.openWindow("w1", "C1")
        #expect(service.say(.heartbeat(user: "u1", window: "w1"), on: connection) == [])
        #expect(service.say(.focus(user: "u1", window: "w1"), on: connection) == [])
        #expect(service.say(.deregister(user: "u1", window: "w1"), on: connection) == [])
    }

    @Test(arguments: [true, false])
    func `version 2 acknowledges all, by subprotocol or by query (0-11)`(bySubprotocol: Bool) {
        var service = AwarenessFixture()
        let connection = bySubprotocol ? service.openVersion2() : service.open(query: [("v", "2")])
        service.register("w1", "C1", on: connection)
        #expect(
            service.say(.heartbeat(user: "u1", window: "w1"), on: connection) == [
                .message(
                    connection,
                    .heartbeatAck(serverTime: service.moment.timestamp, nextHeartbeatMilliseconds: 20_000))
            ])
        #expect(
            service.say(.focus(user: "u1", window: "w1"), on: connection)
                == [.message(connection, .focused(window: "w1"))])
        #expect(
            service.say(.deregister(user: "u1", window: "w1"), on: connection)
                == [.message(connection, .deregistered(window: "w1"))])
    }

    @Test func `an unknown version is closed 4405, and version 1 is the seed's`() {
        var service = AwarenessFixture()
        let unknown = service.open(query: [("v", "3")])
        #expect(service.opened == [.closed(unknown, .unsupportedVersion)])
        let first = service.open(query: [("v", "1")])
        #expect(service.opened == [])
        service.register("w1", "C1", on: first)
        #expect(service.say(.focus(user: "u1", window: "w1"), on: first) == [])
    }

    // MARK: Correlation

    @Test func `every direct reply repeats the client's id as it was written (0-21)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        let tag = MessageTag.number("1.50e1")
        #expect(
            service.say(.ping, tag: tag, on: connection)
                == [.message(connection, .pong(service.moment.timestamp), tag: tag)])
        let text = MessageTag.text("r€q-\"1\"")
        let register = AwarenessClientMessage.register(AwarenessRegistration(user: "u1", window: "w1", case: "C1"))
        #expect(
            service.say(register, tag: text, on: connection)
                == [.message(connection, .registered(window: "w1", case: "C1"), tag: text)])
        #expect(
            service.say(.focus(user: "u1", window: "w9"), tag: text, on: connection)
                == [.message(connection, .refused(.notRegistered), tag: text)])
    }

    @Test func `an error about the message itself repeats the id too, wherever it stands (0-21)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        #expect(
            service.receive(#"{"payload":{},"type":"register","id":7}"#, on: connection)
                == [.message(connection, .refused(.invalidMessage, .field(.userID)), tag: .number("7"))])
        #expect(
            service.receive(#"{"id":"a","type":"shout"}"#, on: connection)
                == [.message(connection, .refused(.unknownType), tag: .text("a"))])
    }

    @Test func `warnings to others carry no id (0-21)`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        let second = service.open()
        let register = AwarenessClientMessage.register(AwarenessRegistration(user: "u1", window: "w2", case: "C2"))
        let heard = service.say(register, tag: .number("1"), on: second)
        let warning = AwarenessServerMessage.multiCase(("C1", "w1"), ("C2", "w2"))
        #expect(heard[1...2] == [.message(first, warning), .message(second, warning)])
    }

    // MARK: list

    @Test func `list tells of all windows of the user, with or without connection (EXT)`() {
        var service = AwarenessFixture()
        let start = service.moment.timestamp
        let first = service.openWindow("w1", "C1")
        service.close(service.openWindow("w2", "C2"), cleanly: false)
        service.wait(.seconds(1))
        service.register("w3", "C3", slide: "S3", on: first)
        service.say(.focus(user: "u1", window: "w1"), on: first)
        let later = Timestamp(milliseconds: start.milliseconds + 1000)
        #expect(
            service.say(.list(user: "u1"), tag: .number("4"), on: first) == [
                .message(
                    first,
                    .state([
                        AwarenessWindowState(
                            window: "w1", case: "C1", isFocused: true, isConnected: true, since: start),
                        AwarenessWindowState(
                            window: "w2", case: "C2", isFocused: false, isConnected: false, since: start),
                        AwarenessWindowState(
                            window: "w3", case: "C3", slide: "S3", isFocused: false, isConnected: true, since: later),
                    ]), tag: .number("4"))
            ])
        #expect(
            service.say(.list(user: "u2"), on: first) == [.message(first, .refused(.notRegistered))],
            "only of its own user")
    }

    // MARK: What cannot be understood

    @Test(arguments: ["", "{", "[1,2", "nul", #"{"type":"ping"}x"#, "{'type':'ping'}", #"{"type":"\ud800"}"#])
    func `broken JSON is INVALID_JSON (0-22)`(text: String) {
        var service = AwarenessFixture()
        let connection = service.open()
        guard
            case .message(connection, .error(.invalidJSON, let message, nil), nil)? = service.receive(
                text, on: connection
            ).first
        else { return #expect(Bool(false), "no INVALID_JSON") }
        #expect(message.hasPrefix("Message is not valid JSON: expected "))
    }

    @Test func `an unknown type is UNKNOWN_TYPE and keeps the connection (0-22)`() {
        var service = AwarenessFixture()
        let connection = service.open()
        #expect(service.receive(#"{"type":"Ping"}"#, on: connection) == [.message(connection, .refused(.unknownType))])
        #expect(service.receive(#"{"type":"ping"}"#, on: connection).count == 1)
    }

    // MARK: Counting

    @Test func `statistics count connections, users and registrations (0-19)`() {
        var service = AwarenessFixture()
        _ = service.open()
        let first = service.openWindow("w1", "C1")
        service.register("w2", "C1", on: first)
        _ = service.openWindow("w1", "C1", user: "u2")
        #expect(service.machine.statistics == .init(connections: 3, users: 2, registrations: 3))
        service.say(.deregister(user: "u2", window: "w1"), on: ConnectionID(slot: 2, generation: 7))
        #expect(service.machine.statistics == .init(connections: 3, users: 1, registrations: 2))
    }

    @Test func `counters tell messages by type and errors by code`() {
        var service = AwarenessFixture()
        let first = service.openWindow("w1", "C1")
        _ = service.openWindow("w2", "C2")
        service.receive("?", on: first)
        service.receive(#"{"type":"ping"}"#, on: first)
        let counters = service.machine.counters
        #expect(counters[AwarenessClientKind.register] == 2)
        #expect(counters[AwarenessClientKind.ping] == 1)
        #expect(counters[AwarenessServerKind.registered] == 2)
        #expect(counters[AwarenessServerKind.warning] == 3)
        #expect(counters[AwarenessServerKind.error] == 1)
        #expect(counters[AwarenessErrorCode.invalidJSON] == 1)
    }

    @Test func `messages and signs of life of unknown connections are ignored`() {
        var service = AwarenessFixture()
        let gone = service.openWindow("w1", "C1")
        service.close(gone)
        #expect(service.receive(#"{"type":"ping"}"#, on: gone) == [])
        service.pong(on: gone)
        #expect(service.close(gone) == [])
        #expect(service.receive("?", on: ConnectionID(slot: 99, generation: 0)) == [])
    }

    @Test func `the defaults are the seed's (0-3)`() {
        let configuration = AwarenessConfiguration()
        #expect(configuration.heartbeatTimeout == .seconds(60))
        #expect(configuration.cleanupInterval == .seconds(30))
        #expect(configuration.windowsPerUserMax == 10)
    }
}
