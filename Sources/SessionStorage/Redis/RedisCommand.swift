internal import CHiredis

/// A command and its arguments, which lie behind each other in one array of bytes.
struct RedisCommand {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// Begins with arguments that are texts.
    init(_ arguments: String...) {
        for argument in arguments { append(argument) }
    }

    /// Adds a text.
    mutating func append(_ argument: String) {
        bytes.append(contentsOf: argument.utf8)
        ends.append(bytes.count)
    }

    /// Adds bytes.
    mutating func append(_ argument: [UInt8]) {
        bytes.append(contentsOf: argument)
        ends.append(bytes.count)
    }

    /// Appends what goes over the wire: hiredis' formatter.
    func write(to output: inout [UInt8]) {
        // A pointer into an array that has no bytes would be none.
        var storage = bytes
        storage.append(0)
        storage.withUnsafeBytes { storage in
            // The pointers are used within the call alone, while the array cannot go.
            let base = storage.baseAddress!.assumingMemoryBound(to: CChar.self)
            var pointers: [UnsafePointer<CChar>?] = []
            var lengths: [Int] = []
            var start = 0
            for end in ends {
                pointers.append(base + start)
                lengths.append(end - start)
                start = end
            }
            var formatted: UnsafeMutablePointer<CChar>?
            let count = redisFormatCommandArgv(&formatted, Int32(ends.count), &pointers, &lengths)
            precondition(count >= 0, "hiredis has no memory for a command")
            output.append(contentsOf: UnsafeRawBufferPointer(start: formatted, count: Int(count)))
            redisFreeCommand(formatted)
        }
    }
}
