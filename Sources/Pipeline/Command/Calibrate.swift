import CPipeline
import Documents
import Glibc
import Host
import Pages
import Results
import Review

extension Subcommand {
    static let calibrate = Subcommand(
        name: "calibrate",
        summary: "Finds the node's noise floor: measures one and the same load again and again",
        usage: "[OPTIONS] [-- COMMAND [ARGUMENT...]]",
        options: [
            Option(name: "--agent", value: "URL", help: "the agent to ask (default: on port 9102, else its own)"),
            Option(name: "--runs", value: "N", help: "how often, from 3 to 1000 (default 10)"),
            Option(name: "--for", value: "TIME", help: "how long each run is (default 10s); not with a COMMAND"),
            Option(name: "--cool-down", value: "TIME", help: "between two runs (default 1s)"),
            Option(name: "--json", value: "FILE", help: "also write the result there as JSON"),
            Option(name: "--cgroup", value: "PATH", help: "where cgroup2 is mounted"),
        ] + AgentProcess.options,
        run: performCalibrate)

    private static func performCalibrate(_ options: Options) throws(Failure) -> Int32 {
        let runs = Int(try options.number("--runs") ?? 10)
        guard (3...1000).contains(runs) else {
            throw Failure(.usage, "option --runs: \(options["--runs"] ?? "") is not a number from 3 to 1000")
        }
        if !options.operands.isEmpty, options["--for"] != nil {
            throw Failure(.usage, "option --for excludes a command, which takes as long as it takes")
        }
        let length = try options.milliseconds("--for") ?? 10_000
        let pause = try options.duration("--cool-down") ?? 1000
        let file: OutputFile? =
            if let path = options["--json"] { try OutputFile(path: path) } else { nil }
        let root = try Cgroup.root(options)
        let seconds = "\(Double(length) / 1000)"
        // Children get brahe itself, under whatever name it was called.
        let arguments =
            options.operands.isEmpty
            ? ["/proc/self/exe", "workload", "steady", "--seconds", seconds] : options.operands
        let named = options.operands.isEmpty ? ["brahe"] + arguments.dropFirst() : options.operands
        cpipeline_block_signals()
        let calibration = try withAgent(options) { client throws(Failure) in
            var done: [Calibration.Run] = []
            var last: MeasuredCommand.Outcome?
            for number in 1...runs {
                if number > 1 { try Interruption.pause(milliseconds: UInt32(clamping: pause)) }
                let run = MeasuredCommand(name: "control", arguments: arguments, cgroup: "calibrate-\(getpid())")
                let outcome = try MeasuredCommand.measure([run], client: client, root: root)
                try Interruption.check()
                guard let measurement = outcome.measurements.first, let ending = outcome.endings.first else { continue }
                guard ending.code == 0 else {
                    throw Failure(.benchmark, "run \(number) of \(runs) of the load: it ended with \(ending.code)")
                }
                done.append(Calibration.Run(measurement, in: outcome))
                say(
                    "run \(number) of \(runs): \(done.last?.joules.map { "\($0.figures) J, " } ?? "")"
                        + "\((done.last?.cpuS ?? 0).figures) s of CPU time")
                last = outcome
            }
            return Calibration(
                workload: Array(named), node: last.flatMap { AgentFacts($0.page).node },
                source: last?.window.source ?? "unknown", runs: done)
        }
        write(calibration.text, to: STDOUT_FILENO)
        do {
            try file?.replace(with: JSON(exactly: calibration).page)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.dataMissing, "write \(options["--json"] ?? ""): \(error)")
        }
        return 0
    }
}

extension Calibration.Run {
    fileprivate init(_ measurement: Measurement, in outcome: MeasuredCommand.Outcome) {
        let isCounted = outcome.window.source != "none"
        self.init(
            start: WindowDocument(outcome.window).start,
            joules: isCounted ? Ratio.joules(measurement.microjoules).value : nil,
            nodeJ: isCounted ? Ratio.joules(NodeUse(outcome.window).total).value : nil,
            cpuS: Ratio.seconds(measurement.cpuMicroseconds).value,
            wallS: Ratio.seconds(measurement.wallMicroseconds).value)
    }
}

extension Calibration {
    /// One line for each quantity, and the warnings below.
    fileprivate var text: String {
        var table = Table(headings: ["QUANTITY", "MEAN", "CV", "95 %", "DRIFT", "p", "5 RUNS SHOW", "10 RUNS SHOW"])
        for floor in floors {
            table.append([
                floor.metric, "\(floor.mean.figures) \(floor.unit)", floor.variation.value.percent,
                "\(floor.variation.lower.percent) to \(floor.variation.upper.percent)", floor.drift.signedPercent,
                floor.driftP.decimals(3), floor.detectable5?.percent ?? "-", floor.detectable10?.percent ?? "-",
            ])
        }
        var notes = warnings.map { "warning: \($0)\n" }
        if source == "none" { notes.append("note: the agent has no source of energy\n") }
        if source == "estimator" {
            notes.append("note: energy is an estimate from CPU time, so its noise is that of the CPU time\n")
        }
        return table.text + notes.joined()
    }
}
