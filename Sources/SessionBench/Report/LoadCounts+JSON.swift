import SessionBase
import SessionCodec

/// The sums of a run in a document.
extension LoadCounts {
    var document: JSONValue {
        [
            "planned": .whole(planned), "sent": .whole(sent), "received": .whole(received), "pushed": .whole(pushed),
            "lost": .whole(lost), "duplicated": .whole(duplicated), "reordered": .whole(reordered),
            "wrong": .whole(wrong), "sent_late": .whole(sentLate),
            "received_late": .whole(receivedLate), "out_bytes": .whole(bytesOut), "in_bytes": .whole(bytesIn),
            "opened": .whole(opened), "ends": .counts(ends), "delivered": .whole(delivered),
            "undelivered": .whole(undelivered), "redelivered": .whole(redelivered), "misordered": .whole(misordered),
            "faults": .counts(faults), "delivered_late": .whole(deliveredLate), "recipients": .whole(recipients),
            "in_late_bytes": .whole(bytesInLate),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init()
        planned = try place.count("planned")
        sent = try place.count("sent")
        received = try place.count("received")
        pushed = try place.count("pushed")
        lost = try place.count("lost")
        duplicated = try place.count("duplicated")
        reordered = try place.count("reordered")
        wrong = try place.count("wrong")
        // The first documents do not tell these apart.
        if let late = place.optional("sent_late") { sentLate = try late.unsigned() }
        if let late = place.optional("received_late") { receivedLate = try late.unsigned() }
        bytesOut = try place.count("out_bytes")
        bytesIn = try place.count("in_bytes")
        if let late = place.optional("in_late_bytes") { bytesInLate = try late.unsigned() }
        opened = try place.count("opened")
        ends = try place.at("ends").counts()
        try readDeliveries(place)
    }

    /// The first documents tell nothing of messages to others.
    private mutating func readDeliveries(_ place: DocumentPlace) throws(BenchDocumentError) {
        guard place.optional("delivered") != nil else { return }
        delivered = try place.count("delivered")
        undelivered = try place.count("undelivered")
        redelivered = try place.count("redelivered")
        misordered = try place.count("misordered")
        faults = try place.at("faults").counts()
        guard place.optional("recipients") != nil else { return }
        deliveredLate = try place.count("delivered_late")
        recipients = try place.count("recipients")
    }
}

extension OperationTimes {
    var document: JSONValue {
        ["name": .string(name), "response": response.document, "service": service.document]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(try place.text("name"))
        response = try HdrHistogram(reading: try place.at("response"))
        service = try HdrHistogram(reading: try place.at("service"))
    }

    /// Reads all of a list; documents from before it have none.
    static func list(_ key: String, of place: DocumentPlace) throws(BenchDocumentError) -> [OperationTimes] {
        var times: [OperationTimes] = []
        guard place.optional(key) != nil else { return [] }
        for element in try place.list(key) { times.append(try OperationTimes(reading: element)) }
        return times
    }
}

extension TopicOrders {
    /// What goes from worker to worker; reports have ``conflicts`` alone, as a finding.
    var document: JSONValue {
        [
            "conflicts": .whole(conflicts), "counts": .array(orders.map { .whole($0.count) }),
            "hashes": .array(orders.map { .whole($0.hash) }),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        var orders: [TopicOrder] = []
        for (count, hash) in zip(try place.list("counts"), try place.list("hashes")) {
            orders.append(TopicOrder(count: try count.unsigned(), hash: try hash.unsigned()))
        }
        self.init(orders, conflicts: try place.count("conflicts"))
    }
}

extension BoardCounts {
    /// What workers tell and documents hold.
    var document: JSONValue {
        [
            "snapshots": .whole(snapshots), "patches": .whole(patches), "moves": .whole(moves),
            "conflated_changes": .whole(conflatedChanges), "conflated_moves": .whole(conflatedMoves),
            "gaps": .whole(gaps), "compared": .whole(compared), "missing": .whole(missing), "extra": .whole(extra),
            "different": .whole(different),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init()
        snapshots = try place.count("snapshots")
        patches = try place.count("patches")
        moves = try place.count("moves")
        conflatedChanges = try place.count("conflated_changes")
        conflatedMoves = try place.count("conflated_moves")
        gaps = try place.count("gaps")
        compared = try place.count("compared")
        missing = try place.count("missing")
        extra = try place.count("extra")
        different = try place.count("different")
    }
}

extension HandshakePhases {
    var document: JSONValue {
        [
            "connect": connect.document, "tls": tls.document, "upgrade": upgrade.document,
            "greeting": greeting.document,
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init()
        connect = try HdrHistogram(reading: try place.at("connect"))
        tls = try HdrHistogram(reading: try place.at("tls"))
        upgrade = try HdrHistogram(reading: try place.at("upgrade"))
        greeting = try HdrHistogram(reading: try place.at("greeting"))
    }
}

extension GeneratorUsage {
    var document: JSONValue {
        [
            "elapsed_ns": .nanoseconds(elapsed), "busy_ns": .nanoseconds(busy), "cpu_ns": .nanoseconds(cpu),
            "blocked_sends": .whole(blockedSends), "backlog_max_bytes": .whole(backlogBytesMax),
            "in_flight_max": .whole(inFlightMax),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init()
        elapsed = try place.duration("elapsed_ns")
        busy = try place.duration("busy_ns")
        cpu = try place.duration("cpu_ns")
        blockedSends = try place.count("blocked_sends")
        backlogBytesMax = try place.count("backlog_max_bytes")
        inFlightMax = try place.count("in_flight_max")
    }
}
