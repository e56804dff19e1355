import CBench
import Glibc

/// The benchmark: prints one JSON object, every comparison in it taken in one run on one machine. Arguments choose
/// parts of it: probe, sample, page, scrape, retention, report.
///
/// It measures in a child process and cleans up in the parent, however the child ends.
@main
struct Bench {
    /// How many containers there are at most.
    private static let most = 1000

    static func main() {
        do {
            let workplace = try Workplace()
            let status = cbench_guard()
            if status < 0 { measure(workplace) }
            workplace.remove()
            exit(status == 0 ? 0 : 1)
        } catch {
            progress("\(error)")
            exit(1)
        }
    }

    private static func measure(_ workplace: Workplace) -> Never {
        var population = Population(root: workplace.cgroup)
        var parts: [(String, JSON)] = [("machine", Machine.described())]
        parts += part("probe") {
            var bench = try ProbeBench(root: workplace.cgroup)
            return try bench.run()
        }
        parts += part("log_tree", of: ["sample", "page", "scrape", "retention"]) {
            try Population.logTree(of: most, root: workplace.podLogs)
            return .count(UInt64(most))
        }
        parts += part("sample") {
            var samples: [(String, JSON)] = []
            for count in [10, 300, most] {
                progress("sample: \(count) cgroups")
                try population.grow(to: count)
                samples.append(("\(count)", try SampleBench(workplace).run()))
            }
            samples.append(("\(most)_with_processes", try SampleBench(workplace, processes: true).run()))
            return .object(samples)
        }
        for (name, run) in [
            ("page", { try PageBench(workplace).run() }), ("scrape", { try ScrapeBench(workplace).run() }),
            ("retention", { try RetentionBench(workplace).run(&population) }),
        ] {
            parts += part(name) {
                try population.grow(to: most)
                return try run()
            }
        }
        parts += part("report") { try ReportBench(workplace).run() }
        print(JSON.object(parts).rendered())
        exit(0)
    }

    /// A part under its name, if it, or what needs it, is asked for; one that cannot be run says why in its place.
    private static func part(_ name: String, of users: [String] = [], _ body: () throws -> JSON) -> [(String, JSON)] {
        let asked = CommandLine.arguments.dropFirst()
        guard asked.isEmpty || asked.contains(name) || users.contains(where: asked.contains) else { return [] }
        progress(name)
        do { return [(name, try body())] } catch { return [(name, .object([("error", .text("\(error)"))]))] }
    }
}

/// Writes one line to standard error.
func progress(_ line: String) {
    var line = "bench: \(line)\n"
    line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
