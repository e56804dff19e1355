import Documents
import Host
import Pages
import Samples
import Testing

@Suite struct QueryTests {
    @Test func namesTellUnits() {
        let known: [(String, MetricUnit?)] = [
            ("kepler_pod_cpu_joules_total", .joules), ("pod_curr_energy_in_pkg_millijoule", .millijoules),
            ("kepler_node_cpu_watts", .watts), ("container_cpu_usage_seconds_total", .seconds),
            ("container_memory_working_set_bytes", .bytes), ("container_memory_rss", .bytes),
            ("kepler_container_bpf_cpu_time_ms_total", .milliseconds), ("up", nil), ("brahe_samples_total", nil),
        ]
        for (name, unit) in known { #expect(MetricUnit(metric: name) == unit, "\(name)") }
    }

    @Test(arguments: [
        ("sum(pod_curr_energy_in_pkg_millijoule{pod_namespace='flux-system'})", "mJ"),
        ("sum by (pod_name) (rate(kepler_pod_cpu_joules_total{zone=\"package\"}[5m]))", "W"),
        ("rate(container_cpu_usage_seconds_total[5m])", "cores"),
        ("increase(kepler_pod_cpu_joules_total[1h] offset 5m)", "J"),
        ("topk(3, kepler_node_cpu_watts)", "W"), ("max without(a_joules, b) (kepler_node_cpu_watts)", "W"),
        ("a_joules_total{x=\"}*b_watts\"} + b_joules", "J"), ("rate(pod_total_energy_in_pkg_millijoule[1m])", "mW"),
        // No factor, or no name, tells what these are.
        ("a_joules_total / 3600", ""), ("a_joules + b_watts", ""), ("count(a_joules)", ""), ("up", ""),
        ("a_joules > 3", ""),
        ("rate(a_watts[5m])", ""), ("rate(rate(a_joules[5m])[1h:])", ""), ("", ""), ("a_joules + up", ""), ("1", ""),
    ])
    func expressionsHaveTheUnitOfTheirMetrics(expression: String, unit: String) {
        #expect(MetricUnit(expression: expression)?.rawValue ?? "" == unit)
    }

    @Test func unitsOfOneKindConvert() {
        #expect(MetricUnit.joules.factor(to: .wattHours).map { $0 * 7200 } == 2)
        #expect(MetricUnit.millijoules.factor(to: .joules) == 1e-3)
        #expect(MetricUnit.wattHours.factor(to: .joules) == 3600)
        #expect(MetricUnit.joules.factor(to: .watts) == nil)
    }

    private func result(_ data: String) throws -> QueryResult {
        let server = try ServerUnderTest([
            "/api/v1/query": ["body": .string("{\"status\":\"success\",\"warnings\":[\"w\"],\"data\":\(data)}")]
        ])
        return try QueryResult(Prometheus(Endpoint(server.url)).query("q", at: .now))
    }

    @Test func aTableHasValuesWithUnitsAndNoTimes() throws {
        let vector = try result(
            #"{"resultType":"vector","result":[{"metric":{"__name__":"e","pod":"a\u001b[31m","ns":"n"},"value":[1700000000,"1.5"]},"#
                + #"{"metric":{"__name__":"e","pod":"b","ns":"n"},"value":[1700000000,"+Inf"]},"#
                + #"{"metric":{"__name__":"e","pod":"c","ns":"n"},"value":[1700000000,"NaN"]}]}"#)
        #expect(
            vector.table(.init(factor: 1000, unit: "mJ")).split(separator: "\n") == [
                "e ns=n", "pod       value", "b          +Inf", "a\u{FFFD}[31m  1500 mJ", "c           NaN",
            ])
        #expect(vector.notes == ["w"])
        let one = try result(#"{"resultType":"vector","result":[{"metric":{},"value":[1664037900.094,"394"]}]}"#)
        #expect(one.table(.init(unit: "mJ")) == "394 mJ\n")
        #expect(
            one.json(query: "q", .init(factor: 1e-3, unit: "J"))["result"][0]["values"][0]["value"] == .number(0.394))
        let matrix = try result(
            #"{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"1"],[2,"NaN"],[3,"6"],[4,"2"]]}]}"#)
        #expect(
            matrix.table(.init())
                == "a=b\nlabels  points  least  mean  greatest  last\nall          4      1     3         6     2\n")
        #expect(
            try result(#"{"resultType":"scalar","result":[1795254962.904,"+Inf"]}"#).table(.init(unit: "J")) == "+Inf\n"
        )
        #expect(try result(#"{"resultType":"string","result":[1,"text"]}"#).table(.init()) == "text\n")
        #expect(try result(#"{"resultType":"vector","result":[]}"#).table(.init()) == "no series\n")
        for odd in [
            #"{"resultType":"vector","result":[{"metric":{},"value":["1","2"]}]}"#,
            #"{"resultType":"tensor","result":[]}"#,
            #"{"resultType":"vector","result":[{"metric":{},"value":[1,2]}]}"#, #"{}"#,
        ] {
            #expect(throws: Failure.self) { _ = try result(odd) }
        }
    }
}
