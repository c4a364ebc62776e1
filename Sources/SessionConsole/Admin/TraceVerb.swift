import CommandKit
import SessionClient
import SessionCodec

/// `trace`: the frames of one connection while they pass, decoded and without credentials.
enum TraceVerb {
    static let verb = Verb("trace", "Show the frames of one connection as they pass", completes: .connections) {
        CommandDetails(
            discussion: [
                """
                One line a frame: time, direction as the server sees it, kind, bytes and text; credentials are masked \
                by the server. A trace never slows its connection down: where it is too slow itself, frames are left \
                out, and it says how many. It ends with the connection.
                """
            ],
            operands: [OperandSpec("ID", .one, .text, "the connection, as connections shows it")],
            options: FeedOptions.all,
            examples: [CommandExample("sessionctl admin trace 7 -N 10", "Ten frames")])
    } run: { call throws(CommandError) in
        let id = call.operand("ID")
        let stream = try call.world.api.stream(APIRequest("GET", "admin", "connections", id, "trace"))
        return .events(
            EventFeed(
                stream: stream, name: "trace of connection \(id)", describe: { line(of: $0) },
                isCounted: { $0["event"]?.string == "frame" }, isLast: { $0["event"]?.string == "closed" }))
    }

    /// An event for people.
    static func line(of event: JSONValue) -> String? {
        switch event["event"]?.string {
        case "start":
            let user = event["user_id"]?.string.map { ", user \($0)" } ?? ""
            return "tracing connection \(event["id"]?.string ?? "") (\(event["profile"]?.string ?? "")\(user))"
        case "frame": return frame(event)
        case "lost": return "\(event["count"]?.integer ?? 0) frames were left out: the trace is too slow"
        case "closed": return "closed \(event["code"]?.integer ?? 0) \(event["reason"]?.string ?? "")"
        default: return nil
        }
    }

    private static func frame(_ event: JSONValue) -> String {
        // `2026-11-21T17:05:09.123Z` without its date.
        let time = event["at"]?.string.map { $0.split(separator: "T").last?.dropLast() ?? "" } ?? ""
        let direction = TextLayout.pad(event["direction"]?.string ?? "", to: 3)
        let kind = TextLayout.pad(event["kind"]?.string ?? "", to: 6)
        var line = "\(time) \(direction) \(kind) \(event["bytes"]?.integer ?? 0)"
        if let data = event["data"]?.string { line += " \(data)" }
        if let hex = event["hex"]?.string { line += " \(hex)" }
        if let code = event["code"]?.integer { line += " \(code) \(event["reason"]?.string ?? "")" }
        return event["cut"]?.boolean == true ? line + "…" : line
    }
}
