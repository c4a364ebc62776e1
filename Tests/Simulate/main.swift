import Glibc
import SessionSimulation

/// `swift run simulate [--seed 0x…] [--profile NAME] [--steps N] [--runs N] [--bug NAME]`: runs the simulator, by
/// default once with a fresh seed, and prints the command that repeats a run that failed. Exits 1 where one did.
func usage(_ problem: String) -> Never {
    say("simulate: \(problem)")
    exit(64)
}

/// Writes a line to standard error, at once.
func say(_ line: String) {
    let bytes = [UInt8]((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

func number(_ text: String, for option: String) -> UInt64 {
    let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    guard let value else { usage("\(option) takes a number, not '\(text)'") }
    return value
}

var simulation = Simulation(seed: UInt64.random(in: .min ... .max))
var runs: UInt64 = 1
var arguments = CommandLine.arguments.dropFirst()
while let option = arguments.popFirst() {
    guard let value = arguments.popFirst() else { usage("\(option) wants a value") }
    switch option {
    case "--seed": simulation.seed = number(value, for: option)
    case "--steps": simulation.steps = Int(clamping: number(value, for: option))
    case "--runs": runs = number(value, for: option)
    case "--profile":
        guard Simulation.profiles.contains(value) else { usage("there is no simulation of '\(value)'") }
        simulation.profile = value
    case "--bug":
        guard let bug = PlantedBug(rawValue: value) else { usage("there is no bug named '\(value)'") }
        simulation.bug = bug
    default: usage("unknown option \(option)")
    }
}

var tally: [String: Int] = [:]
/// The same for the same runs, whatever the hashing of dictionaries.
var fingerprint: UInt64 = 0
for run in 0..<runs {
    if run > 0 { simulation.seed &+= 1 }
    // Printed first, because a broken invariant traps.
    say(simulation.command)
    let report = simulation.run()
    tally.merge(report.tally, uniquingKeysWith: +)
    fingerprint = fingerprint &* 31 &+ report.transcript.hash
    guard let failure = report.failure else { continue }
    for line in report.transcript.tail { print(line) }
    print("failed: \(failure)")
    print("again: \(simulation.command)")
    exit(1)
}
for (name, count) in tally.sorted(by: { $0.key < $1.key }) { print(name, count) }
print("transcript 0x\(String(fingerprint, radix: 16))")
