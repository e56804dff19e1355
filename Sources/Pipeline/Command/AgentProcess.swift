import CPipeline
import Glibc
import Host
import Pages

/// An agent that brahe started, on loopback, for the duration of one command.
struct AgentProcess: ~Copyable {
    /// How to reach it.
    let client: AgentClient
    private let child: Child
    private let log: Capture

    /// The options that are passed on to the agent.
    static let options = [
        Option(name: "--source", value: "NAME", help: "energy source: auto, powercap or estimator"),
        Option(name: "--sysfs", value: "PATH", help: "where sysfs is mounted (default /sys)"),
        Option(name: "--estimator-idle-watts", value: "W", help: "estimator: power of an idle CPU"),
        Option(name: "--estimator-busy-watts", value: "W", help: "estimator: power of a busy CPU"),
    ]

    /// The agent's command line for the options given, and says so if it has to name the estimator itself.
    static func arguments(_ options: Options) throws(Failure) -> [String] {
        _ = try options.number("--estimator-idle-watts")
        _ = try options.number("--estimator-busy-watts")
        var arguments: [String] = []
        for option in Self.options.map(\.name) + ["--cgroup"] {
            guard let value = options[option] else { continue }
            arguments += [option, value]
        }
        guard options["--source"] == nil else { return arguments }
        let pattern = (options["--sysfs"] ?? "/sys") + "/class/powercap/intel-rapl*"
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) != 0 else { return arguments + ["--source", "powercap"] }
        say("no energy counters at \(pattern); starting the agent with --source estimator")
        return arguments + ["--source", "estimator"]
    }

    /// Starts the agent and waits until it is ready; throws what it said if it ends instead.
    ///
    /// An agent whose port is taken is started again on any other if `elsewhere` allows it.
    init(_ arguments: [String], listen: String, elsewhere: Bool = false) throws(Failure) {
        let log = try Capture()
        let program = try Self.program()
        let child: Child
        do {
            child = try Child(
                [program, "--listen", listen, "--log-level", "info"] + arguments, stderr: log.descriptor, daemon: true)
        } catch {
            throw Failure(.configuration, "start \(program): \(errnoText(error.error))")
        }
        let portTaken: Int32 = 4
        for _ in 0..<1500 {
            if let ending = child.ending(within: 10) {
                if ending.code == portTaken, elsewhere {
                    self = try AgentProcess(arguments, listen: "127.0.0.1:0")
                    return
                }
                let last = log.text.split(separator: "\n").last ?? "it says nothing"
                throw Failure(.configuration, "start \(program): it ended with \(ending.code): \(last)")
            }
            guard let client = Self.address(in: log.text), client.ask("/readyz", timeout: 1000).status == 200 else {
                continue
            }
            self.client = client
            self.child = child
            self.log = log
            return
        }
        kill(child.pid, SIGKILL)
        _ = child.ending(within: 1000)
        throw Failure(.configuration, "start \(program): not ready after 15 s")
    }

    /// Ends the agent and waits for it.
    consuming func stop() {
        kill(child.pid, SIGTERM)
        guard child.ending(within: 2000) == nil else { return }
        say("the agent does not end on SIGTERM; killing it")
        kill(child.pid, SIGKILL)
        _ = child.ending(within: 1000)
    }

    private static func address(in log: String) -> AgentClient? {
        // The last line may be half written.
        guard let end = log.lastIndex(of: "\n") else { return nil }
        let whole = log[..<end]
        // The message is quoted in every format, and an address has neither quotes nor spaces.
        guard let mark = whole.firstRange(of: "listening on http") else { return nil }
        let url = whole[mark.lowerBound...].dropFirst("listening on ".count).prefix { !"\" \n".contains($0) }
        return AgentClient(url: String(url))
    }

    /// The agent beside this program, else the one along PATH.
    private static func program() throws(Failure) -> String {
        guard let resolved = realpath("/proc/self/exe", nil) else {
            throw Failure(.configuration, "resolve /proc/self/exe: \(errnoText())")
        }
        defer { free(resolved) }
        let own = String(cString: resolved)
        let sibling = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "brahe-agent"
        return access(String(sibling), X_OK) == 0 ? String(sibling) : "brahe-agent"
    }
}
