import SessionBase
import SessionClient
import SessionIO

/// Workers that are threads of another process: this program, started once more in its worker mode.
final class ProcessGroup: WorkerGroup {
    private let process: ChildProcess
    private let workers: Range<Int>
    private var finished: Set<Int> = []
    private var lines = LineSplitter()
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Starts a process for the workers `first..<first + plan.threads` of a run.
    init(_ plan: LoadPlan, first: Int, program: String) throws(SystemError) {
        workers = first..<first + plan.threads
        process = try ChildProcess(program, ["sessionctl", WorkerProcess.word])
        try Descriptor.setNonBlocking(process.outputDescriptor)
        try process.write(WorkerOrder.open(plan, first: first).line.span)
    }

    var descriptor: Int32 { process.outputDescriptor }

    func takeAll() throws(BenchFailure) -> [(worker: Int, event: WorkerEvent)] {
        let isOpen = read()
        var events: [(worker: Int, event: WorkerEvent)] = []
        while let line = lines.next() { events.append(try parse(line)) }
        guard isOpen || finished.count == workers.count else { throw lost() }
        return events
    }

    func start(at instant: Instant) { tell(.start(instant)) }

    func stop() { tell(.stop) }

    func join() {
        process.closeInput()
        process.wait()
    }

    /// Tells an order. One that does not arrive finds a process that has left, which its output tells.
    private func tell(_ order: WorkerOrder) { try? process.write(order.line.span) }

    /// Reads all that is there, and returns whether more may come.
    private func read() -> Bool {
        while true {
            let result = buffer.withUnsafeMutableBytes { Descriptor.read(process.outputDescriptor, into: $0) }
            switch result {
            case .received(let count): lines.append(buffer.span.extracting(first: count))
            case .wouldBlock: return true
            case .ended, .failed: return false
            }
        }
    }

    private func parse(_ line: [UInt8]) throws(BenchFailure) -> (worker: Int, event: WorkerEvent) {
        do throws(BenchDocumentError) {
            let (worker, event) = try WorkerLine.read(line.span)
            guard workers.contains(worker) else { throw BenchDocumentError("worker \(worker) is another process's") }
            if case .finished = event { finished.insert(worker) }
            return (worker, event)
        } catch {
            throw .internal("a process of the load wrote what cannot be read: \(error)")
        }
    }

    private func lost() -> BenchFailure {
        process.closeInput()
        let status = process.wait()
        return .internal("a process of the load ended with status \(status) before its work was done")
    }
}
