import CBench
import Glibc

/// The benchmark: prints one JSON object, every comparison in it taken in one run on one machine.
///
/// It measures in a child process and cleans up in the parent, however the child ends.
@main
struct Bench {
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
        var samples: [(String, JSON)] = []
        let probe = part {
            var bench = try ProbeBench(root: workplace.cgroup)
            return try bench.run()
        }
        for count in [10, 300, 1000] {
            progress("sample: \(count) cgroups")
            samples.append(
                (
                    "\(count)",
                    part {
                        try population.grow(to: count)
                        var bench = SampleBench(sysfs: try sysfs(of: workplace), mount: workplace.mount)
                        return try bench.run()
                    }
                ))
        }
        let scrape = part {
            var bench = ScrapeBench(sysfs: try sysfs(of: workplace), mount: workplace.mount)
            return try bench.run()
        }
        print(
            JSON.object([
                ("machine", Machine.described()), ("probe", probe), ("sample", .object(samples)), ("scrape", scrape),
            ]).rendered())
        exit(0)
    }

    private static func sysfs(of workplace: Workplace) throws(Failure) -> SyntheticSysfs {
        try SyntheticSysfs(root: workplace.sysfs, cpus: Machine.cpus)
    }

    /// A part that cannot be run says why in its place.
    private static func part(_ body: () throws -> JSON) -> JSON {
        do { return try body() } catch { return .object([("error", .text("\(error)"))]) }
    }
}

/// Writes one line to standard error.
func progress(_ line: String) {
    var line = "bench: \(line)\n"
    line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
