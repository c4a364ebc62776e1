import SessionBase
import SessionIO

/// Workers that are threads of this process.
final class ThreadGroup: WorkerGroup {
    private let first: Int
    private let waker: Waker
    private let ports: [WorkerPort]
    private var threads: [JoinableThread] = []

    /// Starts threads for the workers `first..<first + plan.threads` of a run.
    init(_ plan: LoadPlan, first: Int) throws(SystemError) {
        self.first = first
        let waker = try Waker()
        self.waker = waker
        ports = (0..<plan.threads).map { _ in WorkerPort { waker.wake() } }
        for (offset, port) in ports.enumerated() {
            let share = WorkerShare(plan: plan, index: first + offset)
            threads.append(try JoinableThread(name: "load-\(first + offset)") { LoadWorker.run(share, port) })
        }
    }

    var descriptor: Int32 { waker.descriptor }

    func takeAll() -> [(worker: Int, event: WorkerEvent)] {
        waker.acknowledge()
        return ports.enumerated().flatMap { offset, port in port.takeAll().map { (first + offset, $0) } }
    }

    func start(at instant: Instant) { for port in ports { port.start(at: instant) } }

    func stop() { for port in ports { port.stop() } }

    func join() { for thread in threads { thread.join() } }
}

/// A thread that lies in an array until it is joined.
private final class JoinableThread {
    private var thread: SystemThread?

    init(name: String, body: @escaping @Sendable () -> Void) throws(SystemError) {
        thread = try SystemThread(name: name, body: body)
    }

    func join() { if let thread = thread.take() { thread.join() } }
}
