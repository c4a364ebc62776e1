import Testing

/// Clients that others wrote, against our server: node-ws, and Python's `websockets` where it is installed.
@Suite struct IndependentClientTests {
    /// How a client comes to the service.
    enum Transport: String, CaseIterable, Sendable {
        case ws, wss
    }

    @Test(.enabled(if: hasNode), arguments: Transport.allCases, [false, true])
    func `node-ws completes the scenario of two windows`(transport: Transport, isCompressed: Bool) {
        let run = ServerScript.run(
            start(transport, windows: 8, isCompressed)
                + "timeout 60 node \"$scripts/two-windows.js\" \(url(transport)) \(isCompressed ? "deflate" : ""); echo $?\n"
        )
        #expect(run.output == "0\n", "\(run.errors)")
    }

    @Test(.enabled(if: hasPython), arguments: Transport.allCases, [false, true])
    func `Python's websockets completes the scenario of two windows`(transport: Transport, isCompressed: Bool) {
        let run = ServerScript.run(
            start(transport, windows: 2, isCompressed)
                + "timeout 60 python3 \"$scripts/two_windows.py\" \(url(transport)) \(isCompressed ? "deflate" : ""); echo $?\n"
        )
        #expect(run.output == "0\n", "\(run.errors)")
    }

    private static let hasNode =
        SpawnedProgram(script: "NODE_PATH=/usr/share/nodejs node -e 'require(\"ws\")'").status == 0
    private static let hasPython = SpawnedProgram(script: "python3 -c 'import websockets'").status == 0

    /// The lines that start the service, with a certificate made on the spot where it speaks TLS.
    private func start(_ transport: Transport, windows: Int, _ isCompressed: Bool) -> String {
        let compression = isCompressed ? "on" : "off"
        let serve = "serve awareness -p 0 -h 127.0.0.1 -m \(windows) --compression \(compression) --threads 2"
        guard transport == .wss else { return serve + "\n" }
        return """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost \\
                -keyout "$dir/key.pem" -out "$dir/chain.pem" 2> /dev/null
            \(serve) --tls-cert "$dir/chain.pem" --tls-key "$dir/key.pem"

            """
    }

    private func url(_ transport: Transport) -> String { "\(transport.rawValue)://localhost:$port" }
}
