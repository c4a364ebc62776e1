import CommandKit
import SessionBase
import SessionCodec
import SessionConsole

/// `token inspect`: what a token says, without a word on whether it is true.
enum TokenInspection {
    static func run(_ invocation: Invocation) throws(CommandError) {
        let text = try invocation.tokenOperand()
        let token: CompactToken
        let claims: JSONObject
        do throws(TokenFailure) {
            token = try CompactToken.parse(text.span)
            claims = try JSONObject.parse(part: token.payload, .payload)
        } catch {
            throw CommandError(.badData, "this cannot be shown: \(error.reason)")
        }
        let now = invocation.now
        let value: JSONValue = [
            "verified": false, "header": .object(token.header), "claims": .object(claims),
            "times": .object(times(of: claims)), "signature_bytes": .number(String(token.signature.count)),
        ]
        try invocation.resultPrinter().show(value) {
            [
                .lines(["NOT VERIFIED: anybody can write this; 'sessionctl token verify' checks it", "", "header"]),
                .record(fields(token.header, at: now)), .lines(["", "claims"]), .record(fields(claims, at: now)),
                .lines(["", "signature of \(token.signature.count) bytes, not checked"]),
            ]
        }
    }

    /// The claims that are times.
    private static let timeNames = ["exp", "nbf", "iat"]

    private static func times(of claims: JSONObject) -> JSONObject {
        var times = JSONObject()
        for name in timeNames {
            if let time = time(claims[name]) { times[name] = .string(time.text) }
        }
        return times
    }

    private static func fields(_ object: JSONObject, at now: Timestamp) -> [ResultField] {
        object.members.map { member in
            let text = member.value.string ?? member.value.text()
            guard timeNames.contains(member.key), let time = time(member.value) else {
                return ResultField("  " + member.key, text)
            }
            return ResultField("  " + member.key, "\(text)  \(time.text), \(distance(of: time, from: now))")
        }
    }

    /// The time of a NumericDate, where a calendar has it.
    private static func time(_ value: JSONValue?) -> Timestamp? {
        guard case .number? = value, let seconds = value?.double, (0...253_402_300_799).contains(seconds) else {
            return nil
        }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }

    /// `in 14m`, `3d ago`.
    static func distance(of time: Timestamp, from now: Timestamp) -> String {
        let seconds = abs(time.milliseconds - now.milliseconds) / 1000
        let (count, unit) =
            switch seconds {
            case ..<60: (seconds, "s")
            case ..<3600: (seconds / 60, "m")
            case ..<86_400: (seconds / 3600, "h")
            default: (seconds / 86_400, "d")
            }
        return time < now ? "\(count)\(unit) ago" : "in \(count)\(unit)"
    }
}
