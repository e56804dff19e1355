internal import Glibc

/// The variables that brahe was started with.
package enum Environment {
    /// The value of a variable; an empty one is as good as none.
    package static subscript(name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file to which a step of a workflow on GitHub adds its summary in Markdown.
    package static var stepSummary: String? { Environment["GITHUB_STEP_SUMMARY"] }
}
