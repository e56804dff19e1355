import CPipeline
import Glibc
import Host
import Pages
import Review

extension Subcommand {
    static let demo = Subcommand(
        name: "demo",
        summary: "Starts an agent, runs three workloads at the same time and shows what each used",
        usage: "[OPTIONS]",
        options: [
            Option(name: "--seconds", value: "N", help: "how long the workloads run (default 8)"),
            Option(name: "--cgroup", value: "PATH", help: "where cgroup2 is mounted"),
        ] + AgentProcess.options,
        run: performDemo)

    private static func performDemo(_ options: Options) throws(Failure) -> Int32 {
        try refuseOperands(of: options)
        let seconds = try options.number("--seconds") ?? 8
        let root = try Cgroup.root(options)
        let storm = try Capture()
        cpipeline_block_signals()
        let agent = try AgentProcess(AgentProcess.arguments(options), listen: "127.0.0.1:9102", elsewhere: true)
        let url = agent.client.url
        write("The agent serves \(url)/metrics; three workloads run for \(seconds) s.\n", to: STDOUT_FILENO)
        let runs = Workload.allCases.map { shape in
            // Children get brahe itself, under whatever name it was called.
            MeasuredCommand(
                name: shape.rawValue,
                arguments: ["/proc/self/exe", "workload", shape.rawValue, "--seconds", "\(seconds)"],
                cgroup: "demo-\(shape.rawValue)-\(getpid())", stdout: shape == .storm ? storm.descriptor : -1)
        }
        let outcome: MeasuredCommand.Outcome
        do {
            outcome = try MeasuredCommand.measure(runs, client: agent.client, root: root)
        } catch {
            agent.stop()
            throw error
        }
        agent.stop()
        if let failed = zip(runs, outcome.endings).first(where: { $1.code != 0 }) {
            throw Failure(.dataMissing, "workload \(failed.0.name) ended with \(failed.1.code)")
        }
        write("\n" + Measurement.text(outcome.measurements, window: outcome.window) + "\n", to: STDOUT_FILENO)
        write("\(storm.text)The metrics were served at \(url)/metrics.\n", to: STDOUT_FILENO)
        return 0
    }

    /// Throws if there are operands, for a command that has none.
    static func refuseOperands(of options: Options) throws(Failure) {
        guard let operand = options.operands.first else { return }
        throw Failure(.usage, "unexpected \(operand); see brahe --help")
    }
}
