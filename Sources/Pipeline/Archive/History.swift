package import Documents
internal import Exposition
package import Results
package import Samples

/// The series of long-term storage: gauges, one sample a run, at the end of its measured window (`pipeline.md` 5.5).
///
/// Labels are `project`, `org`, `config`, `version`, `run_id` and, where a number is one scope's, `scope`; what is not
/// known has no label. Namespaces, pods and containers stay in the run's own samples: a series here is read for years.
package enum History {
    /// Their names, by what they hold.
    package static let names = [
        "green_review_energy_joules", "green_review_power_watts", "green_review_operational_gco2e",
        "green_review_sci_gco2e", "green_review_duration_seconds", "green_review_info",
    ]
    /// The scopes that have a series.
    package static let scopes = ["project", "workload", "node"]

    /// Whether a document has what storage wants: only a run that succeeded has numbers that others may build on.
    package static func isStorable(_ document: RunDocument) -> Bool {
        document.status == .succeeded && document.results != nil && document.endTime != nil
    }

    /// One sample of each gauge that the document knows: energy and mean power per scope, carbon of the primary scope,
    /// the duration, and `green_review_info`, always 1, with the run's `status` and `zone`.
    ///
    /// Throws where the document is not storable, or its window has no times or is empty.
    package static func series(of document: RunDocument) throws(Misread) -> [Series] {
        guard isStorable(document), let results = document.results else {
            throw Misread(
                "status", "only a run that succeeded and has results is stored, not \(document.status.rawValue)")
        }
        guard let start = document.startTime.flatMap(Moment.init) else { throw Misread("start_time", "is no date") }
        guard let end = document.endTime.flatMap(Moment.init) else { throw Misread("end_time", "is no date") }
        guard end > start else { throw Misread("end_time", "is not after start_time") }
        let labels = labels(of: document)
        func gauge(_ name: String, _ value: Double, _ more: [String: String] = [:]) -> Series {
            let identity = Scrape.Identity(name: "green_review_" + name, labels: labels.merging(more) { $1 })
            return Series(identity, samples: [Sample(time: end.milliseconds, value: value)])
        }
        var series: [Series] = []
        for entry in results.scopes where scopes.contains(entry.scope) {
            guard let energy = entry.energy else { continue }
            series.append(gauge("energy_joules", energy.grossJ, ["scope": entry.scope]))
            series.append(gauge("power_watts", energy.meanW, ["scope": entry.scope]))
        }
        if let sci = results.sci {
            series.append(gauge("operational_gco2e", sci.operational.value, ["scope": results.primary]))
            series.append(gauge("sci_gco2e", sci.value, ["scope": results.primary]))
        }
        series.append(gauge("duration_seconds", Double(end - start) / 1000))
        series.append(gauge("info", 1, ["status": document.status.rawValue, "zone": results.zone]))
        return series
    }

    private static func labels(of document: RunDocument) -> [String: String] {
        let project = document.cncfProject
        let labels = [
            "project": project?.name, "org": project?.org, "config": project?.config, "version": project?.version,
            "run_id": document.runId,
        ]
        return labels.compactMapValues { $0 }.filter { !$0.value.isEmpty }
    }
}
