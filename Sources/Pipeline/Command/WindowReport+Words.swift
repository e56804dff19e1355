import Carbon
import Documents
import Host
import Registry
import Results
import Samples
import Stages

extension WindowReport.Asked {
    /// Takes what projects.json says of a project, where `--project` names one: its metrics, its factors, its unit, and its
    /// namespace unless other pods are asked for.
    mutating func take(_ options: Options) throws(Failure) {
        guard let name = options["--project"] else {
            if options["--projects"] != nil { throw Failure(.usage, "option --projects wants --project") }
            return
        }
        let list = options["--projects"] ?? PipelineOptions.usualList
        let project = try PipelineOptions.project(name, in: list)
        metrics = project.metrics.map(ProjectMetric.init)
        unit = project.functionalUnit.map(InputsEntry.Unit.init)
        if pods.isEmpty, namespaces.isEmpty, let namespace = project.namespace { namespaces = [namespace] }
        guard project.factors != .null else { return }
        var warnings: [String] = []
        do {
            factors = try Factors(Field(path: "factors", value: project.factors), warnings: &warnings)
        } catch {
            throw Failure(.configuration, "read \(list): \(error)")
        }
        for warning in warnings { say("\(list): \(warning)") }
    }
}

extension Recording {
    /// What the exporter says of itself: `{"version", "kepler_version", "source", "cpu"}`, as a run's report has it; null
    /// where it does not.
    var exporter: JSON {
        func label(_ name: String, of metric: String) -> JSON {
            self[metric].lazy.compactMap { $0.labels[name] }.first.map { .string($0) } ?? .null
        }
        let kepler = ["kepler_build_info", "kepler_exporter_build_info"].map { label("version", of: $0) }
        return [
            "version": label("version", of: "brahe_build_info"),
            "kepler_version": kepler.first { $0 != .null } ?? .null,
            "source": label("source", of: "brahe_energy_source"),
            "cpu": label("cpu_architecture", of: "kepler_node_info"),
        ]
    }
}

extension RunDocument {
    /// What was asked for and is not there at all, in words; nil if something of each scope was seen.
    var unseenScope: String? {
        for scope in results?.scopes ?? [] where scope.scope != "node" && scope.unseen.count == scope.pods.count {
            let asked = inputs?.scopes.first { $0.scope == scope.scope }
            let names = (asked?.pods ?? []) + (asked?.namespaces ?? []).map { "any pod of \($0)" }
            return names.joined(separator: ", ")
        }
        return nil
    }
}
