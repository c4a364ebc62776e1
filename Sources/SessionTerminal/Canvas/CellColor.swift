/// A colour on a terminal: red, green and blue with 8 bits each.
package struct CellColor: Hashable, Sendable {
    /// The share of red.
    package var red: UInt8
    /// The share of green.
    package var green: UInt8
    /// The share of blue.
    package var blue: UInt8

    /// Mixes a colour.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// Mixes a colour from its six hexadecimal digits, such as `0x3b82f6`.
    package init(_ digits: UInt32) {
        red = UInt8(truncatingIfNeeded: digits >> 16)
        green = UInt8(truncatingIfNeeded: digits >> 8)
        blue = UInt8(truncatingIfNeeded: digits)
    }

    /// Reads a colour as CSS writes it: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` or a name.
    ///
    /// - Returns: `nil` for what is invisible, for names that are not known here, and for anything else.
    package init?(css text: String) {
        guard text.utf8.first == UInt8(ascii: "#") else {
            guard let digits = Self.names[text.lowercased()] else { return nil }
            self.init(digits)
            return
        }
        let digits = text.utf8.dropFirst().compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count - 1 else { return nil }
        let pairs: [Int]
        switch digits.count {
        case 3, 4: pairs = digits.map { $0 * 17 }
        case 6, 8: pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 16 + digits[$0 + 1] }
        default: return nil
        }
        if pairs.count == 4, pairs[3] == 0 { return nil }
        self.init(red: UInt8(pairs[0]), green: UInt8(pairs[1]), blue: UInt8(pairs[2]))
    }

    /// Whether black text is easier to read on it than white (ITU-R BT.601 luma).
    package var isBright: Bool { 299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 140_000 }

    /// Black.
    package static let black = CellColor(0x000000)
    /// White.
    package static let white = CellColor(0xFFFFFF)

    /// The names of CSS 2.1 and the usual ones of CSS Color 4.
    private static let names: [String: UInt32] = [
        "black": 0x000000, "silver": 0xC0C0C0, "gray": 0x808080, "grey": 0x808080, "white": 0xFFFFFF,
        "maroon": 0x800000, "red": 0xFF0000, "purple": 0x800080, "fuchsia": 0xFF00FF, "magenta": 0xFF00FF,
        "green": 0x008000, "lime": 0x00FF00, "olive": 0x808000, "yellow": 0xFFFF00, "navy": 0x000080,
        "blue": 0x0000FF, "teal": 0x008080, "aqua": 0x00FFFF, "cyan": 0x00FFFF, "orange": 0xFFA500,
        "pink": 0xFFC0CB, "brown": 0xA52A2A, "gold": 0xFFD700, "indigo": 0x4B0082, "violet": 0xEE82EE,
        "crimson": 0xDC143C, "tomato": 0xFF6347, "salmon": 0xFA8072, "coral": 0xFF7F50, "khaki": 0xF0E68C,
        "orchid": 0xDA70D6, "turquoise": 0x40E0D0, "skyblue": 0x87CEEB, "steelblue": 0x4682B4,
        "lightblue": 0xADD8E6, "lightgreen": 0x90EE90, "lightyellow": 0xFFFFE0, "lightgray": 0xD3D3D3,
        "lightgrey": 0xD3D3D3, "darkgray": 0xA9A9A9, "darkgrey": 0xA9A9A9, "darkblue": 0x00008B,
        "darkgreen": 0x006400, "darkred": 0x8B0000, "slategray": 0x708090, "rebeccapurple": 0x663399,
    ]
}

/// How many colours a terminal can show.
package enum ColorDepth: Equatable, Sendable {
    /// None: it is told where to write and nothing else.
    case none
    /// The eight of ECMA-48 and their bright twins.
    case basic
    /// The 256 of xterm.
    case indexed
    /// All of them.
    case direct

    /// Decides by what the terminal's own variables say; `COLORTERM` is the one that names 24 bits.
    ///
    /// - Parameters:
    ///   - style: Whether anything is coloured at all.
    ///   - environment: Reads a variable.
    package init(_ style: Style, environment: (String) -> String?) {
        guard style.isColored else {
            self = .none
            return
        }
        let term = environment("TERM") ?? ""
        switch environment("COLORTERM") {
        case "truecolor", "24bit": self = .direct
        default: self = term.contains("256color") ? .indexed : term.contains("direct") ? .direct : .basic
        }
    }

    /// The parameters of the *select graphic rendition* sequence for a colour (ECMA-48 §8.3.117); `nil` without colours.
    ///
    /// - Parameter isBackground: Whether it is what stands behind the character.
    func parameters(of color: CellColor, isBackground: Bool) -> String? {
        switch self {
        case .none: return nil
        case .basic:
            let number = Self.basicNumber(of: color)
            let base = (isBackground ? 40 : 30) + (number >= 8 ? 60 : 0)
            return "\(base + number % 8)"
        case .indexed: return "\(isBackground ? 48 : 38);5;\(Self.indexedNumber(of: color))"
        case .direct: return "\(isBackground ? 48 : 38);2;\(color.red);\(color.green);\(color.blue)"
        }
    }

    /// 0...7, and 8...15 for the bright ones.
    private static func basicNumber(of color: CellColor) -> Int {
        let parts = [color.red, color.green, color.blue].map { Int($0) }
        let most = parts.max() ?? 0
        if most < 48 { return 0 }
        let bits = parts.enumerated().reduce(0) { $0 | ($1.element * 5 >= most * 3 ? 1 << $1.offset : 0) }
        // Grey: dark, light, white.
        if bits == 7 { return most > 224 ? 15 : most > 144 ? 7 : 8 }
        return most > 192 ? bits + 8 : bits
    }

    /// The levels of each part in the cube of 216 colours.
    private static let levels = [0, 95, 135, 175, 215, 255]

    /// 16...231 in the cube or 232...255 among the greys, whichever is nearer.
    private static func indexedNumber(of color: CellColor) -> Int {
        let parts = [color.red, color.green, color.blue].map { Int($0) }
        let places = parts.map { part in levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0 }
        let average = parts.reduce(0, +) / 3
        let gray = min(max((average - 3) / 10, 0), 23)
        let cubeError = zip(parts, places).reduce(0) { $0 + abs($1.0 - levels[$1.1]) }
        let grayError = parts.reduce(0) { $0 + abs($1 - (8 + 10 * gray)) }
        return grayError < cubeError ? 232 + gray : 16 + 36 * places[0] + 6 * places[1] + places[2]
    }
}
