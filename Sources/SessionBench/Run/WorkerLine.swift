import SessionBase
import SessionCodec

/// What a worker in another process tells: a line of JSON on its standard output, histograms in the encoding of
/// HdrHistogram.
enum WorkerLine {
    /// The line with its line feed.
    ///
    /// - Parameter worker: Its number in the whole run.
    static func write(_ event: WorkerEvent, from worker: Int) -> [UInt8] {
        var object = JSONObject()
        object["worker"] = .whole(worker)
        switch event {
        case .opening(let open, let failed):
            object["event"] = "opening"
            object["open"] = .whole(open)
            object["failed"] = .whole(failed)
        case .slow(let addresses):
            object["event"] = "slow"
            object["addresses"] = .texts(addresses)
        case .ready: object["event"] = "ready"
        case .interval(let interval):
            object["event"] = "interval"
            object["interval"] = interval.line
        case .finished: object["event"] = "finished"
        case .failed(let message, let status):
            object["event"] = "failed"
            object["message"] = .string(message)
            object["status"] = .whole(status)
        }
        var bytes: [UInt8] = []
        JSONValue.object(object).append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Reads a line without its line feed.
    static func read(_ line: Span<UInt8>) throws(BenchDocumentError) -> (worker: Int, event: WorkerEvent) {
        let place = try place(line)
        let worker = try place.int("worker")
        switch try place.text("event") {
        case "opening": return (worker, .opening(open: try place.int("open"), failed: try place.int("failed")))
        case "slow": return (worker, .slow(try place.texts("addresses")))
        case "ready": return (worker, .ready)
        case "interval": return (worker, .interval(try Interval(line: try place.at("interval"))))
        case "finished": return (worker, .finished)
        case "failed": return (worker, .failed(try place.text("message"), status: try place.int("status")))
        default: throw try place.at("event").error("is no event")
        }
    }

    /// The value of a line.
    static func place(_ line: Span<UInt8>) throws(BenchDocumentError) -> DocumentPlace {
        do throws(JSONError) {
            return DocumentPlace(try JSONValue.parse(line))
        } catch {
            throw DocumentPlace(.null).error("is no JSON: \(error)")
        }
    }
}

extension Interval {
    fileprivate var line: JSONValue {
        [
            "second": .whole(second), "counts": counts.document, "response": response.document,
            "service": service.document, "slip": slip.document,
            "operations": .array(operations.map(\.document)), "orders": orders.document, "board": board.document,
            "phases": phases.document,
            "generator": generator.document,
        ]
    }

    fileprivate init(line place: DocumentPlace) throws(BenchDocumentError) {
        self.init(second: try place.int("second"))
        counts = try LoadCounts(reading: try place.at("counts"))
        response = try HdrHistogram(reading: try place.at("response"))
        service = try HdrHistogram(reading: try place.at("service"))
        slip = try HdrHistogram(reading: try place.at("slip"))
        operations = try OperationTimes.list("operations", of: place)
        orders = try TopicOrders(reading: try place.at("orders"))
        board = try BoardCounts(reading: try place.at("board"))
        phases = try HandshakePhases(reading: try place.at("phases"))
        generator = try GeneratorUsage(reading: try place.at("generator"))
    }
}
