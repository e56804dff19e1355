import Carbon
import Documents
import Host
import Registry
import Reports
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
        if project.factors != .null { factors = try Parts.factors(project.factors, say) }
    }
}

extension Recording {
    /// What the exporter says of itself.
    var exporter: JSON {
        ExporterFacts.json { name, metric in self[metric].lazy.compactMap { $0.labels[name] }.first }
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
