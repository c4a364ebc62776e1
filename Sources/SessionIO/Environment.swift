internal import CLinux
internal import Glibc

/// The variables that the process was started with.
package enum Environment {
    /// One variable's value; `nil` where it is not set.
    package static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// All variables, in no particular order that means anything; the last of equal names wins.
    package static func all() -> [String: String] {
        var variables: [String: String] = [:]
        // The process never changes its environment, so that the array may be walked on any thread.
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }
}
