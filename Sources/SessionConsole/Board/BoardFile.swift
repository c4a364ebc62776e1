package import CommandKit
package import SessionClient
package import SessionCodec

/// Boards in files: what `board export` writes and `board import` reads.
package enum BoardFile {
    /// How a board is written.
    package enum Format: String, CaseIterable, Sendable {
        /// What `import` reads again: the board's document with one shape a line.
        case json
        /// A picture.
        case svg
    }

    // MARK: Writing

    /// The whole text of a file.
    package static func text(of board: BoardReplica, as format: Format) -> [UInt8] {
        switch format {
        case .json: document(of: board)
        case .svg: BoardSVG.document(board.shapes)
        }
    }

    /// `{"roomId":…,"version":…,"shapes":[…]}` with every shape on a line of its own, so that two exports can be compared.
    private static func document(of board: BoardReplica) -> [UInt8] {
        var output = Array("{".utf8)
        if let room = board.room { output += Array("\"roomId\":\(JSONValue.string(room).text()),".utf8) }
        output += Array("\"version\":\(board.version),\"shapes\":[".utf8)
        for (place, shape) in board.shapes.enumerated() {
            output += Array((place == 0 ? "\n" : ",\n").utf8)
            shape.append(to: &output, form: .seed)
        }
        output += Array((board.shapes.isEmpty ? "]}\n" : "\n]}\n").utf8)
        return output
    }

    // MARK: Reading

    /// Reads the shapes of a file: an object with `shapes`, such as an export or a snapshot, or their bare array.
    ///
    /// A shape needs `type`, `x` and `y`; what the server gives itself, such as ids and times, is left out.
    ///
    /// - Parameter name: What messages call the file.
    /// - Throws: ``CommandError`` with status 65, which says where.
    package static func shapes(in bytes: [UInt8], of name: String) throws(CommandError) -> [NewShape] {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue.parse(bytes.span) } catch {
            let (line, column) = place(of: error.offset, in: bytes)
            throw bad("\(name):\(line):\(column): expected \(error.expected.rawValue)")
        }
        guard let list = value["shapes"]?.elements ?? value.elements else {
            throw bad("\(name) holds no board: write an array of shapes, or an object with an array \"shapes\"")
        }
        var shapes: [NewShape] = []
        for (index, element) in list.enumerated() {
            shapes.append(try shape(element, "\(name): shapes[\(index)]"))
        }
        return shapes
    }

    /// The line and the column of a byte, both counted from 1.
    private static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes.prefix(offset)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (before.count { $0 == UInt8(ascii: "\n") } + 1, before.count - start + 1)
    }

    /// Reads one shape as the server would read the message that creates it.
    private static func shape(_ value: JSONValue, _ place: String) throws(CommandError) -> NewShape {
        guard case .object(var object) = value else { throw bad("\(place) is no object") }
        object["shapeType"] = object["type"] ?? object["shapeType"]
        object["type"] = .string(BoardClientKind.shapeCreate.name)
        // A name in the file is no name of a client, and an export has no null.
        for name in ["id", "clientId"] { object[name] = nil }
        for name in ["text", "fill", "stroke"] where object[name] == .null { object[name] = nil }
        do throws(WireError) {
            let text = Array(JSONValue.object(object).text().utf8)
            if case .create(let shape) = try BoardClientMessage.decode(text.span).message { return shape }
        } catch {
            guard case .invalidField(let field) = error else { throw bad("\(place): \(error)") }
            let name = field == "shapeType" ? "type" : field
            throw bad("\(place): field \"\(name)\" is missing or invalid")
        }
        throw bad("\(place) is no shape")
    }

    private static func bad(_ message: String) -> CommandError { CommandError(.badData, message) }
}

/// Writes the first picture of a board, and nothing else.
package struct BoardExport: NewsPresenter {
    /// Takes the text of the file.
    package typealias Sink = ([UInt8], BoardReplica) throws(CommandError) -> Void

    private let format: BoardFile.Format
    private let output: Sink

    /// Writes to a file or an output.
    package init(_ format: BoardFile.Format, output: @escaping Sink) {
        self.format = format
        self.output = output
    }

    package func show(_ news: WatchNews) throws(CommandError) {
        guard let board = BoardReplica(news) else { return }
        try output(BoardFile.text(of: board, as: format), board)
    }

    package func finish() throws(CommandError) {}
}

extension BoardReplica {
    /// The board that a snapshot shows; `nil` for any other news.
    init?(_ news: WatchNews) {
        // The script has understood it before.
        let bytes = Array(news.value.text().utf8)
        guard let message = try? BoardServerMessage.decode(bytes.span).message else { return nil }
        self.init()
        guard apply(message) == .applied else { return nil }
    }
}
