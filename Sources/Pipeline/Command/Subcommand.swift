import Host

/// One word of brahe's command line.
struct Subcommand: Sendable {
    /// The word.
    let name: String
    /// One line for the list of commands.
    let summary: String
    /// What follows the word, for the first line of its help.
    let usage: String
    /// The options it knows, besides --help.
    let options: [Option]
    /// False for a command that brahe starts itself.
    var listed = true
    /// Does the work; returns the exit code.
    let run: @Sendable (Options) throws(Failure) -> Int32

    /// All of them, in the order of the help.
    static let all = [
        pipeline, plan, deploy, run, cleanup, resume, status, trigger, report, runs, trend, compare, query, measure,
        calibrate, demo, workload,
    ]

    /// The page behind `brahe NAME --help`.
    var help: String {
        var table = HelpList(rows: options.map { [$0.name + ($0.value.map { " " + $0 } ?? ""), $0.help] })
        table.rows.append(["--help", "this page"])
        return "usage: brahe \(name) \(usage)\n\n\(summary).\n\noptions:\n\(table.text)"
    }

    /// The page behind `brahe --help`.
    static var overview: String {
        let commands = HelpList(rows: all.filter { $0.listed }.map { [$0.name, $0.summary] })
        return """
            brahe measures the energy of programs, and of projects in a cluster.

            usage: brahe COMMAND [OPTIONS]
                   brahe COMMAND --help | --help | --version

            commands:
            \(commands.text)
            exit codes:
              0    done
              2    an option or a command that is not known
              3    a file, a manifest, a tool, a permission or the agent is missing or makes no sense
              4    another run has the lock, or one that ended has not been cleaned up
              5    GitHub refuses, does not answer, or does not start what was dispatched
              6    the cluster does not answer, or what was deployed is not ready in time
              7    the benchmark failed, or a pod died while it was measured
              8    data missing: from the agent's pages, or the disk would not take it
              9    something of the run may still be in the cluster
              10   compare: an arm uses more than the baseline, a regression of the primary metric
              11   compare --require-verdict: no verdict on the primary metric
              126  measure: the command cannot be executed
              127  measure: the command was not found
              129, 130, 143  ended by SIGHUP, SIGINT or SIGTERM, after cleaning up
              else measure: the command's own exit code; 128 plus the signal that ended it

            """
    }
}

/// Two columns of help, both to the left.
private struct HelpList {
    var rows: [[String]]

    var text: String {
        let width = rows.map { $0[0].count }.max() ?? 0
        return rows.map { "  \($0[0])\(String(repeating: " ", count: width - $0[0].count))  \($0[1])\n" }.joined()
    }
}
