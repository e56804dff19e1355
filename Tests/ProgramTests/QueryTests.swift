import Documents
import Foundation
import Testing

/// `brahe query` against a real Prometheus, whose samples are of the past.
@Suite(
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/prometheus"), "needs Debian's prometheus"),
    .serialized)
struct QueryTests {
    /// A Prometheus with two pods of seed 001, one sample every 15 s for an hour up to 1700003600.
    private final class Past {
        let url: String
        private let folder: Scratch
        private let running: Running

        init() throws {
            folder = try Scratch()
            var text = "# TYPE pod_curr_energy_in_pkg_millijoule unknown\n"
            for (pod, joules) in [("source-controller", 394), ("helm-controller", 120)] {
                for index in 0...240 {
                    text += "pod_curr_energy_in_pkg_millijoule{pod_name=\"\(pod)\",pod_namespace=\"flux-system\"} "
                    text += "\(joules) \(1_700_000_000 + 15 * index)\n"
                }
            }
            let samples = try folder.write("samples.om", text + "# EOF\n")
            let blocks = try Running(
                "/usr/bin/promtool", ["tsdb", "create-blocks-from", "openmetrics", samples, folder("data")])
            #expect(blocks.wait() == 0, "\(blocks.errorText)")
            let configuration = try folder.write("prometheus.yml", "global: {}\n")
            let port = try Here.freePort()
            url = "http://127.0.0.1:\(port)"
            running = try Running(
                "/usr/bin/prometheus",
                [
                    "--config.file=\(configuration)", "--storage.tsdb.path=\(folder("data"))",
                    "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:\(port)",
                ])
            let ready = url + "/-/ready"
            try running.await("an answer") { (try? Curl(ready))?.status == 200 }
        }
    }

    @Test func theQueriesOfTheSeedsGiveEnergyAndNotTheTime() throws {
        let past = try Past()
        func query(_ arguments: String..., code: Int32 = 0) throws -> String {
            let brahe = try Running(Here.program("brahe"), ["query", "--prometheus", past.url + "/"] + arguments)
            #expect(brahe.wait() == code, "\(brahe.errorText)")
            return brahe.outputText + brahe.errorText
        }
        let at = ["--at", "1700003600"]
        let pod = "pod_curr_energy_in_pkg_millijoule{pod_name='source-controller'}"
        #expect(try query(pod, at[0], at[1]).hasSuffix(" pod_namespace=flux-system\n394 mJ\n"))
        let sum = "sum(pod_curr_energy_in_pkg_millijoule{pod_namespace='flux-system'})"
        #expect(try query(sum, at[0], at[1]) == "514 mJ\n")
        #expect(try query(sum, "--at", "2023-11-14T23:13:20Z", "--unit", "J") == "0.514 J\n")
        #expect(try query(sum, at[0], at[1], "--unit", "W", code: 2).contains("is in mJ, which no factor turns into W"))
        // The past hour, which seed 001 wished for.
        let hour = try query("pod_curr_energy_in_pkg_millijoule", "--to", "1700003600", "--for", "1h", "--step", "1m")
        #expect(hour.contains("helm-controller        61  120 mJ  120 mJ    120 mJ  120 mJ\n"), "\(hour)")
        let json = try JSON(parsing: query(sum, at[0], at[1], "--json"))
        #expect(json["unit"] == "mJ")
        #expect(json["result"][0]["values"][0] == ["time": "2023-11-14T23:13:20.000Z", "value": 514])
        let plot = try query("pod_curr_energy_in_pkg_millijoule", "--to", "1700003600", "--plot")
        #expect(plot.contains("400 mJ ┤") && plot.contains("UTC\n") && plot.contains("━ helm-controller\n"), "\(plot)")
        #expect(try query("sum(", code: 8).contains("HTTP 400, bad_data: invalid parameter"))
        #expect(try query("absent_metric") == "no series\n")
        #expect(try query("up", "--from", "yesterday", code: 2).contains("option --from: yesterday is no time"))
        #expect(try query("up", "--user", "alice", code: 2).contains("a user and a password file belong together"))
    }
}
