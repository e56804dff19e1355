import CBench
import Glibc
import Node

/// What it costs to report an hour of 10 000 series, scraped every 15 s: a real Prometheus has the samples, and `brahe`, the
/// program beside this one, fetches them in slices, meters them and writes a report.
struct ReportBench {
    private static let series = 10_000
    private static let samples = 241
    private static let rounds = 3
    /// 2023-11-14T22:13:20Z.
    private static let begin = 1_700_000_000

    private let folder: String

    /// A bench in a workplace.
    init(_ workplace: Workplace) { folder = workplace.report }

    /// Backfills a Prometheus and reports several times.
    func run() throws -> JSON {
        guard let brahe = AgentUnderLoad.program("brahe") else { throw Failure("find brahe beside this program") }
        let prometheus = "/usr/bin/prometheus"
        for program in [prometheus, "/usr/bin/promtool"] {
            guard access(program, X_OK) == 0 else { throw Failure("find \(program)") }
        }
        try Files.makeDirectory(folder)
        try writeSamples()
        let text = folder + "/samples.om"
        let blocks = folder + "/data"
        _ = try Self.finished(["/usr/bin/promtool", "tsdb", "create-blocks-from", "openmetrics", text, blocks])
        unlink(text)
        try Files.write("global: {}\n", to: folder + "/prometheus.yml")
        let port = try Self.freePort()
        let server = try Self.start([
            prometheus, "--config.file=\(folder)/prometheus.yml", "--storage.tsdb.path=\(blocks)",
            "--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
        ])
        defer {
            kill(server, SIGTERM)
            waitpid(server, nil, 0)
        }
        let url = "http://127.0.0.1:\(port)"
        let report = [
            brahe, "report", "--prometheus", url, "--from", "2023-11-14T22:13:20Z", "--to",
            "2023-11-14T23:13:20Z",
            "--platform-watts", "100000",
        ]
        try Self.await(brahe: brahe, url)
        var seconds = Series()
        var cpu = Series()
        var memory = Series()
        for _ in 0..<Self.rounds {
            let began = Clock.monotonic
            let use = try Self.finished(report)
            seconds.add(Double(Clock.monotonic - began) / 1e9)
            cpu.add([use.ru_utime, use.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 })
            memory.add(Double(use.ru_maxrss) / 1024)
        }
        return .object([
            ("series", .count(UInt64(Self.series))), ("samples", .count(UInt64(Self.series * Self.samples))),
            ("seconds_least", .number(seconds.least)), ("seconds_median", .number(seconds.median)),
            ("seconds_most", .number(seconds.most)), ("cpu_seconds_median", .number(cpu.median)),
            ("peak_MiB_most", .number(memory.most)),
        ])
    }

    /// Pods of a node, each drawing some power of its own.
    private func writeSamples() throws(Failure) {
        let path = folder + "/samples.om"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw Failure("open \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        func write(_ text: String) throws(Failure) {
            var text = text
            let isWhole = text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
            guard isWhole else { throw Failure("write \(path): \(String(cString: strerror(errno)))") }
        }
        func lines(_ name: String, _ labels: String, _ value: (Int) -> String) -> String {
            (0..<Self.samples).map { "\(name){\(labels)} \(value($0)) \(Self.begin + $0 * 15)\n" }.joined()
        }
        let source = "instance=\"n:9102\",job=\"brahe\""
        try write("# TYPE kepler_pod_cpu_joules counter\n")
        for pod in 0..<Self.series {
            let labels =
                "pod_id=\"\(pod)\",pod_name=\"pod-\(pod)\",pod_namespace=\"ns-\(pod % 40)\",state=\"running\","
                + "zone=\"package\",node_name=\"n\",\(source)"
            try write(
                lines("kepler_pod_cpu_joules_total", labels) { index in
                    let microjoules = 1_000_000 + index * (100_003 + pod * 17 % 900_001)
                    return "\(microjoules / 1_000_000).\(String(1_000_000 + microjoules % 1_000_000).dropFirst())"
                })
        }
        try write("# TYPE process_start_time_seconds unknown\n")
        try write(lines("process_start_time_seconds", source) { _ in "\(Self.begin - 1000)" })
        try write("# TYPE up unknown\n")
        try write(lines("up", source) { _ in "1" } + "# EOF\n")
    }

    /// Waits until a Prometheus answers.
    private static func await(brahe: String, _ url: String) throws(Failure) {
        for _ in 0..<100 {
            if (try? finished([brahe, "query", "1", "--prometheus", url])) != nil { return }
            usleep(100_000)
        }
        throw Failure("ask \(url): it does not answer")
    }

    /// Starts a program whose output goes nowhere.
    private static func start(_ words: [String]) throws(Failure) -> pid_t {
        let words = ["/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/null"] + words
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let process = cbench_spawn(arguments, STDERR_FILENO)
        guard process > 0 else { throw Failure("start \(words[3])") }
        return process
    }

    /// Runs a program to its end, and returns what it used; throws if it failed.
    private static func finished(_ words: [String]) throws(Failure) -> rusage {
        let process = try start(words)
        var status: Int32 = 0
        var use = rusage()
        while wait4(process, &status, 0, &use) < 0 {
            guard errno == EINTR else { throw Failure("wait for \(words[0]): \(String(cString: strerror(errno)))") }
        }
        guard status == 0 else { throw Failure("run \(words.joined(separator: " ")): status \(status)") }
        return use
    }

    /// A port of 127.0.0.1 that nobody listens on.
    private static func freePort() throws(Failure) -> UInt16 {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let found = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, size) == 0 && getsockname(probe, $0, &size) == 0
            }
        }
        guard found else { throw Failure("find a free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
