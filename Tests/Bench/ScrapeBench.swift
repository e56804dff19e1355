import Glibc
import Node

/// The agent as a program: how fast it starts, answers and ends, and what memory it takes.
struct ScrapeBench {
    private static let scrapes = 200
    /// Samples that the agent takes, one a second, before its memory counts as steady.
    private static let samples = 11

    private let workplace: Workplace

    /// A bench in a workplace.
    init(_ workplace: Workplace) { self.workplace = workplace }

    /// Measures with the default options, and with processes too; null where the agent was not built.
    func run() throws -> JSON {
        guard let program = AgentUnderLoad.program() else { return .null }
        let processes = ["--levels", "node,container,pod,process,vm"]
        return .object([
            ("default", try run(program, [])), ("processes", try run(program, processes)),
            ("note", .text("each scrape connects anew; libmicrohttpd's share is counted in a process of its own")),
        ])
    }

    private func run(_ program: String, _ options: [String]) throws -> JSON {
        var sysfs = try workplace.syntheticSysfs()
        let agent = try AgentUnderLoad(program: program, workplace, options: options)
        for second in 0..<Self.samples {
            if second % 4 == 0 { progress("scrape: second \(second + 1) of \(Self.samples)") }
            sleep(1)
            try sysfs.advance()
            _ = try Scrape(port: agent.port, path: "/metrics")
        }
        let steady = agent.memory()
        var times = Series()
        var bytes = 0
        for _ in 0..<Self.scrapes {
            let scrape = try Scrape(port: agent.port, path: "/metrics")
            times.add(Double(scrape.nanoseconds) / 1e6)
            bytes = scrape.bytes
        }
        let after = agent.memory()
        return .object([
            ("scrapes", .count(UInt64(Self.scrapes))),
            ("p50_ms", .number(times.median)),
            ("p99_ms", .number(times.quantile(0.99))),
            ("answer_bytes", .count(UInt64(bytes))),
            ("libmicrohttpd_mallocs_per_scrape", .number(try ServerCost.mallocs(bytes: bytes).median)),
            ("startup_ms", .number(Double(agent.startup) / 1e6)),
            ("memory_after_\(Self.samples)_samples", steady),
            ("memory_after_scrapes", after),
            ("exit_ms", .number(Double(agent.stop()) / 1e6)),
        ])
    }
}
