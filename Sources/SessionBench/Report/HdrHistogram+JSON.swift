import SessionBase
import SessionCodec

/// A histogram in a document: the percentiles that people ask for, and all counts in the format of the HdrHistogram
/// tools.
extension HdrHistogram {
    /// The percentiles that stand in a document, by the names of their fields.
    private static let percentiles: [(key: String, fraction: Double)] = [
        ("p50_ns", 0.5), ("p75_ns", 0.75), ("p90_ns", 0.9), ("p95_ns", 0.95), ("p99_ns", 0.99), ("p999_ns", 0.999),
        ("p9999_ns", 0.9999),
    ]

    var document: JSONValue {
        guard count > 0 else { return ["count": 0] }
        var object = JSONObject()
        object["count"] = .whole(count)
        object["saturated"] = .whole(saturated)
        object["min_ns"] = .whole(minimum)
        object["mean_ns"] = .real(mean)
        for (key, fraction) in Self.percentiles { object[key] = .whole(percentile(fraction)) }
        object["max_ns"] = .whole(maximum)
        object["hdr"] = .string(HdrEncoding.encodeCompressed(self))
        return .object(object)
    }

    /// Reads what ``document`` writes.
    init(reading place: DocumentPlace) throws(BenchDocumentError) {
        self.init()
        let count = try place.count("count")
        guard count > 0 else { return }
        let text = try place.at("hdr")
        let decoded: HdrHistogram
        do { decoded = try HdrEncoding.decodeCompressed(try text.text()) } catch {
            throw text.error("cannot be read: \(error)")
        }
        let restored = decoded.restoring(
            minimum: try place.int64("min_ns"), maximum: try place.int64("max_ns"),
            saturated: try place.count("saturated"))
        guard let restored, restored.count == count else { throw place.error("has counts that do not fit its hdr") }
        self = restored
    }
}
