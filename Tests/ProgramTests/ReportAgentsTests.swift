import Documents
import Foundation
import Glibc
import Testing

/// `brahe report` on now, from agents, and what becomes of its files.
@Suite(.enabled(if: Here.canLoadProbe && Here.hasV1("cpuacct"), "needs root, kernel BTF and cpuacct"), .serialized)
struct ReportAgentsTests {
    private static let busyWatts = 11.0
    private let folder: Scratch
    private let simulator: Simulator
    private let node: TestNode
    private let agent: AgentUnderTest

    /// A node of 25 W when it is idle, and 11 W more for each CPU that works.
    init() throws {
        folder = try Scratch()
        simulator = try Simulator(package: 20, core: 7, dram: 5, busyWatts: Self.busyWatts)
        node = try TestNode()
        agent = try AgentUnderTest([
            "--sysfs", simulator.root, "--idle-watts", "package-0=20", "--idle-watts", "dram-0=5", "--pod-logs",
            node.logs.path, "--interval", "200ms",
        ])
    }

    private func stop() {
        node.stop()
        simulator.stop()
    }

    private var url: String { "http://127.0.0.1:\(agent.port)" }

    /// Also where both machines are called the same, as clones are.
    @Test(arguments: [[], ["--node-name", "second"]])
    func twoAgentsAreTwoNodesAndTheirSumIsWhatWasScored(named options: [String]) throws {
        defer { stop() }
        let other = try Simulator(package: 40, core: 9, dram: 3)
        defer { other.stop() }
        let second = try AgentUnderTest(["--sysfs", other.root, "--interval", "200ms"] + options)
        let name = "127.0.0.1:\(second.port)"
        let report = try brahe([
            "report", "--agent", url, "--agent", "http://\(name)/", "--for", "3s", "--interval", "500ms",
            "--platform-watts", "100", "--json", folder("two.json"),
        ])
        let found = try ReportUnderTest(folder("two.json"))
        #expect(found.json["status"] == "succeeded" && found.json["collection"]["mode"] == "agent")
        #expect(found.seconds > 2.8 && found.seconds < 4.5, "\(found.seconds) s")
        let nodes = found.json["results"]["consumers"].array.filter { $0["level"] == "node" }
        #expect(nodes.count == 2, "\(report.outputText)")
        let joules = nodes.compactMap { $0["J"].number }
        // The second node draws 43 W whatever happens; the first one more, by what its CPUs do.
        let steady = joules.filter { abs($0 / (43 * found.seconds) - 1) < 0.03 }
        #expect(steady.count == 1, "\(joules) of \(43 * found.seconds)")
        let sum = found.energy["gross_J"].number ?? 0
        #expect(abs(sum - joules.reduce(0, +)) < 0.001 && found.json["results"]["primary"] == "node")
        #expect(sum > (43 + 25 + 5) * found.seconds, "\(sum) J in \(found.seconds) s")
        // psys and core lie within or around what was added.
        #expect(found.json["results"]["zone"] == "package+dram")
    }

    @Test func podsAndNamespacesHaveWhatTheirProcessesWereDue() throws {
        defer { stop() }
        let shop = node.containers[3]
        let before = try node.containers.map { try node.cpuSeconds(of: $0) }
        try brahe([
            "report", "--agent", url, "--for", "4s", "--interval", "500ms", "--namespace", "flux-system", "--pod",
            "shop/web-0", "--folder", folder("report"),
        ])
        let after = try node.containers.map { try node.cpuSeconds(of: $0) }
        let found = try ReportUnderTest(folder("report/run.json"))
        let due = zip(before, after).map { $1 - $0 }
        let groups = [("project", [due[3]], [shop]), ("namespace", Array(due[..<3]), Array(node.containers[..<3]))]
        for (name, seconds, containers) in groups {
            let scope = found.scope(name)
            let pods = Set(containers.map { "\($0.namespace)/\($0.pod)" }).sorted()
            #expect(scope["pods"] == .array(pods.map { .string($0) }) && scope["unseen"] == [], "\(scope)")
            let cpu = scope["cpu_s"].number ?? 0
            let most = seconds.reduce(0, +)
            #expect(cpu <= most * 1.001 && cpu > most * 0.5 && cpu > 0.1, "\(name): \(cpu) s of \(most) s")
            let energy = scope["energy"]
            let joules = energy["gross_J"].number ?? 0
            #expect(abs(joules / (cpu * Self.busyWatts) - 1) < 0.05, "\(name): \(joules) J for \(cpu) s")
            #expect((energy["lower_J"].number ?? .infinity) <= joules && (energy["upper_J"].number ?? 0) >= joules)
        }
        // What was asked for is what is scored.
        #expect(found.json["results"]["primary"] == "project")
        #expect(found.energy == found.scope("project")["energy"])

        // All of it follows from the samples, and the samples alone give the same.
        let verified = try brahe(["report", "--verify", folder("report")])
        #expect(verified.outputText.contains("every derived number follows from its samples"))
        let sums = try Running("/bin/sh", ["-c", "cd \(folder("report")) && sha256sum --check --quiet SHA256SUMS"])
        #expect(sums.wait() == 0, "\(sums.outputText)\(sums.errorText)")
        try brahe([
            "report", "--file", folder("report/samples.om"), "--namespace", "flux-system", "--pod", "shop/web-0",
            "--json", folder("again.json"),
        ])
        let again = try ReportUnderTest(folder("again.json"))
        #expect(again.json["windows"] == found.json["windows"])
        #expect(again.json["results"] == found.json["results"])
        let nobody = try brahe(
            [
                "report", "--file", folder("report/samples.om"), "--pod", "shop/nobody", "--json",
                folder("nobody.json"),
            ], ends: 8)
        #expect(nobody.outputText.contains("nobody") || nobody.errorText.contains("nobody"), "\(nobody.outputText)")
        try checkChanges()
    }

    /// Changes a digit of the document, and a sample, and sees that each is found and named.
    private func checkChanges() throws {
        let path = folder("report/run.json")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let document = try JSON(parsing: text)
        let paths: [[String]] = [
            ["results", "energy", "Wh"], ["results", "energy", "lower_J"], ["results", "scopes", "1", "cpu_s"],
            ["results", "consumers", "0", "J"], ["results", "metrics", "0", "value"],
            ["results", "power", "0", "watts", "0"],
            ["collection", "coverage"], ["collection", "gates", "0", "value"], ["inputs", "terms", "platformMaxWatts"],
            ["start_time"], ["windows", "0", "end"],
        ]
        for path in paths {
            let changed = try #require(Self.changed(document, path[...]), "\(path)")
            try folder.write("report/run.json", changed.page)
            let verify = try brahe(["report", "--verify", folder("report")], ends: 8)
            let name = path.reduce("") { name, part in
                Int(part) != nil ? "\(name)[\(part)]" : name.isEmpty ? part : "\(name).\(part)"
            }
            // A term changes what follows from it.
            let named = path[0] == "inputs" ? "results." : path[0] == "start_time" ? "windows[0].start" : name
            #expect(verify.outputText.contains("run.json: \(named)"), "\(name): \(verify.outputText.prefix(1000))")
            #expect(verify.errorText.split(separator: "\n").count == 1, "\(verify.errorText)")
        }
        try folder.write("report/run.json", text)
        try brahe(["report", "--verify", folder("report")])
        // One more joule in one sample of the pod that was scored, in the middle of the window.
        var lines = try String(contentsOfFile: folder("report/samples.om"), encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        let places = lines.indices.filter {
            lines[$0].hasPrefix("kepler_container_joules_total{") && lines[$0].contains("pod_name=\"web-0\"")
                && lines[$0].contains("mode=\"dynamic\"")
        }
        let place = try #require(places.dropFirst(places.count / 2).first)
        var parts = lines[place].split(separator: " ").map(String.init)
        let value = try #require(Double(parts[parts.count - 2]))
        parts[parts.count - 2] = "\(value + 0.01)"
        lines[place] = parts.joined(separator: " ")
        try folder.write("report/samples.om", lines.joined(separator: "\n"))
        let verify = try brahe(["report", "--verify", folder("report")], ends: 8)
        #expect(verify.outputText.contains("run.json: results."), "\(verify.outputText.prefix(1000))")
    }

    /// The document with another value at a path: a number with another first digit, a time a second later.
    private static func changed(_ json: JSON, _ path: ArraySlice<String>) -> JSON? {
        guard let first = path.first else {
            if let number = json.number { return .number(number == 0 ? 1 : number * 1.1) }
            return json.string.flatMap(Moment.init).map { .string(($0 + 1000).description) }
        }
        switch json {
        case .object(var members):
            guard let one = members[first], let changed = changed(one, path.dropFirst()) else { return nil }
            members[first] = changed
            return .object(members)
        case .array(var elements):
            guard let index = Int(first), elements.indices.contains(index),
                let changed = changed(elements[index], path.dropFirst())
            else { return nil }
            elements[index] = changed
            return .array(elements)
        default: return nil
        }
    }

    @Test func upstreamsExampleFailsInWords() throws {
        defer { stop() }
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ResultsTests/upstream.json").path
        let verify = try brahe(["report", "--verify", file], ends: 8)
        // 0.0041 kWh x 78.81 g/kWh x 1.42 is 0.459 g: the energy is not that of the metric, nor the score that of its parts.
        for part in ["results.sci.value", "results.sci.components.energy_consumption.value"] {
            #expect(verify.outputText.contains("upstream.json: \(part)"), "\(verify.outputText)")
        }
        #expect(verify.errorText.contains("statements do not hold"))
        #expect(verify.errorText.split(separator: "\n").count == 1)
    }
}
