import SessionBase
import SessionClient

/// A load on topics in words, for all forms of a report and for what a comparison says of two of them.
extension TopicLoad {
    /// How it is made up.
    var words: [String] {
        let own = kind == .fanout ? channelWords : namespaceWords
        return own + ["\(Figures.grouped(publishers)) publishing over \(way == .http ? "HTTP" : "WebSocket")"]
    }

    private var channelWords: [String] {
        let share = slots < channels ? ", \(Figures.grouped(slots)) each" : ""
        return [
            "\(Figures.grouped(channels)) channel\(channels == 1 ? "" : "s")\(share)",
            stuckRatio > 0 ? "\(Figures.percent(stuckRatio)) never reading" : nil,
            away.map { "each away for \($0.spelled)" },
        ].compactMap(\.self)
    }

    private var namespaceWords: [String] {
        let places = namespaces.map { SafeText.line($0) }.joined(separator: ", ")
        let words: [String?] = [
            places, "\(Figures.grouped(rooms)) rooms in each, \(Figures.percent(roomRatio)) in one",
            "\(Figures.percent(roomCastRatio)) to rooms",
            typedRatio > 0 ? "\(Figures.percent(typedRatio)) of the others typed" : nil,
            moveRatio > 0 ? "\(Figures.percent(moveRatio)) joins and leaves" : nil,
        ]
        return words.compactMap(\.self)
    }
}
