import CPipeline
import Glibc
import Host

/// A shape of load for the demo, all of it in C: what is measured shall not be Swift's runtime.
enum Workload: String, CaseIterable {
    /// One CPU at full speed.
    case steady
    /// One CPU for 100 ms of every 300.
    case bursty
    /// Processes of 1 to 2 ms, one after another: too short for anyone who reads /proc now and then.
    case storm
}

extension Subcommand {
    static let workload = Subcommand(
        name: "workload",
        summary: "Loads the machine in the shape steady, bursty or storm",
        usage: "SHAPE --seconds N",
        options: [Option(name: "--seconds", value: "N", help: "how long (default 8)")],
        listed: false,
        run: performWorkload)

    private static func performWorkload(_ options: Options) throws(Failure) -> Int32 {
        guard let word = options.operands.first, let shape = Workload(rawValue: word), options.operands.count == 1
        else {
            throw Failure(.usage, "workload wants one of \(Workload.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let seconds = try options.number("--seconds") ?? 8
        switch shape {
        case .steady: cpipeline_steady(seconds)
        case .bursty: cpipeline_bursty(seconds)
        case .storm:
            let children = cpipeline_storm(seconds)
            guard children >= 0 else { throw Failure(.configuration, "fork a child of the storm: \(errnoText())") }
            write("The storm ran \(children) processes.\n", to: STDOUT_FILENO)
        }
        return 0
    }
}
