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
            "opened": .whole(opened), "ends": .counts(ends),
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
        opened = try place.count("opened")
        ends = try place.at("ends").counts()
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
