import Glibc
import Host
import Pages
import Reports
import Review

extension Subcommand {
    static let report = Subcommand(
        name: "report",
        summary: "Watches an agent for a while and prints the energy of containers, pods and cgroups",
        usage: "[--agent URL] [--for DURATION] [--json FILE]",
        options: [
            Option(name: "--agent", value: "URL", help: "the agent to ask (default \(AgentClient.usual.url))"),
            Option(name: "--for", value: "TIME", help: "how long, like 500ms, 30s or 2m (default 30s)"),
            Option(name: "--json", value: "FILE", help: "also write the report there as JSON"),
        ],
        run: performReport)

    private static func performReport(_ options: Options) throws(Failure) -> Int32 {
        try refuseOperands(of: options)
        let duration = try options.milliseconds("--for") ?? 30_000
        let client = options["--agent"].map { AgentClient(url: $0) } ?? .usual
        let file: OutputFile? =
            if let path = options["--json"] { try OutputFile(path: path) } else { nil }
        var told = false
        let refused = { (failure: Failure) throws(Failure) in
            if !told { say("\(failure.message); reading its latest sample instead") }
            told = true
        }
        let first = try client.edge(refused: refused)
        var rest = timespec(tv_sec: Int(duration / 1000), tv_nsec: Int(duration % 1000) * 1_000_000)
        var left = timespec()
        while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
        let second = try client.edge(refused: refused)
        let report = Report(try Window(from: first, to: second, of: client.url))
        write(report.text, to: STDOUT_FILENO)
        try file?.replace(with: ReportDocument(report).json())
        return 0
    }
}
