import CommandKit

/// What must hold among the options of `bench`, beyond each value by itself.
enum BenchRules {
    /// The rate that `--find-max` tries first where `--rate` names none.
    static let firstRate = 1000.0

    /// Throws where options contradict each other, and says why.
    static func check(_ settings: Settings) throws(CommandError) {
        try checkArrivals(settings)
        try checkSearch(settings)
        try checkOutput(settings)
    }

    private static func checkArrivals(_ settings: Settings) throws(CommandError) {
        if settings.isSet(BenchOptions.stages), settings.isSet(BenchOptions.rate) {
            throw settings.error(BenchOptions.stages, "--rate says another rate; leave one of the two out")
        }
        if settings.isSet(BenchOptions.every), settings.isSet(BenchOptions.rate) || settings.isSet(BenchOptions.stages)
        {
            throw settings.error(BenchOptions.every, "it sets the rate, and so do --rate and --stages; leave one out")
        }
        if settings.isSet(BenchOptions.depth), isOpen(settings) {
            throw settings.error(
                BenchOptions.depth, "with a rate requests leave by the clock, whatever waits for a reply; leave it out")
        }
        if settings[BenchOptions.jitter] > 0, !isOpen(settings) {
            throw settings.error(BenchOptions.jitter, "it moves planned arrivals, which need --rate or --stages")
        }
    }

    /// Whether requests leave by the clock.
    private static func isOpen(_ settings: Settings) -> Bool {
        settings.isSet(BenchOptions.rate) || settings.isSet(BenchOptions.stages) || settings.isSet(BenchOptions.every)
            || settings.isSet(BenchOptions.findMax)
    }

    private static func checkSearch(_ settings: Settings) throws(CommandError) {
        if settings.isSet(BenchOptions.versus), let admin = settings[BenchOptions.admin], admin != "none" {
            throw settings.error(
                BenchOptions.admin, "with --vs there are two servers, each of which is found by itself")
        }
        guard settings.isSet(BenchOptions.findMax) else { return }
        if settings.isSet(BenchOptions.stages) || settings.isSet(BenchOptions.every) {
            throw settings.error(BenchOptions.findMax, "it chooses the rate itself; leave --stages and --every out")
        }
        if settings.isSet(BenchOptions.runs) || settings.isSet(BenchOptions.versus) {
            throw settings.error(BenchOptions.findMax, "it makes runs of its own; leave --runs and --vs out")
        }
    }

    /// At most one form may go to standard output.
    private static func checkOutput(_ settings: Settings) throws(CommandError) {
        var forms = files.filter { settings[$0] == "-" }.map { "--\($0.spec.key) -" }
        if settings[BenchOptions.json] { forms.append("--json") }
        guard forms.count > 1 else { return }
        throw .usage("\(forms.joined(separator: " and ")) all write standard output; give all but one a file")
    }

    /// The options that name a file to write.
    static let files = [
        BenchOptions.csv, BenchOptions.series, BenchOptions.markdown, BenchOptions.html, BenchOptions.hdr,
    ]
}
