import Documents
import Foundation
import Glibc
import Testing

/// The dashboards of deploy/grafana: what they are made of, and what a real Prometheus answers to each expression.
@Suite(.serialized) struct ShippedDashboardTests {
    typealias Series = ShippedMonitoring.Series
    /// Whether these tests can ask a real Prometheus.
    private static var canAsk: Bool { Here.canLoadProbe && access("/usr/bin/prometheus", X_OK) == 0 }

    // MARK: What they are made of

    @Test func everyPanelSaysWhatItShowsAndInWhichUnit() throws {
        var identities: Set<String> = []
        for name in ShippedDashboard.names {
            let dashboard = try ShippedDashboard(name)
            #expect(identities.insert(dashboard.json["uid"].string ?? "").inserted)
            #expect(try Shipped.text("grafana/\(name).json").split(separator: "\n").count < 600)
            #expect((dashboard.json["description"].string ?? "").count > 50)
            var numbers: Set<Int64> = []
            var titles: Set<String> = []
            var taken: Set<[Int64]> = []
            for panel in dashboard.json["panels"].array {
                let title = panel["title"].string ?? ""
                #expect(!title.isEmpty && titles.insert(title).inserted, "\(name): \(title)")
                #expect(numbers.insert(panel["id"].integer ?? -1).inserted, "\(name): \(title)")
                let place = ["x", "y", "w", "h"].map { panel["gridPos"][$0].integer ?? -1 }
                for x in place[0]..<place[0] + place[2] {
                    for y in place[1]..<place[1] + place[3] {
                        #expect(x < 24 && taken.insert([x, y]).inserted, "\(name): \(title) covers another")
                    }
                }
            }
            for panel in dashboard.panels {
                let title = "\(name): \(panel["title"].string ?? "")"
                #expect((panel["description"].string ?? "").count > 10, "\(title)")
                #expect(panel["fieldConfig"]["defaults"]["unit"].string != nil, "\(title)")
                #expect(!panel["targets"].array.isEmpty, "\(title)")
            }
            let sources = dashboard.panels.map { $0["datasource"] } + dashboard.variables.map { $0["datasource"] }
            for source in sources { #expect(source == ["type": "prometheus", "uid": "${datasource}"]) }
            #expect(dashboard.json["templating"]["list"][0]["type"] == "datasource")
        }
    }

    @Test func noExpressionIsThereTwiceAndEveryRuleAndVariableExists() throws {
        let rules = try Shipped.text("prometheus/rules.yaml")
        for name in ShippedDashboard.names {
            let dashboard = try ShippedDashboard(name)
            let texts = dashboard.queries.map(\.text)
            #expect(Set(texts).count == texts.count, "\(name)")
            let known = Set(dashboard.variables.compactMap { $0["name"].string })
                .union(["__rate_interval", "__range", "__interval"])
            let asked = texts + dashboard.variables.compactMap { $0["definition"].string }
            for text in asked {
                for used in text.matches(of: /\$(\w+)/) {
                    #expect(known.contains(String(used.output.1)), "\(name): \(text)")
                }
                for used in text.matches(of: /\w+:\w+:\w+/) {
                    let isRecorded = rules.contains("record: \(used.output)\n")
                    #expect(isRecorded, "\(name): \(used.output)")
                }
                // What `retired` has was counted before.
                for used in text.matches(of: /(rate|increase)\(kepler_container\w+\{([^}]*)\}/) {
                    let chosen = used.output.2
                    #expect(
                        chosen.contains(#"container_id!="retired""#) || chosen.contains("pod_name=~\"brahe-agent-"),
                        "\(text)")
                }
            }
        }
    }

    // MARK: What they show

    @Test(.enabled(if: canAsk, "needs root, kernel BTF and Debian's prometheus"), arguments: ShippedDashboard.names)
    func everyExpressionHasAnAnswer(_ name: String) throws {
        let monitoring = try ShippedMonitoring.once.get()
        let chosen = try #require(monitoring.answers[name])
        let all = monitoring.answersOfAll[name]
        for query in try ShippedDashboard(name).queries {
            for answers in [chosen, all ?? chosen] {
                let series = answers[query.key] ?? []
                // The healthy node has no alerts, and the others have one each.
                if query.panel == "Alerts in time" {
                    #expect(series.count == (answers == all ? 2 : 0))
                    continue
                }
                #expect(!series.isEmpty, "\(name): \(query.key) shows nothing: \(query.text)")
                #expect(series.allSatisfy { $0.value.isFinite }, "\(name): \(query.key): \(series)")
            }
        }
    }

    @Test(.enabled(if: canAsk, "needs root, kernel BTF and Debian's prometheus"))
    func variablesHaveTheNodesAndTheNamesToChooseFrom() throws {
        let values = try ShippedMonitoring.once.get().values
        for name in ["node", "namespace", "container"] {
            // Where nobody has ever answered there is nothing to choose.
            #expect(values[name]?["instance"] == ["node-a", "node-b"])
        }
        for name in ["namespace", "container"] {
            #expect(values[name]?["namespace"]?.isSuperset(of: ["flux-system", "shop", "brahe", "kernel"]) == true)
        }
        #expect(values["container"]?["pod"]?.contains(ShippedMonitoring.pod) == true)
        #expect(values["container"]?["container"] == ["manager", "proxy"])
        #expect(values["runs"]?["project"] == ["shop"])
        #expect(values["runs"]?["scope"] == ["project", "node"])
        #expect(values["runs"]?["candidate"] == ["1.9", "1.10"])
    }

    @Test(.enabled(if: canAsk, "needs root, kernel BTF and Debian's prometheus"), arguments: ShippedDashboard.names)
    func whatIsShownIsTrue(_ name: String) throws {
        let monitoring = try ShippedMonitoring.once.get()
        for (key, due) in DashboardTruth.all[name] ?? [:] {
            let series = monitoring.answers[name]?[key] ?? []
            let wrong = due.complaint(of: series)
            #expect(wrong == nil, "\(name): \(key): \(wrong ?? "") in \(series)")
        }
    }

    /// Energy goes by CPU time, so a container's part of the dynamic power is its part of the CPU time.
    @Test(.enabled(if: canAsk, "needs root, kernel BTF and Debian's prometheus"))
    func aContainersPowerIsItsPartOfTheCPUTime() throws {
        let monitoring = try ShippedMonitoring.once.get()
        let all = monitoring.answersOfAll["container"] ?? [:]
        let (watts, cpus) = (all["Power by container A"] ?? [], all["CPUs A"] ?? [])
        let names = ["container_namespace", "pod_name", "container_name"]
        let everybody = try #require(monitoring.answers["namespace"]?["CPUs at work A"]?.first).value
        let due = 29 / everybody
        for workload in monitoring.containers {
            let labels = [workload.namespace, workload.pod, workload.container]
            let mine = [watts, cpus].map { series in
                series.first { one in names.map { one.labels[$0] ?? "" } == labels }?.value ?? .nan
            }
            #expect(abs(mine[0] / mine[1] / due - 1) < 0.15, "\(labels): \(mine), \(due) J/s")
        }
    }
}
