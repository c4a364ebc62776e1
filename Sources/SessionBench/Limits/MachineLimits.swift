import SessionBase
package import SessionIO

/// What this machine allows a load generator, as far as it decides whether a plan can work.
package struct MachineLimits: Equatable, Sendable {
    /// The most descriptors one process may open once it has raised its limit.
    package var descriptors: Int
    /// How many ports the kernel hands out to connections from one address to another.
    package var ports: Int
    /// Memory that can be used without swapping, in bytes; `nil` where the kernel does not tell.
    package var availableBytes: Int?

    /// Describes a machine.
    package init(descriptors: Int, ports: Int, availableBytes: Int?) {
        self.descriptors = descriptors
        self.ports = ports
        self.availableBytes = availableBytes
    }

    /// The ports of Linux unless somebody changed them: 32,768 to 60,999.
    package static let usualPorts = 28_232

    /// Reads the limits of this machine and process.
    package static func read() throws(SystemError) -> MachineLimits {
        MachineLimits(
            descriptors: try ResourceLimits.read().descriptorsMax,
            ports: ports(in: try text("/proc/sys/net/ipv4/ip_local_port_range")) ?? usualPorts,
            availableBytes: availableBytes(in: try text("/proc/meminfo")))
    }

    /// Counts the ports in the text of `ip_local_port_range`, the first and the last; `nil` where it is another text.
    static func ports(in text: String) -> Int? {
        let bounds = text.split { $0 == "\t" || $0 == " " || $0 == "\n" }.map { Int($0) }
        guard bounds.count == 2, let first = bounds[0], let last = bounds[1], first <= last else { return nil }
        return last - first + 1
    }

    /// Finds `MemAvailable` in the text of `/proc/meminfo`.
    static func availableBytes(in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let words = line.split(separator: " ")
            guard words.count == 3, words[2] == "kB", let kibibytes = Int(words[1]) else { return nil }
            return kibibytes * 1024
        }
        return nil
    }

    private static func text(_ path: String) throws(SystemError) -> String {
        String(decoding: try Files.read(path), as: UTF8.self)
    }
}
