import Foundation
import Glibc
import Testing

/// Every expression of Kepler's own dashboards, asked of a real Prometheus, against the ledger.
///
/// The truth is worked out from what the zones counted, the idle watts given and CPU time; see `LedgerHistory`. All of
/// these tests share one session, whose two to four and a half minutes pass in whichever comes first.
@Suite(
    .enabled(
        if: Here.canLoadProbe && access("/usr/bin/prometheus", X_OK) == 0,
        "needs root, kernel BTF and Debian's prometheus"),
    .serialized)
struct DashboardTests {
    @Test func theLoadIsAsTheHardwareAndTheKernelHaveIt() throws {
        let monitoring = try Monitoring.once.get()
        let states = monitoring.truth.history.states
        let (first, last) = (states[1], states[states.count - 1])
        for (kind, index) in zip(LedgerHistory.kinds, 0...) {
            let watts = (last.zones[index] - first.zones[index]) / (last.at - first.at)
            let due = try #require(Monitoring.watts[kind])
            #expect(abs(watts / due - 1) < 0.005, "\(kind): \(watts) W of \(due) W")
        }
        for job in ["dev", "kepler-latest", "metal"] {
            let scrapes = monitoring.truth.scrapes[job, default: []]
            // Of which there are 60 in two minutes; a loaded machine may miss some.
            #expect(scrapes.count > 40, "\(job) was scraped at \(scrapes.map { $0.time })")
        }
        for (container, account) in last.accounts[.container] ?? [:] {
            let id = monitoring.truth.history.owners[container]["container_id"] ?? ""
            guard let kernel = monitoring.cpuSeconds[id] else { continue }
            // The kernel counts since the cgroup was made, and is read a moment later.
            #expect(account.cpu > 1 && account.cpu < kernel, "\(id): \(account.cpu) s of \(kernel) s")
        }
    }

    @Test(arguments: Dashboard.all.map(\.name))
    func everyExpressionReturnsTheLedgersValue(_ name: String) throws {
        let monitoring = try Monitoring.once.get()
        let dashboard = try #require(Dashboard.all.first { $0.name == name })
        var complaints: [String] = []
        for (expression, text) in zip(dashboard.expressions, dashboard.texts(pid: monitoring.pid)) {
            let truth = monitoring.truth
            // A rule may be evaluated while the scrape of that moment is under way.
            let rules = monitoring.rulesAt
            let truths =
                expression.isOfRules ? [truth.at(rules), truth.at(rules, without: Prometheus.interval)] : [truth]
            let found = truths.map { compare(text, monitoring, expression.expected($0, monitoring)) }
            if found.allSatisfy({ !$0.isEmpty }) {
                complaints.append("\(text)\n      \(found[0].joined(separator: "; "))")
            }
        }
        for (variable, query) in zip(dashboard.queries, dashboard.selectors) {
            let values = monitoring.values["\(query.selector), \(query.label)"] ?? []
            let due = variable.expected(monitoring)
            if values != due {
                complaints.append(
                    "label_values(\(query.selector), \(query.label)): \(values.sorted()), not \(due.sorted())")
            }
        }
        #expect(complaints.isEmpty, "\(complaints.count) of \(name):\n\(complaints.joined(separator: "\n"))")
    }

    @Test func theLabelsThatCarryNumbersAreTheLedgersToo() throws {
        let monitoring = try Monitoring.once.get()
        let stat = try #require(monitoring.answers["node_energy_stat"]?.get().first)
        for (label, kind) in ["pkg": "package", "core": "core", "uncore": "uncore", "dram": "dram", "other": "other"] {
            let joules = try #require(stat.labels["node_curr_energy_in_\(label)_joule"].flatMap { Double($0) })
            let truth = monitoring.truth
            let due = truth.now(truth.node("all", .watts, [kind])).sum().value * 3
            #expect(abs(joules / due - 1) < 0.02, "\(label): \(joules) J of \(due) J")
        }
    }

    @Test func promtoolAcceptsTheRules() throws {
        let promtool = try Running("/usr/bin/promtool", ["check", "rules", Prometheus.rules])
        #expect(promtool.wait() == 0, "\(promtool.errorText)")
        #expect(promtool.outputText.contains("10 rules found"), "\(promtool.outputText)")
    }

    /// What is wrong with an answer.
    private func compare(_ text: String, _ monitoring: Monitoring, _ expected: Expected) -> [String] {
        var wrong: [String] = []
        let answer: [Monitoring.Series]
        switch monitoring.answers[text] {
        case .success(let series): answer = series
        case .failure(let missing): return [missing.what]
        case nil: return ["was not asked"]
        }
        if expected.series.isEmpty != expected.isNothing { wrong.append("nothing to compare with") }

        let names = Array(Set(expected.series.keys.flatMap(\.keys)))
        var found: Truth.Vector = [:]
        for series in answer {
            if found.updateValue(series.value, forKey: series.labels.only(names)) != nil {
                wrong.append("\(series.labels.only(names)) twice")
            }
        }
        let due = expected.series.reduce(into: Truth.Vector()) { $0[$1.key.only(names)] = $1.value }
        for (labels, value) in found {
            guard let truth = due[labels] else {
                if !expected.isPart { wrong.append("\(labels) is not in the ledger") }
                continue
            }
            // 2 %, and what rounding each series to its last digit makes up.
            let slack = 0.02 * (expected.scale ?? abs(truth)) + 1e-5
            if !(abs(value - truth) <= slack) { wrong.append("\(labels) is \(value), not \(truth)") }
        }
        if let best = expected.best {
            let least = due.values.sorted(by: >).prefix(best).last ?? 0
            if found.count != min(best, due.count) { wrong.append("\(found.count) series") }
            if found.values.contains(where: { $0 < least * 0.98 - 1e-5 }) { wrong.append("not the greatest") }
        } else {
            for labels in due.keys where found[labels] == nil { wrong.append("\(labels) is missing") }
        }
        return wrong
    }
}
