import SessionBase

/// Decides whether the figures of a run speak of the server, or of what measured it.
///
/// A generator that sends late, or never rests, measures itself. With a rate, that shows in the schedule: too few requests
/// left, or they left late; if the sockets did not take them while the generator had time, the way between was full. Without
/// a rate, it shows in a generator without idle time, unless the server is known to have none either.
package struct Judge {
    /// A plan is kept where at least this part of it left: the 0.5 %.
    package static let achievedMin = 0.995
    /// A plan is kept where 99 % of all requests left no later than this after their time.
    package static let slipMax = Duration.milliseconds(1)
    /// From this part of its time on, a generator had nothing left.
    package static let busyMax = 0.97
    /// From this part of its threads' time on, a server had nothing left.
    package static let serverBusyMin = 0.95
    /// Below this part of a processor for each worker that never sleeps, others used its processor.
    package static let processorMin = 0.95
    /// More than this has to wait for sockets before they count as full: a message or two waits now and then.
    package static let backlogMin: UInt64 = 64 << 10

    private let total: Interval
    private let plan: LoadPlan
    private let measured: Duration
    private let server: ServerFigures?
    private let unopened: Int

    /// Judges a run.
    ///
    /// - Parameters:
    ///   - total: The sum of the seconds of the measured part.
    ///   - plan: What was asked for.
    ///   - measured: How long the measured part lasted.
    ///   - server: What the server told of that part, where it could be asked.
    ///   - unopened: How many of the plan's connections were not open when the measured part began.
    package static func verdict(
        _ total: Interval, plan: LoadPlan, measured: Duration, server: ServerFigures?, unopened: Int = 0
    ) -> RunVerdict {
        // A connection that is the request itself is not open before the load.
        let unopened = if case .connect = plan.workload { 0 } else { unopened }
        let judge = Judge(total: total, plan: plan, measured: measured, server: server, unopened: unopened)
        var verdict =
            switch plan.arrival {
            case _ where !plan.isRequesting: judge.judgeHeld()
            case .open: judge.judgeOpen()
            case .closed: judge.judgeClosed()
            }
        verdict.reasons += judge.mishaps
        return verdict
    }

    // MARK: Rules

    /// With a rate.
    private func judgeOpen() -> RunVerdict {
        let late = lateness
        // Also where all left on time: what came while a worker was not running was read late.
        if busy < Self.busyMax, isStarved {
            return RunVerdict(
                .clientLimited,
                reasons: late + [
                    "the workers got \(Figures.percent(processorShare)) of a processor each, and their waiting for it is in"
                        + " the figures; leave them one each (taskset), or use fewer --threads"
                ])
        }
        if late.isEmpty { return RunVerdict(.valid, reasons: [onTime]) }
        if busy < Self.busyMax, areSocketsFull {
            if isServerBusy {
                return RunVerdict(
                    .valid, reasons: late + ["the sockets were full and \(serverWork): the rate is beyond the server's"]
                )
            }
            return RunVerdict(
                .netLimited,
                reasons: late + [
                    "the generator had time (\(Figures.percent(busy)) busy), but the sockets took no more:"
                        + " \(Figures.grouped(total.generator.blockedSends)) sends stopped short, up to"
                        + " \(Figures.bytes(Double(total.generator.backlogBytesMax))) waited; lower the rate, or look at the"
                        + " network and at whether the server reads"
                ])
        }
        if busy < Self.busyMax, slip <= Self.slipMax.nanoseconds, unopened > 0 || lostConnections > 0 {
            return RunVerdict(
                .netLimited,
                reasons: late + ["the others' connections were missing; look into the server's log, and at its limits"])
        }
        if busy < Self.busyMax, case .connect = plan.workload {
            if isServerBusy {
                return RunVerdict(.valid, reasons: late + ["\(serverWork): the rate is beyond the server's"])
            }
            return RunVerdict(
                .clientLimited,
                reasons: late + [
                    "the connection was still busy with the handshake before; raise --connections, or lower the rate"
                ])
        }
        return RunVerdict(.clientLimited, reasons: late + [openAdvice])
    }

    /// Without a rate.
    private func judgeClosed() -> RunVerdict {
        guard busy >= Self.busyMax else {
            return RunVerdict(.valid, reasons: ["the generator was \(Figures.percent(busy)) busy"])
        }
        if isServerBusy {
            return RunVerdict(
                .valid, reasons: ["the generator was \(Figures.percent(busy)) busy, but \(serverWork)"])
        }
        return RunVerdict(
            .clientLimited,
            reasons: [
                "the generator had no idle time (\(Figures.percent(busy)) busy): this is a lower bound of the server's rate;"
                    + " add --threads, or --processes on another machine"
            ])
    }

    /// Connections that are held, or that come back.
    private func judgeHeld() -> RunVerdict {
        if busy >= Self.busyMax {
            return RunVerdict(
                .clientLimited,
                reasons: ["the generator had no idle time (\(Figures.percent(busy)) busy); add --threads"])
        }
        if unopened > 0 {
            return RunVerdict(
                .netLimited,
                reasons: [
                    "\(Figures.grouped(unopened)) of \(Figures.grouped(plan.sockets)) connections could not be opened;"
                        + " look at the server's limits, or lower --connect-rate"
                ])
        }
        return RunVerdict(.valid, reasons: ["all \(Figures.grouped(plan.sockets)) connections were open"])
    }

    // MARK: Evidence

    /// What shows that the schedule was not kept; empty where it was.
    private var lateness: [String] {
        var clauses: [String] = []
        if achieved < Self.achievedMin {
            clauses.append(
                "only \(Figures.grouped(total.counts.sent)) of \(Figures.grouped(planned)) planned requests left"
                    + " (\(Figures.percent(achieved)))")
        }
        if slip > Self.slipMax.nanoseconds {
            clauses.append("1 % of the requests left \(Figures.time(Double(slip))) late or later")
        }
        return clauses
    }

    private var onTime: String {
        "\(Figures.percent(min(1, achieved))) of the plan left, 99 % of it within \(Figures.time(Double(slip)))"
    }

    private var openAdvice: String {
        busy >= Self.busyMax
            ? "the generator had no idle time (\(Figures.percent(busy)) busy); add --threads or --processes, or lower the rate"
            : "the generator was \(Figures.percent(busy)) busy and still late: other work on this machine held it up; leave"
                + " it processors of its own (taskset), or lower the rate"
    }

    private var serverWork: String { "the server's threads were \(Figures.percent(serverBusy ?? 0)) busy" }

    /// Everything that went wrong, whosever fault it is.
    private var mishaps: [String] {
        let counts = total.counts
        var clauses: [String] = []
        if counts.sent == 0, isRequesting { clauses.append("nothing was sent") }
        if unopened > 0, isRequesting {
            clauses.append(
                "\(Figures.grouped(unopened)) of \(Figures.grouped(plan.sockets)) connections could not be opened")
        }
        if counts.planned > counts.sent, isClosed || achieved >= Self.achievedMin {
            clauses.append("\(Figures.grouped(counts.planned - counts.sent)) planned requests never left")
        }
        if counts.lost > 0 { clauses.append("\(Figures.grouped(counts.lost)) requests without a reply") }
        if counts.wrong > 0 {
            let faults = LoadCounts.listed(counts.faults)
            clauses.append("\(Figures.grouped(counts.wrong)) wrong replies" + (faults.isEmpty ? "" : " (\(faults))"))
        }
        if counts.duplicated > 0 { clauses.append("\(Figures.grouped(counts.duplicated)) replies came again") }
        if counts.reordered > 0 { clauses.append("\(Figures.grouped(counts.reordered)) replies out of order") }
        if counts.undelivered > 0 {
            clauses.append("\(Figures.grouped(counts.undelivered)) messages never reached the others")
        }
        if counts.redelivered > 0 {
            clauses.append("\(Figures.grouped(counts.redelivered)) messages reached the others again")
        }
        if counts.misordered > 0 {
            clauses.append("\(Figures.grouped(counts.misordered)) messages reached the others out of order")
        }
        if lostConnections > 0 {
            clauses.append(
                "\(Figures.grouped(lostConnections)) connections ended (\(LoadCounts.listed(losses)))")
        }
        return clauses
    }

    private var isRequesting: Bool { plan.isRequesting }

    /// Connections that ended and should not have, by the reason: workers close with 1000 when they have finished.
    private var losses: [String: UInt64] {
        switch plan.workload {
        case .connect, .storm: [:]
        case .topics:
            // Those that never read are closed, as they must be; others are cut off and come back.
            total.counts.ends.filter {
                $0.key != "1000" && $0.key != Storm.endReason && !$0.key.hasPrefix(SlowLinks.endPrefix)
            }
        case .echo, .idle, .heartbeat, .register, .slow, .mix, .sync, .board:
            total.counts.ends.filter { $0.key != "1000" }
        }
    }

    private var lostConnections: UInt64 { losses.values.reduce(0, &+) }

    private var isClosed: Bool { if case .closed = plan.arrival { true } else { false } }

    // MARK: Figures

    /// What the rate asks for in the measured part, or what was counted as planned where that is more. Jitter may move one
    /// request over the part's ends.
    private var planned: UInt64 {
        guard case .open(let profile) = plan.arrival else { return total.counts.planned }
        return max(total.counts.planned, UInt64(max(0, profile.count(until: measured) - (plan.jitter > 0 ? 1 : 0))))
    }

    private var achieved: Double { planned == 0 ? 1 : Double(total.counts.sent) / Double(planned) }
    private var slip: Int64 { total.slip.percentile(0.99) }
    private var busy: Double { Self.part(total.generator.busy, of: total.generator.elapsed) }
    private var processorShare: Double { Self.part(total.generator.cpu, of: total.generator.elapsed) }

    /// Whether a worker that never sleeps did not run all the time.
    private var isStarved: Bool { plan.isSpinning && processorShare < Self.processorMin }

    private var areSocketsFull: Bool {
        total.generator.blockedSends > 0 && total.generator.backlogBytesMax >= Self.backlogMin
    }

    /// Which part of its threads' time the server worked; `nil` where it could not be asked.
    private var serverBusy: Double? {
        server.flatMap { figures in figures.cpuRatio.map { $0 / Double(max(1, figures.loops)) } }
    }

    private var isServerBusy: Bool { (serverBusy ?? 0) >= Self.serverBusyMin }

    private static func part(_ time: Duration, of whole: Duration) -> Double {
        whole > .zero ? time / whole : 0
    }
}
