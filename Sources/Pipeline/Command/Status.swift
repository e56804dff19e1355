import Documents
import Glibc
import Host
import Runs

extension Subcommand {
    static let status = Subcommand(
        name: "status",
        summary: "Shows how runs of the pipeline stand and what is left to do",
        usage: "[RUN] [--runs DIR] [--json]",
        options: [
            runsOption,
            Option(name: "--json", value: nil, help: "print JSON"),
        ],
        run: performStatus)

    /// Where the folders of runs are, for every command that deals with runs.
    static let runsOption = Option(name: "--runs", value: "DIR", help: "where the runs' folders are (default runs)")

    private static func performStatus(_ options: Options) throws(Failure) -> Int32 {
        let runs = options["--runs"] ?? "runs"
        let isJSON = options["--json"] != nil
        guard options.operands.count < 2 else {
            throw Failure(.usage, "status wants one run at most; see brahe status --help")
        }
        if let name = options.operands.first {
            let folder = try RunFolder.find(name, in: runs)
            let status = try RunStatus(folder)
            let history = try folder.readJournal().history
            write(isJSON ? status.json.page : status.text(history, now: .now), to: STDOUT_FILENO)
            return 0
        }
        let all = RunStatus.all(in: runs)
        if isJSON {
            write(JSON.object(["runs": .array(all.map(\.json))]).page, to: STDOUT_FILENO)
        } else if all.isEmpty {
            write("no runs in \(runs)\n", to: STDOUT_FILENO)
        } else {
            write(RunStatus.table(all, now: .now), to: STDOUT_FILENO)
        }
        return all.contains { $0.state == "unreadable" } ? Failure.Exit.configuration.rawValue : 0
    }
}
