import Course
import Glibc
import Host
import Runs
import Stages

extension Subcommand {
    static let cleanup = Subcommand(
        name: "cleanup",
        summary: "Takes everything of a run out of the cluster, and sees that nothing is left",
        usage: "RUN [OPTIONS] | --sweep [OPTIONS]",
        options: PipelineOptions.resumption + PipelineOptions.cluster + [
            PipelineOptions.leaseNamespace,
            Option(name: "--sweep", value: nil, help: "every unfinished run, by its journal and by its label"),
            Option(
                name: "--cleanup-timeout", value: "TIME", help: "with --sweep: until the cluster is clean (default 10m)"
            ),
        ],
        run: performCleanup)

    private static func performCleanup(_ options: Options) throws(Failure) -> Int32 {
        let runs = PipelineOptions.runs(options)
        guard options["--sweep"] != nil else {
            guard let name = options.operands.first, options.operands.count == 1 else {
                throw Failure(.usage, "cleanup wants a run, or --sweep; see brahe status")
            }
            let progress = try Progress.usual(format: options["--log-format"])
            return try Assembly(RunFolder.find(name, in: runs)).lead(to: .clear, progress)
        }
        try refuseOperands(of: options)
        return try sweep(options, in: runs)
    }

    /// Clears what journals tell of first, then what labels in the cluster do; the first failure does not keep from
    /// the rest.
    private static func sweep(_ options: Options, in runs: String) throws(Failure) -> Int32 {
        let cluster = try PipelineOptions.clusterOf(options, project: nil, Surroundings())
        var first: Int32 = 0
        for folder in RunFolder.all(in: runs) {
            do {
                let journal = try folder.readJournal()
                // Who was refused the lock has done nothing, and need not ask for it again.
                let wasRefused = journal.isUntouched && journal.refusal != nil
                guard journal.isUnfinished, !wasRefused, !folder.isAlive else { continue }
                say("clearing run \(folder.id), which its journal tells of")
                let progress = try Progress.usual(format: options["--log-format"])
                let code = try Assembly(folder).lead(to: .clear, progress)
                first = first == 0 ? code : first
            } catch {
                say(error.message)
                first = first == 0 ? error.exit.rawValue : first
            }
        }
        Interruption.hold()
        let limit = try options.duration("--cleanup-timeout") ?? 600_000
        let living = RunFolder.all(in: runs).filter(\.isAlive).map(\.id)
        let lease = PipelineOptions.leaseNamespace(options)
        try Sweep(cluster, leaseNamespace: lease, sparing: Set(living), limit: limit).perform { say($0) }
        return first
    }
}
