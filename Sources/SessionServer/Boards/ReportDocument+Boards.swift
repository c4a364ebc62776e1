import SessionBase
import SessionCodec
import SessionCore
import SessionStorage

/// What board adds to the documents about the node (PROTOCOLS §1.6, §1.7); where it does not run, it adds nothing.
extension ReportDocument {
    var hasBoard: Bool { configuration.serves(.board) }

    /// A page of the rooms in memory, in the order of their names.
    func boards(_ page: Page) -> HTTPResponse {
        let sorted = report.rooms.sorted { $0.room.utf8.lexicographicallyPrecedes($1.room.utf8) }
        let shown = sorted.prefix(page.limit)
        return list(
            shown.map { room in { json in room.append(to: &json) } },
            cursor: sorted.count > shown.count ? shown.last?.room : nil, total: report.total)
    }

    func writeBoardMessagesIn(to text: inout MetricsText) {
        guard hasBoard else { return }
        for kind in BoardClientKind.allCases {
            text.sample(
                "messages_in_total", ["profile": "board", "type": kind.name], report.boardCounters.received(of: kind))
        }
    }

    func writeBoardMessagesOut(to text: inout MetricsText) {
        guard hasBoard else { return }
        for kind in BoardServerKind.allCases {
            text.sample(
                "messages_out_total", ["profile": "board", "type": kind.name], report.boardCounters.sent(of: kind))
        }
    }

    func writeBoardErrors(to text: inout MetricsText) {
        guard hasBoard else { return }
        for code in BoardErrorCode.allCases {
            text.sample("errors_total", ["profile": "board", "code": code.name], report.boardCounters.errors(code))
        }
    }

    /// How often whole boards were stored, beside the store's own writes.
    func writeBoardStores(to text: inout MetricsText) {
        guard hasBoard else { return }
        let counters = report.boardCounters
        func sample(_ result: String, _ value: Int) {
            text.sample("store_flush_total", ["profile": "board", "result": result], value)
        }
        sample("ok", counters.stores)
        sample("failed", counters.storeFailures - counters.storeRefusals)
        sample("refused", counters.storeRefusals)
        sample("conflict", counters.storeConflicts)
    }

    /// What only board has.
    func writeBoards(to text: inout MetricsText) {
        guard hasBoard else { return }
        let (boards, counters) = (report.board, report.boardCounters)
        text.single("store_dirty_rooms", "gauge", "Rooms with something that is not stored.", boards.dirtyRooms)
        text.single(
            "store_oldest_dirty_seconds", "gauge", "For how long the oldest of that has waited.",
            boards.oldestDirtySeconds)
        text.single("board_shapes", "gauge", "Shapes of all boards in memory.", boards.shapes)
        text.single("board_bytes", "gauge", "Bytes of these as snapshots carry them.", boards.shapeBytes)
        text.single("board_patch_bytes", "gauge", "Bytes of patches for members who come back.", boards.patchBytes)
        text.single("board_dropped_total", "counter", "Messages of seed clients that were dropped.", counters.dropped)
        text.single("board_room_full_total", "counter", "Shapes refused because a board was full.", counters.roomFull)
        text.single("board_caught_up_total", "counter", "Slow members that got a new snapshot.", counters.caughtUp)
        text.metric("board_commits_total", "counter", "Batches of changes that were to be made durable.")
        text.sample("board_commits_total", ["result": "ok"], counters.commits)
        text.sample("board_commits_total", ["result": "failed"], counters.commitFailures)
        text.histogram("board_commit_seconds", "From a change to its broadcast.", counters.commitTime)
        text.metric("board_loads_total", "counter", "Boards that were to be loaded.")
        text.sample("board_loads_total", ["result": "ok"], counters.loads)
        text.sample("board_loads_total", ["result": "failed"], counters.loadFailures)
        writeBackend(to: &text)
    }

    /// What the backend's front says of itself.
    private func writeBackend(to text: inout MetricsText) {
        guard let figures = node.boardBackend?.figures else { return }
        text.metric("board_backend_requests_total", "counter", "Requests to the boards' backend.")
        for (method, results) in [("GET", figures.loads), ("PUT", figures.stores)] {
            for (result, count) in results.labelled {
                text.sample("board_backend_requests_total", ["method": method, "result": result], count)
            }
        }
        text.histogram("board_backend_store_seconds", "How long a PUT took.", figures.storeTimes)
        text.single("board_backend_in_flight", "gauge", "Requests under way.", figures.inFlight)
        text.single("board_backend_waiting", "gauge", "Requests that wait for others.", figures.waiting)
    }
}
