/// What one run of the pipeline measures, and by which revision of the pipeline.
package struct Target: Hashable, Sendable, CustomStringConvertible {
    package let project: String
    /// The variant; nil if the project has none.
    package let configuration: String?
    package let version: String
    /// The branch or tag of the pipeline's repository; empty for runs on this machine.
    package let ref: String

    package init(project: String, configuration: String?, version: String, ref: String) {
        self.project = project
        self.configuration = configuration
        self.version = version
        self.ref = ref
    }

    /// `falco modern-ebpf 0.41.1`: what the shipped workflow's `run-name` makes of the inputs.
    package var title: String { [project, configuration, version].compactMap { $0 }.joined(separator: " ") }

    package var description: String { title }
}
