import Attribution
import CAgent
import Glibc
import Node
import YAML

/// The agent: opens everything, then samples and serves until a signal ends it.
@main
struct Agent {
    /// The documented exit codes.
    private enum Exit {
        static let options: Int32 = 2
        static let machine: Int32 = 3
        static let portInUse: Int32 = 4
    }

    static func main() {
        let options: Options
        do {
            options = try Options(
                arguments: Array(CommandLine.arguments.dropFirst()),
                environment: { getenv($0).map { String(cString: $0) } })
        } catch {
            fail("\(error)", Exit.options)
        }
        switch options.command {
        case .help: say(Options.help)
        case .version: say("brahe-agent \(NodeFacts.currentVersion)")
        case .config: say(options.effective)
        case .run: Log.start(level: options.logLevel, format: options.logFormat)
        }

        // Signals are taken by the loop, never by a handler.
        let stop = termination_descriptor()
        signal(SIGPIPE, SIG_IGN)

        let topology = Topology(sysfs: options.sysfs)
        let source = openSource(options, topology)
        if let unknown = options.unknownZone(of: source) { fail(unknown, Exit.options) }
        let tree: CgroupTree
        do { tree = try CgroupTree(options.cgroupHierarchy, root: options.cgroup) } catch {
            fail("\(error)", Exit.machine)
        }
        guard access(tree.mount, R_OK | X_OK) == 0 else {
            fail("\(SystemError("read the cgroup tree \(tree.mount)"))", Exit.machine)
        }
        var web: WebAccess?
        do { web = try options.webConfig.map { path throws(YAML.Malformed) in try WebAccess(path: path) } } catch {
            fail("\(error)", Exit.options)
        }
        let names: PodNames
        do { names = try options.podNames() } catch { fail("\(error)", Exit.options) }
        var listeners: [Listener] = []
        do { for address in options.listen { listeners.append(try Listener(address)) } } catch {
            for listener in listeners { listener.remove() }
            fail("\(error)", error.errno == EADDRINUSE ? Exit.portInUse : Exit.machine)
        }
        do {
            let sampler = Sampler(
                source: source, probe: try options.probe(topology, tree), tree: tree, topology: topology,
                online: OnlineCPUs(sysfs: options.sysfs, topology: topology), names: names,
                settings: options.sampling)
            let about = NodeFacts.current(name: options.nodeName)
            let server = try Server(
                listeners: listeners, sampler: sampler, about: about, content: options.content, web: web,
                metricsPath: options.webPath)
            let kept = try Privileges.giveUp { sampler.probe.isReachable }
            // Only now: an agent that cannot go on ends with one line.
            announce(source, options)
            Log.info("gave up all capabilities" + (kept.isEmpty ? "" : " but \(kept.joined(separator: " and "))"))
            for url in server.urls { Log.info("listening on \(url)") }
            loop(sampler, server, every: options.interval, until: stop)
        } catch {
            for listener in listeners { listener.remove() }
            fail("\(error)", Exit.machine)
        }
    }

    /// Chooses what meters energy.
    private static func openSource(_ options: Options, _ topology: Topology) -> EnergySource {
        if options.source == .estimator {
            return .estimator(
                Estimator(
                    topology: topology, idleMicrowatts: options.estimatorIdleMicrowatts,
                    busyMicrowatts: options.estimatorBusyMicrowatts))
        }
        guard Powercap.isPresent(sysfs: options.sysfs) else {
            if options.source == .powercap { fail("read RAPL: \(noZone(options))", Exit.machine) }
            return .none
        }
        do { return .powercap(try Powercap(sysfs: options.sysfs, topology: topology, kinds: options.zones)) } catch {
            fail("read RAPL: \(error)", Exit.machine)
        }
    }

    /// Says in one line what meters energy.
    private static func announce(_ source: EnergySource, _ options: Options) {
        switch source {
        case .powercap(let powercap):
            let names = powercap.zones.map { "\($0.kind.rawValue)-\($0.package)" }.joined(separator: ", ")
            Log.info("source powercap: \(names)")
        case .estimator:
            let idle = watts(options.estimatorIdleMicrowatts)
            let busy = watts(options.estimatorBusyMicrowatts)
            Log.warn(
                "source estimator: joules are an ESTIMATE from CPU time, \(idle) W an idle CPU and \(busy) W more a"
                    + " busy one, not a measurement")
        case .none:
            Log.warn("source none: \(noZone(options)), so CPU time and no joules (--source estimator estimates)")
        }
    }

    private static func noZone(_ options: Options) -> String {
        "no intel-rapl zone under \(options.sysfs)/class/powercap"
    }

    /// Samples at fixed instants and serves in between, until SIGTERM or SIGINT.
    private static func loop(_ sampler: Sampler, _ server: Server, every interval: UInt64, until stop: Int32) {
        var due = Clock.monotonic + interval
        var serverWait: Int32 = 0
        while true {
            var now = Clock.monotonic
            if now >= due {
                sampler.sample()
                now = Clock.monotonic
                // A late sample does not drag the next ones along; a long pause is not made up for.
                due += interval * max(1, (now - due + interval - 1) / interval)
            }
            let untilDue = due - now
            let wait = serverWait >= 0 ? min(untilDue, UInt64(serverWait) * 1_000_000) : untilDue
            if wait_readable(stop, server.descriptor, sampler.namesDescriptor, wait) { break }
            sampler.pollNames()
            serverWait = server.run()
        }
        server.stop()
        close(stop)
    }

    private static func watts(_ microwatts: UInt64) -> String { "\(Double(microwatts) / 1e6)" }

    private static func say(_ text: String) -> Never {
        print(text, terminator: text.hasSuffix("\n") ? "" : "\n")
        exit(0)
    }

    private static func fail(_ message: String, _ code: Int32) -> Never {
        Log.fatal(message)
        exit(code)
    }
}
