/// The few elements that pages are made of; all texts that come in are escaped here.
enum HTML {
    /// A card with a heading, a remark below it, and content that is HTML already.
    static func card(heading: String, note: String = "", _ content: String) -> String {
        let remark = note.isEmpty ? "" : "<p class=\"soft\">\(SafeText.html(note))</p>"
        return "<section class=\"card\"><h2>\(SafeText.html(heading))</h2>\(remark)\n\(content)</section>"
    }

    /// Cards side by side where there is room; nothing for none, and empty ones are left out.
    static func grid(_ cards: [String]) -> String {
        let filled = cards.filter { !$0.isEmpty }
        return filled.isEmpty ? "" : "<div class=\"grid-of-cards\">\(filled.joined(separator: "\n"))</div>"
    }

    /// A plot in a card, with its legend.
    static func figure(_ plot: LinePlot, heading: String, note: String, id: String) -> String {
        let entries = plot.lines.reduce(into: [(style: String, name: String)]()) { entries, line in
            if !entries.contains(where: { $0.name == line.name }) { entries.append((line.style, line.name)) }
        }
        let legend = entries.map { "<li class=\"\($0.style)\">\(SafeText.html($0.name))</li>" }.joined()
        return card(heading: heading, note: note, "<ul class=\"legend\">\(legend)</ul>\n\(plot.svg(id: id))\n")
    }

    /// A table; the first cell of a row is its name, and a row may have a class.
    static func table(columns: [String], rows: [(cells: [String], style: String?)]) -> String {
        let head = columns.map { "<th scope=\"col\">\(SafeText.html($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.cells.enumerated().map { place, cell in
                place == 0 ? "<th scope=\"row\">\(SafeText.html(cell))</th>" : "<td>\(SafeText.html(cell))</td>"
            }
            return "<tr\(row.style.map { " class=\"\($0)\"" } ?? "")>\(cells.joined())</tr>"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead>\n<tbody>\(body.joined(separator: "\n"))"
            + "</tbody></table></div>"
    }

    /// Names and what stands for them; those without anything are left out.
    static func words(_ entries: [(name: String, words: [String])]) -> String {
        let rows = entries.filter { !$0.words.isEmpty }.map { name, words in
            "<dt>\(SafeText.html(name))</dt><dd>\(SafeText.html(words.joined(separator: " · ")))</dd>"
        }
        return "<dl class=\"words\">\(rows.joined(separator: "\n"))</dl>"
    }

    /// Large figures: a name, a value, its unit, and whether it is bad news.
    static func tiles(_ tiles: [(name: String, value: String, unit: String, isBad: Bool)]) -> String {
        let items = tiles.map { tile in
            "<div class=\"tile\(tile.isBad ? " bad" : "")\"><dt>\(SafeText.html(tile.name))</dt>"
                + "<dd>\(SafeText.html(tile.value))<small>\(SafeText.html(tile.unit))</small></dd></div>"
        }
        return "<dl class=\"tiles\">\(items.joined(separator: "\n"))</dl>"
    }
}
