import SessionIO

extension MachineDescription {
    /// Describes the machine that this process runs on; what `/proc` does not tell is "unknown".
    ///
    /// - Parameter version: The version of this program.
    package static func read(version: String) -> MachineDescription {
        let system = ["ostype", "osrelease"].map { text("/proc/sys/kernel/\($0)") } + [architecture]
        let models = text("/proc/cpuinfo").split(separator: "\n").filter { $0.hasPrefix("model name") }
        let model = models.first?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
        return MachineDescription(
            version: version, system: system.joined(separator: " "), processor: model ?? "unknown",
            processors: ProcessorAffinity.count)
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            "unknown"
        #endif
    }

    private static func text(_ path: String) -> String {
        // Losing the reason is right: a machine that does not tell what it is can make load all the same.
        let bytes = (try? Files.read(path)) ?? Array("unknown".utf8)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").joined(separator: "\n")
    }
}
