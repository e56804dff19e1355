internal import Carbon
package import Documents
internal import Grid
package import Host
package import Pages
package import Results

extension InputsEntry {
    /// Asks for what the samples do not have: the carbon intensity over the window, and the metrics of the project, which only
    /// a Prometheus can work out. Returns what could not be had, one line each; throws where the score needs it.
    package mutating func ask(
        from start: Moment, to end: Moment, prometheus: Prometheus?
    ) throws(Failure) -> [String] {
        var warnings: [String] = []
        if let metric = unit.metric, !metrics.contains(where: { $0.name == metric || $0.query == metric }) {
            metrics.append(ProjectMetric(name: metric, query: metric, unit: unit.name, aggregation: .increase))
        }
        if let prometheus {
            for index in metrics.indices {
                do throws(Failure) {
                    metrics[index] = try prometheus.values(of: metrics[index], from: start, to: end)
                } catch {
                    warnings.append(error.message)
                }
            }
        } else if !metrics.isEmpty {
            let names = metrics.map(\.name).joined(separator: ", ")
            warnings.append("\(names): only a Prometheus works out PromQL, so these metrics have no value")
        }
        if let factors { intensity = try Grid.intensity(factors, from: start, to: end) }
        return warnings
    }
}

extension Prometheus {
    /// A metric with its values over a window, at most a few hundred of them and none closer together than a second.
    func values(of metric: ProjectMetric, from start: Moment, to end: Moment) throws(Failure) -> ProjectMetric {
        // Even steps from edge to edge, so that an increase is that of the whole window.
        let steps = min(max((end - start) / 1000, 1), 240)
        let step = max((end - start) / steps, 1)
        let answer = try query(metric.query, from: start, to: end, step: step)
        // The time is element 0 and the value element 1.
        let series = answer.data["result"].array.map { one in
            one["values"].array.map { $0[1].string.flatMap(Double.init) }
        }
        return ProjectMetric(
            name: metric.name, query: metric.query, unit: metric.unit, aggregation: metric.aggregation, series: series)
    }
}
