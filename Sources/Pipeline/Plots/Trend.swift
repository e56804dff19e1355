/// One metric of one configuration of a project from version to version.
package struct Trend: Equatable, Sendable {
    /// What one run measured.
    package struct Run: Equatable, Sendable {
        package var id: String
        package var value: Double
        /// Whether it is far from the others of its version; flagged and not dropped.
        package var outlier: Bool

        package init(id: String, value: Double, outlier: Bool = false) {
            self.id = id
            self.value = value
            self.outlier = outlier
        }
    }

    /// What the runs of one version measured.
    package struct Version: Equatable, Sendable {
        package var name: String
        /// In the order of time.
        package var runs: [Run]
        package var mean: Double
        /// The mean's 95 % interval, or the bounds of the one run; nil where there is neither.
        package var lower: Double?
        package var upper: Double?
        /// When the last of them was measured, in ISO 8601; nil if it is not known.
        package var time: String?

        package init(
            name: String, runs: [Run], mean: Double, lower: Double? = nil, upper: Double? = nil, time: String? = nil
        ) {
            self.name = name
            self.runs = runs
            self.mean = mean
            self.lower = lower
            self.upper = upper
            self.time = time
        }
    }

    package var project: String
    package var configuration: String?
    /// Like `energy of the node`.
    package var metric: String
    package var unit: String
    /// In the order in which they are drawn, the newest last.
    package var versions: [Version]

    package init(project: String, configuration: String?, metric: String, unit: String, versions: [Version]) {
        self.project = project
        self.configuration = configuration
        self.metric = metric
        self.unit = unit
        self.versions = versions
    }

    /// Like `falco modern-ebpf: energy of the node`.
    package var title: String {
        Plain.line([project, configuration].compactMap { $0 }.joined(separator: " ") + ": " + metric)
    }
}
