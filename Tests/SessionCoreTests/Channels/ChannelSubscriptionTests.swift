import SessionBase
import SessionCodec
import SessionCore
import Testing

/// `/ws`: the welcome, subscriptions and what comes of them (PROTOCOLS 2-1 … 2-5, 2-28 … 2-30).
@Suite struct ChannelSubscriptionTests {
    @Test(arguments: ["/ws", "/channels/ws"])
    func `everybody is welcomed first, with a name of the seed's form`(path: String) {
        var service = ChannelsFixture()
        let peer = service.open(path)
        let name = service.name(of: peer)
        #expect(name.hasPrefix("ws_1704623400000_"))
        #expect(name.utf8.count == "ws_1704623400000_k3j9x0abc".utf8.count)
        #expect(
            service.take(peer) == [
                #"{"type":"welcome","data":{"connectionId":"\#(name)","serverTime":"T","#
                    + #""availableChannels":["reports:progress","reports:data-updates","system:notifications"]},"#
                    + #""timestamp":"T"}"#
            ])
    }

    @Test func `an authenticated peer is told its user and its alerts`() {
        var service = ChannelsFixture()
        let peer = service.open(as: "user-uuid")
        let name = service.name(of: peer)
        #expect(
            service.take(peer) == [
                #"{"type":"welcome","data":{"connectionId":"\#(name)","userId":"user-uuid","serverTime":"T","#
                    + #""availableChannels":["reports:progress","reports:data-updates","system:notifications","#
                    + #""user:alerts"]},"timestamp":"T"}"#
            ])
    }

    @Test func `open mode's assumed administrator is anonymous`() {
        var service = ChannelsFixture { $0.isOpen = true }
        let peer = service.open(identity: .assumed)
        #expect(service.take(peer).first?.contains("userId") == false)
        #expect(service.machines[0].user(of: peer.id) == nil)
    }

    @Test(arguments: [1, 2])
    func `subscribe and unsubscribe are answered, also twice`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.join()
        for channel in ["test:channel", service.channel(ownedBy: loops - 1)] {
            #expect(
                service.subscribe(peer, channel)
                    == [#"{"type":"subscribed","channel":"\#(channel)","timestamp":"T"}"#])
            #expect(
                service.subscribe(peer, channel)
                    == [#"{"type":"subscribed","channel":"\#(channel)","already":true,"timestamp":"T"}"#])
            for _ in 1...2 {
                #expect(
                    service.say(#"{"type":"unsubscribe","channel":"\#(channel)"}"#, on: peer)
                        == [#"{"type":"unsubscribed","channel":"\#(channel)","timestamp":"T"}"#])
            }
        }
    }

    @Test func `a reply repeats the id of what it answers`() {
        var service = ChannelsFixture(loops: 2)
        let peer = service.join()
        for loop in 0...1 {
            let channel = service.channel(ownedBy: loop)
            #expect(
                service.say(#"{"type":"subscribe","channel":"\#(channel)","id":7}"#, on: peer)
                    == [#"{"type":"subscribed","channel":"\#(channel)","timestamp":"T","id":7}"#])
        }
        #expect(service.say(#"{"type":"ping","id":"a"}"#, on: peer) == [#"{"type":"pong","timestamp":"T","id":"a"}"#])
    }

    @Test func `a ping is answered`() {
        var service = ChannelsFixture()
        let peer = service.join()
        #expect(service.say(#"{"type":"ping"}"#, on: peer) == [#"{"type":"pong","timestamp":"T"}"#])
    }

    @Test func `get_status tells what the server knows of the connection`() {
        var service = ChannelsFixture()
        let peer = service.join(as: "u1")
        service.subscribe(peer, "test:b", "user:alerts")
        service.wait(.milliseconds(1500))
        #expect(
            service.say(#"{"type":"get_status"}"#, on: peer) == [
                #"{"type":"status","data":{"connectionId":"\#(service.name(of: peer))","userId":"u1","#
                    + #""channels":["test:b","user:u1:alerts"],"connectedAt":"T","#
                    + #""lastActivity":"2024-01-07T10:30:01.500Z","uptimeMs":1500,"#
                    + #""serverTime":"2024-01-07T10:30:01.500Z"},"timestamp":"2024-01-07T10:30:01.500Z"}"#
            ])
    }

    @Test func `a connection that waits for another loop hears its replies in the order of its messages`() {
        var service = ChannelsFixture(loops: 2)
        let peer = service.join()
        service.carriesParcels = false
        #expect(service.subscribe(peer, service.channel(ownedBy: 1)).isEmpty)
        #expect(service.isPaused(peer))
        #expect(service.say(#"{"type":"ping"}"#, on: peer).isEmpty)
        service.carry()
        let types = service.take(peer).map { $0.split(separator: #"""#)[3] }
        #expect(types == ["subscribed", "pong"])
        #expect(!service.isPaused(peer))
    }

    @Test(arguments: [1, 2])
    func `the 129th channel is refused, one that is subscribed already is not`(loops: Int) {
        var service = ChannelsFixture(loops: loops)
        let peer = service.join()
        for number in 1...128 { service.subscribe(peer, "test:n\(number)") }
        #expect(
            service.subscribe(peer, "test:more") == [
                #"{"type":"error","code":"LIMIT_EXCEEDED","message":"Too many subscriptions","#
                    + #""channel":"test:more","timestamp":"T"}"#
            ])
        #expect(service.subscribe(peer, "test:n5").first?.contains(#""already":true"#) == true)
        service.say(#"{"type":"unsubscribe","channel":"test:n5"}"#, on: peer)
        #expect(service.subscribe(peer, "test:more").first?.contains(#""subscribed""#) == true)
    }

    @Test(arguments: ["", ":a", "a:", "a b", "a:b:c:d:e:f:g:h:i", "@a", "ä:b", String(repeating: "a", count: 201)])
    func `a channel of another syntax is refused`(channel: String) {
        var service = ChannelsFixture()
        let peer = service.join()
        #expect(service.subscribe(peer, channel).first?.contains("INVALID_CHANNEL") == true)
        #expect(service.machines[0].channels(of: peer.id).isEmpty)
    }

    @Test func `a connection that is gone is subscribed to nothing, even where the answer was under way`() {
        var service = ChannelsFixture(loops: 2)
        let peer = service.join()
        let channel = service.channel(ownedBy: 1)
        service.carriesParcels = false
        service.subscribe(peer, channel)
        service.close(peer)
        service.carry()
        #expect(service.machines[1].subscriberCount(of: channel) == 0)
        #expect(service.machines[0].statistics == ChannelsMachine.Statistics())
    }
}
