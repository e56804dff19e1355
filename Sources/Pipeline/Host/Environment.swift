internal import Glibc

/// The variables that brahe was started with.
package enum Environment {
    /// The value of a variable; an empty one is as good as none.
    package static subscript(name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file to which a step of a workflow on GitHub adds its summary in Markdown.
    package static var stepSummary: String? { Environment["GITHUB_STEP_SUMMARY"] }

    /// This machine's name; empty if it has none.
    package static var host: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
