import CommandKit
import SessionClient
import SessionCodec
import SessionConsole

/// `sessionctl board …`: seven verbs over a WebSocket, the others over HTTP.
enum BoardCommand {
    static func run(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let (parsed, settings) = (invocation.parsed, invocation.settings)
        switch parsed.path.dropFirst(2).first {
        case BoardCommands.watch.name: return try BoardWatchCommand.run(invocation)
        case BoardCommands.draw.name:
            return try edit([.create(try BoardEditing.shape(parsed, settings))], invocation)
        case BoardCommands.move.name:
            return try edit([.update(try id(parsed), try BoardEditing.change(parsed, settings))], invocation)
        case BoardCommands.delete.name: return try edit(try ids(parsed).map { .delete($0) }, invocation)
        case BoardCommands.cursor.name: return try moveCursor(invocation)
        case BoardCommands.export.name: return try export(invocation)
        case BoardCommands.importing.name: return try importShapes(invocation)
        default: return try APICommand.run(invocation)
        }
    }

    private static func id(_ parsed: ParsedCommand) throws(CommandError) -> String {
        try checked(parsed.operand("ID") ?? "")
    }

    private static func ids(_ parsed: ParsedCommand) throws(CommandError) -> [String] {
        var ids: [String] = []
        for id in parsed.operands("ID") { ids.append(try checked(id)) }
        return ids
    }

    private static func checked(_ id: String) throws(CommandError) -> String {
        guard IdentifierRule.allows(id) else {
            throw .usage("ID \(Origin.printable(id)): write 1 to 128 characters without blanks")
        }
        return id
    }

    // MARK: Editing

    /// Does things, and waits until all are confirmed.
    private static func edit(
        _ messages: [BoardClientMessage], _ invocation: Invocation,
        _ change: (inout BoardEditScript.Options) -> Void = { _ in },
        reading: @escaping BoardEditScript.Reading = { _, _ in .success(nil) }
    ) throws(CommandError) -> ExitStatus {
        var options = BoardEditScript.Options()
        options.waitsStored = invocation.settings[BoardCommands.waitStored]
        options.patterns = try invocation.patterns()
        change(&options)
        let script = BoardEditScript(
            messages.map { BoardEdit($0) }, options, timeout: invocation.settings[APIOptions.timeout], read: reading)
        return try invocation.play(
            script, as: try invocation.boardMember(), isSilent: true, readsInput: options.readsLines)
    }

    private static func moveCursor(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let (parsed, settings) = (invocation.parsed, invocation.settings)
        let path = settings[BoardCommands.path]
        var messages: [BoardClientMessage] = []
        switch (parsed.operand("X"), parsed.operand("Y"), path) {
        case (let x?, let y?, nil):
            messages = [
                .cursorMove(x: try BoardEditing.coordinate(x, "X"), y: try BoardEditing.coordinate(y, "Y"))
            ]
        case (nil, nil, "-"?): break
        case (nil, nil, let path?): messages = try points(of: path)
        default: throw .usage("write X and Y, or --path FILE")
        }
        return try edit(messages, invocation) { options in
            options.perSecond = Double(settings[BoardCommands.cursorRate])
            options.staying = settings[BoardCommands.staying]
            options.readsLines = path == "-"
        } reading: { line, number in
            do throws(CommandError) {
                guard let (x, y) = try BoardEditing.point(line, "line \(number)") else { return .success(nil) }
                return .success(BoardEdit(.cursorMove(x: x, y: y)))
            } catch {
                return .failure(BoardEditScript.Problem(error.message))
            }
        }
    }

    private static func points(of path: String) throws(CommandError) -> [BoardClientMessage] {
        let lines = try TextFile.readBytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var messages: [BoardClientMessage] = []
        for (index, line) in lines.enumerated() {
            guard let (x, y) = try BoardEditing.point(Array(line), "\(path):\(index + 1)") else { continue }
            messages.append(.cursorMove(x: x, y: y))
        }
        guard !messages.isEmpty else { throw CommandError(.badData, "\(path) holds no point; write one a line") }
        return messages
    }

    // MARK: Files

    private static func export(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let (settings, context) = (invocation.settings, invocation.context)
        var conditions = StopRule.Conditions()
        conditions.wait = nil
        conditions.count = 1
        conditions.patterns = try invocation.patterns()
        let path = settings[BoardCommands.output]
        let presenter = BoardExport(settings[BoardCommands.format]) { bytes, board throws(CommandError) in
            guard let path, path != "-" else { return try context.output.write(bytes: bytes) }
            try TextFile.write(bytes, to: path, mode: 0o644, makesFolders: false)
            guard !settings[ClientOptions.quiet] else { return }
            try context.errors.write("wrote \(BoardLine.count(board.shapes.count, "shape")) to \(path)\n")
        }
        let member = try invocation.boardMember()
        let script = BoardWatchScript(
            path: member.endpoint.target, conditions, timeout: settings[APIOptions.timeout])
        return try invocation.play(script, as: member, presenter: presenter, isSilent: true)
    }

    private static func importShapes(_ invocation: Invocation) throws(CommandError) -> ExitStatus {
        let path = invocation.parsed.operand("FILE") ?? "-"
        let name = path == "-" ? "standard input" : path
        let shapes = try BoardFile.shapes(in: try invocation.readInput(path), of: name)
        return try edit(shapes.map { .create($0) }, invocation) { options in
            options.perSecond = Double(invocation.settings[BoardCommands.importRate])
            options.isSummed = true
        }
    }
}
