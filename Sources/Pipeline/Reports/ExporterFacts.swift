package import Documents

/// What an exporter says of itself and of its machine, for `meta.agent`.
package enum ExporterFacts {
    /// `{"version", "kepler_version", "source", "cpu"}`, null where it does not say; `label` gives the first value of a label on
    /// a metric.
    package static func json(_ label: (_ name: String, _ metric: String) -> String?) -> JSON {
        func fact(_ name: String, _ metrics: String...) -> JSON {
            metrics.compactMap { label(name, $0) }.first.map { .string($0) } ?? .null
        }
        return [
            "version": fact("version", "brahe_build_info"),
            "kepler_version": fact("version", "kepler_build_info", "kepler_exporter_build_info"),
            "source": fact("source", "brahe_energy_source"), "cpu": fact("cpu_architecture", "kepler_node_info"),
        ]
    }
}
