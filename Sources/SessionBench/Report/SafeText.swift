/// Text of others, such as a server's version or a path, made harmless for what it is written into.
package enum SafeText {
    /// One line of a terminal: control characters and what reorders text become `\u{…}`, so that none can move the cursor,
    /// colour, or rename the window.
    package static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                safe += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// Text of an HTML element or of a quoted attribute.
    package static func html(_ text: String) -> String {
        var safe = ""
        for scalar in line(text).unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// One cell of a Markdown table: what would end the cell or begin markup is escaped.
    package static func markdown(_ text: String) -> String {
        var safe = ""
        for scalar in line(text).unicodeScalars {
            if "\\`*_{}[]<>#|~&".unicodeScalars.contains(scalar) { safe.append("\\") }
            safe.unicodeScalars.append(scalar)
        }
        return safe
    }

    /// One field of a CSV line (RFC 4180 §2): quoted where it must be.
    package static func csv(_ text: String) -> String {
        guard text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// C0, DEL, C1, line and paragraph separators, and the marks of bidirectional text.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
