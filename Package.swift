// swift-tools-version: 6.2
// sessionctl: servers, clients, load and debugging of real-time session services over WebSocket.
// Targets stand in dependency order: an arrow points only upwards in this file.

import PackageDescription

/// What every target is compiled with. `SESSIONCTL_STRICT` is set by `.ci/run`.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (Context.environment["SESSIONCTL_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// The pure layers prove their memory safety too.
let strictSettings = settings + [.strictMemorySafety()]

let package = Package(
    name: "sessionctl",
    targets: [
        // C libraries, a module map and `static inline` wrappers each.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CReadline"),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CHiredis"),

        // The pure layers.
        .target(name: "SessionBase", swiftSettings: strictSettings),
        .target(name: "SessionCrypto", dependencies: ["SessionBase", "COpenSSL"], swiftSettings: settings),
        .target(
            name: "SessionCodec", dependencies: ["SessionBase", "SessionCrypto", "CZlib"],
            exclude: ["Protobuf/sync.proto"], swiftSettings: strictSettings),
        .target(name: "SessionCore", dependencies: ["SessionBase", "SessionCodec"], swiftSettings: strictSettings),

        // The rim: sockets, terminal, processes.
        .target(name: "SessionIO", dependencies: ["SessionBase", "SessionCrypto", "CLinux"], swiftSettings: settings),
        .target(
            name: "SessionClient", dependencies: ["SessionBase", "SessionCrypto", "SessionCodec", "SessionIO"],
            swiftSettings: settings),
        .target(
            name: "SessionStorage",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient", "CSQLite",
                "CHiredis",
            ],
            swiftSettings: settings),
        .target(
            name: "SessionServer",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient",
                "SessionStorage",
            ],
            swiftSettings: settings),
        .target(
            name: "SessionBench",
            dependencies: ["SessionBase", "SessionCrypto", "SessionCodec", "SessionIO", "SessionClient"],
            exclude: ["Report/bench-1.schema.json", "Statistics/compare-1.schema.json"], swiftSettings: settings),
        .target(name: "CommandKit", swiftSettings: settings),
        .target(
            name: "SessionTerminal", dependencies: ["SessionBase", "CommandKit", "CReadline"], swiftSettings: settings),
        .target(
            name: "SessionConsole",
            dependencies: [
                "SessionBase", "SessionCodec", "SessionIO", "SessionClient", "SessionTerminal", "CommandKit",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "sessionctl",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient",
                "SessionStorage", "SessionServer", "SessionBench", "SessionTerminal", "SessionConsole", "CommandKit",
            ],
            swiftSettings: settings),

        // Tests and what they share.
        .target(
            name: "TestSupport", dependencies: ["SessionBase", "SessionCodec"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(
            name: "SessionSimulation", dependencies: ["SessionBase", "SessionCodec", "SessionCore"],
            path: "Tests/SessionSimulation", swiftSettings: settings),
        .executableTarget(
            name: "simulate", dependencies: ["SessionSimulation", "SessionBase", "CommandKit"], path: "Tests/Simulate",
            swiftSettings: settings),
        .testTarget(
            name: "SessionBaseTests", dependencies: ["SessionBase", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SessionCryptoTests", dependencies: ["SessionBase", "SessionCrypto", "SessionIO"],
            swiftSettings: settings),
        .testTarget(
            name: "SessionCodecTests", dependencies: ["SessionBase", "SessionCrypto", "SessionCodec", "TestSupport"],
            exclude: ["Scripts"], swiftSettings: settings),
        .testTarget(
            name: "SessionCoreTests", dependencies: ["SessionBase", "SessionCodec", "SessionCore"],
            swiftSettings: settings),
        .testTarget(
            name: "SessionIOTests", dependencies: ["SessionBase", "SessionCrypto", "SessionIO", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "SessionClientTests",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionIO", "SessionClient", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SessionBenchTests",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionIO", "SessionServer", "SessionClient",
                "SessionBench", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SessionConsoleTests",
            dependencies: [
                "SessionBase", "SessionCodec", "SessionClient", "SessionTerminal", "SessionConsole", "CommandKit",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SessionTerminalTests", dependencies: ["SessionTerminal", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SessionStorageTests",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionClient",
                "SessionStorage", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SessionServerTests",
            dependencies: [
                "SessionBase", "SessionCrypto", "SessionCodec", "SessionCore", "SessionIO", "SessionStorage",
                "SessionServer", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(name: "CommandKitTests", dependencies: ["CommandKit"], swiftSettings: settings),
        .testTarget(
            name: "SessionctlTests",
            dependencies: ["sessionctl", "CommandKit", "SessionCodec", "SessionCore", "SessionBench", "TestSupport"],
            exclude: ["Scripts"], swiftSettings: settings),
        .testTarget(
            name: "SimulationTests", dependencies: ["SessionSimulation", "SessionBase"], swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ])

// Fuzz targets need the runtime that `-sanitize=fuzzer` links; `.ci/fuzz` sets the variable and builds them.
if Context.environment["SESSIONCTL_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["SessionBase", "SessionCodec"], path: "Tests/Fuzz", swiftSettings: settings))
}
