package import SessionBase

extension HTTPResponse {
    /// Appends the response as it goes over the wire.
    ///
    /// - Parameters:
    ///   - output: Gets the bytes.
    ///   - date: The time for `Date`; none is written without it.
    ///   - keepsAlive: Whether the connection stays; otherwise `Connection: close` says that it does not.
    ///   - answersHead: The request was HEAD, so that the body is announced but not sent.
    package func append(
        to output: inout [UInt8], date: Timestamp? = nil, keepsAlive: Bool = true, answersHead: Bool = false
    ) {
        appendHead(to: &output, date: date)
        if !status.isBodiless { output.appendContentLength(body.count) }
        if !keepsAlive { output.append(literal: "Connection: close\r\n") }
        output.append(literal: "\r\n")
        if !answersHead, !status.isBodiless { output.append(contentsOf: body) }
    }

    /// Appends the head of a response whose body follows as ``HTTPChunk``s, and whose connection ends behind it.
    func appendStreamHead(to output: inout [UInt8], date: Timestamp) {
        appendHead(to: &output, date: date)
        output.append(literal: "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
    }

    /// Status line, `Date`, and the fields that are not about the body.
    private func appendHead(to output: inout [UInt8], date: Timestamp?) {
        output.append(literal: "HTTP/1.1 ")
        output.appendDecimal(status.rawValue)
        output.append(UInt8(ascii: " "))
        output.append(literal: status.phrase)
        output.append(literal: "\r\n")
        if let date {
            output.append(literal: "Date: ")
            date.appendHTTPDate(to: &output)
            output.append(literal: "\r\n")
        }
        fields.append(to: &output)
    }
}

extension Timestamp {
    /// Appends the time as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
    package func appendHTTPDate(to output: inout [UInt8]) {
        let (year, month, dayOfMonth) = date
        let second = secondOfDay
        output.append(literal: Self.dayNames[dayOfWeek])
        output.append(literal: ", ")
        output.appendDecimal(dayOfMonth, digits: 2)
        output.append(UInt8(ascii: " "))
        output.append(literal: Self.monthNames[month - 1])
        output.append(UInt8(ascii: " "))
        output.appendDecimal(year % 10_000, digits: 4)
        for (place, value) in [second / 3600, second / 60 % 60, second % 60].enumerated() {
            output.append(place == 0 ? UInt8(ascii: " ") : UInt8(ascii: ":"))
            output.appendDecimal(value, digits: 2)
        }
        output.append(literal: " GMT")
    }

    private static let dayNames: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthNames: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
