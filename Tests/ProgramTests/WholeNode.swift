import Exposition
import Foundation
import Glibc
import Node
import Testing

/// A node with one of everything that a page tells of: zones of all kinds, CPUs with a frequency, a pod with a name, a
/// virtual machine, processes, and a container that is gone.
final class WholeNode {
    let agent: AgentUnderTest
    /// The pod's container, at work in `process`.
    let container: TestCgroup
    let process: Running
    let machine: TestCgroup
    /// The id of the container that is gone.
    let gone: String
    private let simulator: Simulator
    private let logs: Scratch
    /// The container's cgroup in the v1 hierarchy that counts memory, where there is one.
    private let memory: String?

    static let uid = "0ddba11d-1234-4321-8888-\(String(TestCgroup.newID().prefix(12)))"
    /// What shows all there is.
    static let everything = [
        "--compat", "0.9,0.11,0.3", "--levels", "node,container,pod,process,vm", "--cadvisor", "on",
    ]

    /// Starts the agent on such a node, and takes a sample of all of it.
    init(_ arguments: [String] = everything) throws {
        simulator = try Simulator(package: 31, core: 17, dram: 5, uncore: 3, psys: 60, kilohertz: 2_400_000)
        logs = try Scratch()
        // Sampled only where the test asks for it, so that two pages can be of one sample.
        agent = try AgentUnderTest(
            ["--sysfs", simulator.root, "--pod-logs", logs.path, "--interval", "60s", "--name-wait", "100ms"]
                + arguments)
        container = try TestCgroup(pod: Self.uid)
        try Self.name(container, in: logs)
        memory = CgroupMounts(CgroupMount.mounted(below: nil)).memory
        if let memory { try container.make(in: memory) }
        machine = try TestCgroup(path: "/machine.slice/machine-qemu\\x2d7\\x2dguest.scope")
        let short = try TestCgroup()
        gone = short.id
        process = try container.start("i=0; while :; do i=$((i+1)); [ $((i % 5000)) -eq 0 ] && sleep 0.1; done")
        machine.work()
        short.work()
        short.remove()
        usleep(300_000)
        for _ in 0..<3 {
            _ = try agent.scrape()
            usleep(150_000)
        }
    }

    deinit {
        kill(process.pid, SIGKILL)
        _ = process.wait()
        if let memory { container.remove(in: memory) }
        simulator.stop()
    }

    /// What the kubelet does for a container: its pod's directory, its log, and the link to it.
    static func name(_ container: TestCgroup, in logs: Scratch) throws {
        let pod = "\(logs.path)/pods/shop_web-0_\(uid)/app"
        try FileManager.default.createDirectory(atPath: pod, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: logs.path + "/containers", withIntermediateDirectories: true)
        try "".write(toFile: pod + "/0.log", atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: "\(logs.path)/containers/web-0_shop_app-\(container.id).log", withDestinationPath: pod + "/0.log")
    }
}
