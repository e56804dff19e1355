/// A project to be measured: one entry of projects.json.
///
/// The file is a superset of upstream's: `{"projects": [{"name", "organization", "configs", "benchmark"}]}` with optional
/// keys of ours.
package struct Project: Equatable, Sendable {
    /// Its name, which is also that of its folder of manifests.
    package let name: String
    /// The owner of its repository on GitHub.
    package let organization: String
    /// Its repository; the name if the file does not say otherwise.
    package let repository: String
    /// The variants to be measured one by one; none means one run without a variant.
    package let configurations: [String]
    /// What loads it; nil if the file has none.
    package let benchmark: Benchmark?

    /// What loads a project while it is measured.
    package struct Benchmark: Equatable, Sendable {
        /// Where the manifest is: an address or a file.
        package let manifest: String
        /// The digits of SHA-256 that the manifest must have; nil if the file has none.
        package let sha256: String?
        /// How long the measured window is.
        package let minutes: Double?
    }
}
