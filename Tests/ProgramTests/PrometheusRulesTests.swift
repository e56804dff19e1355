import Documents
import Foundation
import Glibc
import Testing
import YAML

/// The files of deploy/prometheus, by promtool and in a real Prometheus that scrapes real agents.
@Suite(
    .enabled(if: access("/usr/bin/prometheus", X_OK) == 0, "needs Debian's prometheus"),
    .serialized)
struct PrometheusRulesTests {
    private func promtool(_ arguments: String...) throws -> String {
        let promtool = try Running("/usr/bin/promtool", arguments)
        #expect(promtool.wait() == 0, "\(promtool.outputText)\(promtool.errorText)")
        return promtool.outputText
    }

    private func rules() throws -> [YAML.Node] {
        let file = Shipped.path("prometheus/rules.yaml")
        let groups = try YAML.parse(Array(Shipped.text("prometheus/rules.yaml").utf8), file: file)["groups"]
        return (groups?.items ?? []).flatMap { $0["rules"]?.items ?? [] }
    }

    @Test func promtoolFindsNothingWrong() throws {
        for file in ["rules.yaml", "kepler-compat-rules.yaml"] {
            let said = try promtool("check", "rules", "--lint=all", "--lint-fatal", Shipped.path("prometheus/\(file)"))
            #expect(said.contains("SUCCESS"), "\(said)")
        }
        let said = try promtool("check", "config", Shipped.path("prometheus/prometheus.yaml"))
        #expect(said.contains("is valid prometheus config file syntax"), "\(said)")
    }

    @Test func everyRuleGivesWhatItsTestSays() throws {
        let file = Shipped.path("prometheus/rules_test.yaml")
        _ = try promtool("test", "rules", file)
        // What promtool was not asked cannot fail.
        let said = try Shipped.text("prometheus/rules_test.yaml")
        for rule in try rules() {
            let name = rule["record"]?.text ?? rule["alert"]?.text ?? ""
            let tested = rule["record"] != nil ? "\(name)" : "alertname=\"\(name)\""
            #expect(said.contains(tested), "\(name) has no test")
        }
    }

    @Test func everyAlertSaysWhatItIsAndWhatToDo() throws {
        let alerts = try rules().filter { $0["alert"] != nil }
        #expect(alerts.count > 15)
        for alert in alerts {
            let name = alert["alert"]?.text ?? ""
            #expect(name.hasPrefix("Brahe"))
            let severity = alert["labels"]?["severity"]?.text ?? ""
            #expect(["info", "warning", "critical"].contains(severity), "\(name): \(severity)")
            for note in ["summary", "description", "action"] {
                #expect((alert["annotations"]?[note]?.text ?? "").count > 10, "\(name) has no \(note)")
            }
        }
        for record in try rules().compactMap({ $0["record"]?.text }) {
            #expect(record.wholeMatch(of: /[a-z_]+:(kepler|brahe)_[a-z_]+:[a-z0-9]+/) != nil, "\(record)")
        }
    }

    @Test(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"))
    func aRealPrometheusFindsTheNodesAndNamesThem() throws {
        let monitoring = try ShippedMonitoring.once.get()
        let found = monitoring.up.map { [$0.labels["instance"], $0.labels["job"], $0.value == 1 ? "up" : "down"] }
        #expect(
            Set(found) == [
                ["node-a", "brahe-agent", "up"], ["node-b", "tls/brahe-agent", "up"],
                ["node-c", "brahe/brahe-agent", "down"],
            ])
    }

    @Test(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"))
    func onlyTheNodesThatHaveAFaultHaveAnAlert() throws {
        let monitoring = try ShippedMonitoring.once.get()
        let alerts = monitoring.alerts.map { [$0.labels["instance"], $0.labels["alertname"]] }
        #expect(Set(alerts) == [["node-b", "BraheNoRAPL"], ["node-c", "BraheAgentDown"]])
        for rule in monitoring.rules["groups"].array.flatMap({ $0["rules"].array }) {
            #expect(rule["health"] == "ok", "\(rule["name"]): \(rule["lastError"])")
            for alert in rule["alerts"].array {
                #expect(!alert["annotations"].line.contains("error expanding"), "\(alert["annotations"].line)")
            }
        }
    }

    @Test(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"))
    func everyRecordingRuleHasAValueOfTheHealthyNode() throws {
        let monitoring = try ShippedMonitoring.once.get()
        for record in try rules().compactMap({ $0["record"]?.text }) {
            let series = monitoring.records[record] ?? []
            #expect(series.contains { $0.labels["instance"] == "node-a" }, "\(record) gives nothing")
            #expect(series.allSatisfy { $0.value.isFinite && $0.value > -0.1 }, "\(record): \(series)")
        }
        for series in monitoring.records["instance_zone:brahe_zone_joules:rate2m"] ?? [] {
            let due = ShippedMonitoring.watts[series.labels["zone"] ?? ""] ?? .nan
            #expect(abs(series.value / due - 1) < 0.02, "\(series)")
        }
        for series in monitoring.records["instance_zone:brahe_ledger_joules:residual"] ?? [] {
            #expect(abs(series.value) < 5e-7, "\(series)")
        }
    }
}
