import SessionBase
import SessionCodec
import SessionCore
import Testing

/// Streams of rows (PROTOCOLS 2-24 … 2-26, 2-32), with the stream at this loop and at another one.
@Suite struct ChannelStreamTests {
    private func service(_ isRemote: Bool) -> (ChannelsFixture, template: String) {
        let service = ChannelsFixture(loops: isRemote ? 2 : 1)
        return (service, service.template(ownedBy: isRemote ? 1 : 0))
    }

    /// Opens a stream, and drops what it hears at once.
    private func watch(_ template: String, in service: inout ChannelsFixture) -> ChannelsFixture.Peer {
        let peer = service.open("/api/v1/reports/stream/\(template)")
        _ = service.take(peer)
        return peer
    }

    private func initial(_ rows: String..., tag: String = "") -> String {
        #"{"type":"initial_data","data":["# + rows.joined(separator: ",") + #"],"timestamp":"T"\#(tag)}"#
    }

    private func update(_ row: String, _ channel: String, at time: String = "T") -> String {
        #"{"type":"data_update","data":\#(row),"channel":"\#(channel)","timestamp":"\#(time)"}"#
    }

    /// The data of each update that was heard.
    private func rows(_ heard: [String]) -> [String] {
        heard.map { text in
            guard let message = try? JSONValue.parse(text), message["type"]?.string == "data_update" else {
                return text
            }
            return message["data"].map { String(decoding: JSONFragment($0).bytes, as: UTF8.self) } ?? ""
        }
    }

    @Test(arguments: [false, true])
    func `a stream begins with a welcome and the last rows, newest first`(isRemote: Bool) {
        var (service, template) = service(isRemote)
        let early = service.open("/api/v1/reports/stream/\(template)")
        let heard = service.take(early)
        #expect(heard.count == 2)
        #expect(heard.first?.hasPrefix(#"{"type":"welcome""#) == true)
        #expect(heard.last == initial())
        service.push(template, #"{"value":95}"#, #"{"value":100}"#)
        let late = service.open("/api/v1/reports/stream/\(template)")
        #expect(service.take(late).dropFirst() == [initial(#"{"value":100}"#, #"{"value":95}"#)])
        #expect(!service.isPaused(late))
    }

    @Test func `a hundred rows are remembered`() {
        var service = ChannelsFixture()
        for number in 1...250 { service.push("t", #"{"n":\#(number)}"#) }
        let peer = service.open("/api/v1/reports/stream/t")
        let rows = (151...250).reversed().map { #"{"n":\#($0)}"# }.joined(separator: ",")
        #expect(service.take(peer).last == initial(rows))
    }

    @Test func `another size of the ring keeps the newest rows`() {
        var service = ChannelsFixture { $0.rowsMax = 4 }
        for number in 1...6 { service.push("t", #"{"n":\#(number)}"#) }
        service.machines[0].configuration.rowsMax = 2
        service.push("t", #"{"n":7}"#)
        let small = service.open("/api/v1/reports/stream/t")
        #expect(service.take(small).last == initial(#"{"n":7}"#, #"{"n":6}"#))
        service.machines[0].configuration.rowsMax = 3
        for number in 8...9 { service.push("t", #"{"n":\#(number)}"#) }
        let large = service.open("/api/v1/reports/stream/t")
        #expect(service.take(large).last == initial(#"{"n":9}"#, #"{"n":8}"#, #"{"n":7}"#))
    }

    @Test(arguments: [false, true])
    func `every row goes to the stream, to its channel and to everybody's`(isRemote: Bool) {
        var (service, template) = service(isRemote)
        let peer = watch(template, in: &service)
        let (own, all) = (service.join(), service.join())
        service.subscribe(own, "reports:data:\(template)")
        service.subscribe(all, "reports:data-updates")
        let row = #"{"timestamp":"2024-01-07T10:31:00.000Z","value":105,"change":"+5%"}"#
        #expect(
            service.push(template, row, #"{"value":106}"#)
                == #"202 {"delivered":2,"channel":"reports:data:\#(template)","offset":2}"#)
        let channel = "reports:data:\(template)"
        let heard = [update(row, channel), update(#"{"value":106}"#, channel)]
        #expect(service.take(peer) == heard)
        #expect(service.take(own) == heard)
        #expect(
            service.take(all) == [
                update(row, "reports:data-updates"), update(#"{"value":106}"#, "reports:data-updates"),
            ])
    }

    @Test func `no rows are no news`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        #expect(service.push("t") == #"202 {"delivered":0,"channel":"reports:data:t"}"#)
        #expect(service.take(peer).isEmpty)
    }

    // MARK: Filters

    @Test(arguments: [false, true])
    func `a filter shows the rows that have all its fields, now and later`(isRemote: Bool) {
        var (service, template) = service(isRemote)
        let peer = watch(template, in: &service)
        let sales = #"{"status":"active","department":"sales","n":1}"#
        service.push(template, sales, #"{"status":"active","n":2}"#, #"{"status":"idle","department":"sales"}"#)
        _ = service.take(peer)
        let filter = #"{"type":"apply_filter","filter":{"status":"active","department":"sales"},"id":9}"#
        #expect(service.say(filter, on: peer) == [initial(sales, tag: #","id":9"#)])
        #expect(!service.isPaused(peer))
        service.push(template, #"{"department":"sales","status":"active","n":4}"#, #"{"status":"active"}"#)
        #expect(rows(service.take(peer)) == [#"{"department":"sales","status":"active","n":4}"#])
        service.say(#"{"type":"apply_filter","filter":{}}"#, on: peer)
        service.push(template, #"{"n":6}"#)
        #expect(rows(service.take(peer)) == [#"{"n":6}"#])
    }

    @Test(arguments: [
        (#"{"n":1.0}"#, #"{"n":1}"#, true), (#"{"n":1}"#, #"{"n":"1"}"#, false), (#"{"a":null}"#, #"{"a":null}"#, true),
        (#"{"a":null}"#, #"{"b":1}"#, false), (#"{"a":true}"#, #"{"a":true,"b":[1]}"#, true),
        (#"{"a":"x"}"#, #"{"b":{"a":"x"}}"#, false),
    ])
    func `fields are equal by what they mean, at the top of a row`(filter: String, row: String, isShown: Bool) {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"apply_filter","filter":\#(filter)}"#, on: peer)
        service.push("t", row)
        #expect(service.take(peer).count == (isShown ? 1 : 0))
    }

    @Test(arguments: [
        #"[]"#, #""x""#, #"{"a":{}}"#, #"{"a":[1]}"#, "{\"a\":\"\(String(repeating: "x", count: 4096))\"}",
        "{" + (1...17).map { #""f\#($0)":1"# }.joined(separator: ",") + "}",
    ])
    func `a filter of another form is refused`(filter: String) {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        #expect(
            service.say(#"{"type":"apply_filter","filter":\#(filter)}"#, on: peer).first?.contains("INVALID_FILTER")
                == true)
    }

    @Test func `between the rows of a new filter and those that follow there is no gap`() {
        var service = ChannelsFixture(loops: 2)
        let template = service.template(ownedBy: 1)
        let peer = watch(template, in: &service)
        service.carriesParcels = false
        service.say(#"{"type":"apply_filter","filter":{"a":1}}"#, on: peer)
        _ = service.post(.pushRows(template: template, [StreamRow(.of(#"{"a":1,"n":1}"#))!]))
        service.carryOne()
        _ = service.post(.pushRows(template: template, [StreamRow(.of(#"{"a":1,"n":2}"#))!]))
        service.carry()
        let heard = service.take(peer)
        #expect(heard.first == initial(#"{"a":1,"n":1}"#))
        #expect(rows(Array(heard.dropFirst())) == [#"{"a":1,"n":2}"#])
    }

    // MARK: Intervals

    @Test(arguments: [false, true])
    func `with an interval the first row comes at once, then the newest of each`(isRemote: Bool) {
        var (service, template) = service(isRemote)
        let peer = watch(template, in: &service)
        #expect(service.say(#"{"type":"update_interval","interval":1000}"#, on: peer).isEmpty)
        service.push(template, #"{"n":1}"#)
        #expect(rows(service.take(peer)) == [#"{"n":1}"#])
        for number in 2...4 {
            service.wait(.milliseconds(200))
            service.push(template, #"{"n":\#(number)}"#)
        }
        service.wait(.milliseconds(399))
        #expect(service.take(peer).isEmpty)
        service.wait(.milliseconds(1))
        #expect(
            service.take(peer) == [update(#"{"n":4}"#, "reports:data:\(template)", at: "2024-01-07T10:30:01.000Z")])
        service.wait(.seconds(10))
        #expect(service.take(peer).isEmpty)
        service.push(template, #"{"n":5}"#)
        #expect(rows(service.take(peer)) == [#"{"n":5}"#])
    }

    @Test func `in batch mode all rows of an interval come as one array, oldest first`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        #expect(
            service.say(#"{"type":"update_interval","interval":500,"mode":"batch"}"#, on: peer)
                == [#"{"type":"interval_updated","data":{"interval":500,"mode":"batch"},"timestamp":"T"}"#])
        service.push("t", #"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#)
        #expect(rows(service.take(peer)) == [#"[{"n":1}]"#])
        service.wait(.milliseconds(500))
        #expect(rows(service.take(peer)) == [#"[{"n":2},{"n":3}]"#])
        for number in 1...150 { service.push("t", #"{"n":\#(number)}"#) }
        service.wait(.milliseconds(500))
        let heard = service.take(peer)
        #expect(heard.count == 1)
        let rows = heard.first.flatMap { try? JSONValue.parse($0) }?["data"]?.elements
        #expect(rows?.count == 100)
        #expect(rows?.last?["n"]?.integer == 150)
    }

    @Test func `an interval of zero sends every row, and at once what waits`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":3600000}"#, on: peer)
        service.push("t", #"{"n":1}"#, #"{"n":2}"#)
        _ = service.take(peer)
        #expect(rows(service.say(#"{"type":"update_interval","interval":0}"#, on: peer)) == [#"{"n":2}"#])
        service.push("t", #"{"n":3}"#, #"{"n":4}"#)
        #expect(rows(service.take(peer)) == [#"{"n":3}"#, #"{"n":4}"#])
    }

    @Test func `a shorter interval counts from the last row that was sent`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":10000}"#, on: peer)
        service.push("t", #"{"n":1}"#, #"{"n":2}"#)
        _ = service.take(peer)
        service.wait(.milliseconds(300))
        service.say(#"{"type":"update_interval","interval":1000}"#, on: peer)
        service.wait(.milliseconds(699))
        #expect(service.take(peer).isEmpty)
        service.wait(.milliseconds(1))
        #expect(rows(service.take(peer)) == [#"{"n":2}"#])
    }

    @Test func `a new filter drops the row that waits`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":1000}"#, on: peer)
        service.push("t", #"{"a":1}"#, #"{"a":2}"#)
        _ = service.take(peer)
        #expect(service.say(#"{"type":"apply_filter","filter":{"a":1}}"#, on: peer) == [initial(#"{"a":1}"#)])
        service.wait(.seconds(5))
        #expect(service.take(peer).isEmpty)
    }

    @Test(arguments: ["1", "249", "3600001", "-1", "0.5", "1e3", #""500""#, "null"])
    func `an interval out of range is refused`(interval: String) {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        let heard = service.say(#"{"type":"update_interval","interval":\#(interval)}"#, on: peer)
        #expect(heard.count == 1)
        #expect(heard.first?.contains("INVALID_INTERVAL") == true)
    }

    @Test(arguments: [250, 3_600_000])
    func `an interval is acknowledged where the request has an id`(interval: Int) {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        #expect(
            service.say(#"{"type":"update_interval","interval":\#(interval),"id":"a"}"#, on: peer) == [
                #"{"type":"interval_updated","data":{"interval":\#(interval),"mode":"latest"},"timestamp":"T","id":"a"}"#
            ])
    }

    // MARK: Everything else

    @Test(arguments: ["subscribe", "publish", "subscribe_template", "cancel_report", "request_update"])
    func `types of other routes do not exist`(type: String) {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        let text = #"{"type":"\#(type)","channel":"test:a","message":{"type":"x"},"templateId":"t"}"#
        #expect(service.say(text, on: peer).first?.contains("UNKNOWN_TYPE") == true)
    }

    @Test func `slow watchers get the newest row of each stream`() {
        var service = ChannelsFixture()
        let plain = watch("t", in: &service)
        let paced = watch("t", in: &service)
        let batched = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":250}"#, on: paced)
        service.say(#"{"type":"update_interval","interval":250,"mode":"batch"}"#, on: batched)
        service.push("t", #"{"n":1}"#)
        #expect(service.policies.count == 3)
        #expect(service.policies[0] == service.policies[1])
        #expect(service.policies[2] == .dropOldest)
        guard case .conflate = service.policies[0] else {
            Issue.record("rows are not conflated")
            return
        }
        #expect(service.take(plain).count == 1)
    }

    @Test func `what a producer broadcasts to a stream's channel comes to all who watch, as it is`() {
        var service = ChannelsFixture()
        let (plain, filtered) = (watch("t", in: &service), watch("t", in: &service))
        service.say(#"{"type":"apply_filter","filter":{"a":1}}"#, on: filtered)
        service.broadcast("reports:data:t", #"{"type":"note"}"#)
        let heard = [#"{"type":"note","channel":"reports:data:t","timestamp":"T"}"#]
        #expect(service.take(plain) == heard)
        #expect(service.take(filtered) == heard)
    }

    @Test func `a stream is forgotten a day after its last row`() {
        var service = ChannelsFixture()
        service.push("t", #"{"n":1}"#)
        service.wait(.seconds(86_000))
        service.push("t", #"{"n":2}"#)
        service.wait(.seconds(86_000))
        #expect(service.machines[0].statistics.streams == 1)
        service.wait(.seconds(401))
        #expect(service.machines[0].statistics.streams == 0)
        let peer = service.open("/api/v1/reports/stream/t")
        #expect(service.take(peer).last?.contains(#""data":[]"#) == true)
    }

    @Test func `a connection that is gone is sent nothing that waited`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":1000}"#, on: peer)
        service.push("t", #"{"n":1}"#, #"{"n":2}"#)
        _ = service.take(peer)
        service.close(peer)
        service.wait(.seconds(2))
        #expect(service.take(peer).isEmpty)
        #expect(service.machines[0].statistics.connections == 0)
        #expect(service.machines[0].subscriberCount(of: "reports:data:t") == 0)
    }

    @Test func `an interval that is set again and again leaves one entry to look at`() {
        var service = ChannelsFixture()
        let peer = watch("t", in: &service)
        service.say(#"{"type":"update_interval","interval":3600000}"#, on: peer)
        service.push("t", #"{"n":1}"#, #"{"n":2}"#)
        _ = service.take(peer)
        // The fixture checks after each that entries do not pile up.
        for step in 1...200 { service.say(#"{"type":"update_interval","interval":\#(60_000 - step * 250)}"#, on: peer) }
        service.wait(.seconds(9))
        #expect(service.take(peer).isEmpty)
        service.say(#"{"type":"update_interval","interval":20000}"#, on: peer)
        service.wait(.seconds(10))
        #expect(service.take(peer).isEmpty)
        service.wait(.seconds(1))
        #expect(rows(service.take(peer)) == [#"{"n":2}"#])
    }

    @Test func `rows of a mebibyte are remembered, however many are allowed`() {
        var service = ChannelsFixture()
        let text = String(repeating: "x", count: 250 << 10)
        for number in 1...9 { service.push("t", #"{"n":\#(number),"x":"\#(text)"}"#) }
        let peer = service.open("/api/v1/reports/stream/t")
        let shown = service.take(peer).last ?? ""
        #expect((1...9).filter { shown.contains(#""n":\#($0),"#) } == [6, 7, 8, 9])
    }

    @Test func `streams that were quiet for longest give way to those that are not`() {
        var service = ChannelsFixture()
        let text = String(repeating: "x", count: 1 << 20 - 20)
        for number in 1...64 {
            service.push("t\(number)", #"{"x":"\#(text)"}"#)
            service.wait(.milliseconds(1))
        }
        let count = service.machines[0].statistics.streams
        #expect(count < 64 && count > 50)
        let (first, last) = (service.open("/api/v1/reports/stream/t1"), service.open("/api/v1/reports/stream/t64"))
        #expect(service.take(first).last?.contains(#""data":[]"#) == true)
        #expect(service.take(last).last?.contains(#""data":[]"#) == false)
    }

    @Test func `a filter is taken five times a second`() {
        var service = ChannelsFixture { $0.messageRate = TokenRate(tokens: 200, each: .seconds(1), burst: 400) }
        let peer = watch("t", in: &service)
        for _ in 1...5 { #expect(service.say(#"{"type":"apply_filter","filter":{}}"#, on: peer) == [initial()]) }
        #expect(
            service.say(#"{"type":"apply_filter","filter":{}}"#, on: peer).first?.contains("RATE_LIMITED") == true)
    }
}
