import SessionBase
import SessionCodec

/// One run in a document. Rates and ratios are written for readers; they follow from the rest and are not read back.
extension RunReport {
    var document: JSONValue {
        [
            "label": .string(label), "started_at": .string(startedAt.text), "measured_ns": .nanoseconds(measured),
            "interrupted": .boolean(wasInterrupted),
            "verdict": ["kind": .string(verdict.kind.rawValue), "reasons": .texts(verdict.reasons)],
            "rates": [
                "asked_per_second": .real(askedPerSecond), "sent_per_second": .real(sentPerSecond),
                "received_per_second": .real(receivedPerSecond),
                "delivered_per_second": .real(deliveredPerSecond),
            ],
            "counts": total.counts.document,
            "latency": [
                "response": total.response.document, "service": total.service.document,
                "slip": total.slip.document, "operations": .array(total.operations.map(\.document)),
            ],
            "phases": total.phases.document, "generator": total.generator.document,
            "findings": .array(findings.map(\.document)),
            "server": server?.document ?? .null,
            "plan": plan.document, "machine": machine.document, "series": .array(series.map(\.document)),
        ]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        var series: [SeriesPoint] = []
        for point in try place.list("series") { series.append(try SeriesPoint(reading: point)) }
        self.init(
            plan: try LoadPlan(reading: try place.at("plan")), startedAt: try Self.time(try place.at("started_at")),
            measured: try place.duration("measured_ns"), verdict: try RunVerdict(reading: try place.at("verdict")),
            total: try Self.total(place), series: series,
            machine: try MachineDescription(reading: try place.at("machine")))
        label = try place.text("label")
        wasInterrupted = try place.flag("interrupted")
        for finding in try place.list("findings") { findings.append(try Finding(reading: finding)) }
        if let figures = place.optional("server") { server = try ServerFigures(reading: figures) }
    }

    private static func total(_ place: DocumentPlace) throws(BenchDocumentError) -> Interval {
        let latency = try place.at("latency")
        var total = Interval(second: 0)
        total.counts = try LoadCounts(reading: try place.at("counts"))
        total.response = try HdrHistogram(reading: try latency.at("response"))
        total.service = try HdrHistogram(reading: try latency.at("service"))
        total.slip = try HdrHistogram(reading: try latency.at("slip"))
        total.operations = try OperationTimes.list("operations", of: latency)
        total.phases = try HandshakePhases(reading: try place.at("phases"))
        total.generator = try GeneratorUsage(reading: try place.at("generator"))
        return total
    }

    private static func time(_ place: DocumentPlace) throws(BenchDocumentError) -> Timestamp {
        guard let time = Timestamp(parsing: [UInt8](try place.text().utf8).span) else {
            throw place.error("must be a time such as 2024-01-07T10:30:00.000Z")
        }
        return time
    }
}

extension RunVerdict {
    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        guard let kind = Kind(rawValue: try place.text("kind")) else {
            throw try place.at("kind").error("is a verdict that this version does not know")
        }
        self.init(kind, reasons: try place.texts("reasons"))
    }
}

extension SeriesPoint {
    fileprivate var document: JSONValue {
        [
            "second": .whole(second), "sent": .whole(sent), "received": .whole(received), "errors": .whole(errors),
            "p50_ns": .whole(p50), "p99_ns": .whole(p99), "max_ns": .whole(maximum),
        ]
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(
            second: try place.int("second"), sent: try place.count("sent"), received: try place.count("received"),
            errors: try place.count("errors"), p50: try place.int64("p50_ns"), p99: try place.int64("p99_ns"),
            maximum: try place.int64("max_ns"))
    }
}

extension ServerFigures {
    fileprivate var document: JSONValue {
        [
            "version": .string(version), "threads": .whole(loops), "period_ns": .nanoseconds(period),
            "cpu_ns": .nanoseconds(cpu), "cpu_ratio": .real(cpuRatio),
            "cpu_per_message_ns": .real(cpuPerMessage), "messages_in": .whole(messagesIn),
            "messages_out": .whole(messagesOut), "resident_bytes": .whole(residentBytes),
            "resident_before_bytes": .whole(residentBytesBefore),
            "per_connection_bytes": .real(bytesPerConnection), "connections": .whole(connections),
            "queued_max_bytes": .whole(queuedBytesMax),
            "closes": .counts(Dictionary(uniqueKeysWithValues: closes.map { (String($0), $1) })),
        ]
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        let closes = try place.at("closes")
        var codes: [Int: UInt64] = [:]
        for (key, count) in try closes.counts() {
            guard let code = Int(key) else { throw closes.error("has \(key), which is no close code") }
            codes[code] = count
        }
        self.init(
            version: try place.text("version"),
            // The first documents do not tell it.
            period: .nanoseconds(try place.optional("period_ns")?.int64() ?? 0), cpu: try place.duration("cpu_ns"),
            loops: try place.int("threads"),
            messagesIn: try place.count("messages_in"), messagesOut: try place.count("messages_out"),
            residentBytes: try place.int("resident_bytes"),
            residentBytesBefore: try place.int("resident_before_bytes"), connections: try place.int("connections"),
            queuedBytesMax: try place.int("queued_max_bytes"), closes: codes)
    }
}

extension Finding {
    var document: JSONValue {
        ["name": .string(name), "summary": .string(summary), "value": .real(value), "unit": .string(unit)]
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(
            try place.text("name"), try place.text("summary"), try place.optional("value")?.double() ?? .nan,
            unit: try place.text("unit"))
    }
}

extension MachineDescription {
    fileprivate var document: JSONValue {
        [
            "version": .string(version), "system": .string(system), "processor": .string(processor),
            "processors": .whole(processors),
        ]
    }

    fileprivate init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init(
            version: try place.text("version"), system: try place.text("system"),
            processor: try place.text("processor"), processors: try place.int("processors"))
    }
}
