import CPipeline
import Exposition
import Glibc
import Host
import Pages
import Review

/// A command to be measured and the cgroup that is made for it.
struct MeasuredCommand {
    /// What to call it in a table.
    let name: String
    /// The program and its arguments.
    let arguments: [String]
    /// The cgroup's name below `brahe`.
    let cgroup: String
    /// Where its stdout goes; -1 leaves brahe's own.
    var stdout: Int32 = -1

    /// What came of the runs of one window.
    struct Outcome {
        let window: Window
        /// The agent's page at the window's end, for what it says of itself.
        let page: String
        let measurements: [Measurement]
        let endings: [Child.Ending]
    }

    /// Runs the commands at the same time, each in its cgroup, between two samples of the agent.
    ///
    /// The first sample precedes every command and the second follows the last one's end, so nothing of them falls
    /// outside the window. The cgroups are removed in any case.
    static func measure(_ runs: [MeasuredCommand], client: AgentClient, root: String) throws(Failure) -> Outcome {
        var cgroups: [Cgroup] = []
        defer { for cgroup in cgroups { cgroup.remove() } }
        for run in runs { cgroups.append(try Cgroup(root: root, name: run.cgroup)) }
        let first = try client.edge()
        let children = try start(runs, in: cgroups)
        var statuses = [Int32](repeating: 0, count: runs.count)
        var ended = [UInt64](repeating: 0, count: runs.count)
        let error = cpipeline_wait(children.map(\.pid), &statuses, &ended, runs.count)
        guard error == 0 else { throw Failure(.configuration, "wait for the command: \(errnoText(error))") }
        let second = try client.edge()
        let window: Window
        do {
            window = try Window(from: Scrape(first), to: Scrape(second))
        } catch {
            throw Failure(.dataMissing, "compare two pages of \(client.url): \(error)")
        }
        let measurements = runs.indices.map { index in
            Measurement(
                name: runs[index].name, cgroup: cgroups[index].path,
                wallMicroseconds: (ended[index] - children[index].started) / 1000, window: window)
        }
        return Outcome(
            window: window, page: second, measurements: measurements, endings: statuses.map { Child.Ending(status: $0) }
        )
    }

    private static func start(_ runs: [MeasuredCommand], in cgroups: [Cgroup]) throws(Failure) -> [Child] {
        var children: [Child] = []
        for (run, cgroup) in zip(runs, cgroups) {
            do {
                children.append(try Child(run.arguments, procs: cgroup.procs, stdout: run.stdout))
            } catch {
                for child in children {
                    kill(child.pid, SIGKILL)
                    _ = child.ending(within: 1000)
                }
                throw failure(error, of: run.arguments.first ?? "", in: cgroup)
            }
        }
        return children
    }

    private static func failure(_ error: Child.NotStarted, of program: String, in cgroup: Cgroup) -> Failure {
        let reason = errnoText(error.error)
        guard error.step == CPIPELINE_EXEC else {
            let what = error.step == CPIPELINE_CGROUP ? "enter \(cgroup.procs)" : "start \(program)"
            return Failure(.configuration, "\(what): \(reason)")
        }
        return Failure(error.error == ENOENT ? .notFound : .notExecutable, "run \(program): \(reason)")
    }
}
