import SessionClient

/// A load on whiteboard rooms in words, for all forms of a report and for what a comparison says of two of them.
extension BoardLoad {
    /// How it is made up.
    var words: [String] {
        [
            mode == .v2 ? "second version" : "seed mode", "\(Figures.grouped(rooms)) room\(rooms == 1 ? "" : "s")",
            "\(Figures.grouped(shapes)) shape\(shapes == 1 ? "" : "s")\(rooms == 1 ? "" : " each")",
            "each member moving at \(Figures.rate(cursorRate)) and changing at \(Figures.rate(changeRate))",
        ]
    }
}
