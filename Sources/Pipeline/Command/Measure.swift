import CPipeline
import Glibc
import Host
import Pages
import Review

extension Subcommand {
    static let measure = Subcommand(
        name: "measure",
        summary: "Runs a command in a cgroup of its own and prints its energy on stderr",
        usage: "[OPTIONS] -- COMMAND [ARGUMENT...]",
        options: [
            Option(name: "--agent", value: "URL", help: "the agent to ask (default: on port 9102, else its own)"),
            Option(name: "--json", value: "FILE", help: "also write the result there as JSON"),
            Option(name: "--record", value: "FILE", help: "also add one line of JSON there, for brahe compare"),
            Option(name: "--step", value: "NAME", help: "with --record: which step of a job the command is"),
            Option(name: "--label", value: "KEY=VALUE", help: "with --record: what else to note; again for more"),
            Option(name: "--cgroup", value: "PATH", help: "where cgroup2 is mounted"),
        ] + AgentProcess.options,
        run: performMeasure)

    private static func performMeasure(_ options: Options) throws(Failure) -> Int32 {
        guard let program = options.operands.first else {
            throw Failure(.usage, "measure wants a command; see brahe measure --help")
        }
        let file: OutputFile? =
            if let path = options["--json"] { try OutputFile(path: path) } else { nil }
        let record = try StepFile.named(by: options)
        let root = try Cgroup.root(options)
        let run = MeasuredCommand(name: program, arguments: options.operands, cgroup: "measure-\(getpid())")
        cpipeline_block_signals()
        let outcome = try withAgent(options) { client throws(Failure) in
            try MeasuredCommand.measure([run], client: client, root: root)
        }
        guard let measurement = outcome.measurements.first, let ending = outcome.endings.first else { return 0 }
        write(measurement.text, to: STDERR_FILENO)
        try record?.append(measurement, of: options.operands, ending, in: outcome)
        try file?.replace(with: MeasurementDocument(measurement, of: options.operands, in: outcome).page())
        return ending.code
    }

    /// Works with the agent that the options name, else the usual one if it answers, else one started for it.
    ///
    /// Options for an agent's start mean an own agent: one that runs already has its own.
    static func withAgent<Result>(
        _ options: Options, _ work: (AgentClient) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = AgentProcess.options.map(\.name).first { options[$0] != nil }
        if let url = options["--agent"] {
            if let start { throw Failure(.usage, "option \(start) is for an own agent and excludes --agent") }
            return try work(AgentClient(url: url))
        }
        if start == nil, AgentClient.usual.answers { return try work(.usual) }
        let agent = try AgentProcess(AgentProcess.arguments(options), listen: "127.0.0.1:0")
        do {
            let result = try work(agent.client)
            agent.stop()
            return result
        } catch {
            agent.stop()
            throw error
        }
    }
}
