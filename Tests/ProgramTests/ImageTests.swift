import Exposition
import Foundation
import Glibc
import Host
import Testing

/// The image, and the agent run from it by containerd and runc as the manifest says. What stands in: RAPL, and a kubelet.
@Suite(
    .enabled(
        if: Here.canLoadProbe && ImageUnderTest.canBeMade,
        "needs root, kernel BTF, `make build`, debootstrap, buildah and containerd"),
    .serialized)
struct ImageTests {
    // MARK: The image

    /// Whatever the place, the time and the file mode mask are.
    @Test func theSameAgentGivesTheSameDigestAgain() throws {
        let first = try ImageUnderTest.shared()
        let files = try Scratch()
        let copy = files("agent")
        try FileManager.default.copyItem(atPath: ImageUnderTest.agent, toPath: copy)
        chmod(copy, 0o700)
        utime(copy, nil)
        let mask = umask(0o077)
        let second = try ImageUnderTest(copy, environment: ["TZ=Asia/Tokyo", "LC_ALL=C.UTF-8"])
        umask(mask)
        #expect(first.digest == second.digest)
        #expect(first.config == second.config)
    }

    @Test func itIsADebianThatScannersCanRead() throws {
        let image = try ImageUnderTest.shared()
        #expect(image.config.config.user == "0:0")
        #expect(image.config.config.entrypoint == ["/usr/bin/brahe-agent"])
        #expect(image.config.config.exposedPorts.keys.sorted() == ["9102/tcp"])
        // Each file that dpkg knows of is there and has its sum, and every library has its package.
        let verified = try Tool(["dpkg", "--root=\(image.root)", "--verify"]).run(within: 30_000)
        #expect(verified.code == 0 && verified.output.isEmpty && verified.errors.isEmpty, "\(verified)")
        let libraries = try Tool(["find", image.root + "/usr/lib", "-name", "*.so.*", "-printf", "*/%f\n"])
            .run(within: 5000).output.split(separator: "\n").map(String.init)
        #expect(libraries.count > 30)
        let owners = try Tool(["dpkg-query", "--admindir=\(image.root)/var/lib/dpkg", "-S"] + libraries)
            .run(within: 30_000)
        #expect(owners.code == 0, "\(owners.errors)")
        // Nobody can run anything else in it, nor become somebody else.
        let programs = try Tool([
            "find", image.root, "-type", "f", "(", "-path", "*/bin/*", "-o", "-perm", "/6000", ")", "-printf",
            "%m /%P\n",
        ]).run(within: 5000)
        #expect(programs.output == "755 /usr/bin/brahe-agent\n")
        let size = try Tool(["du", "-sb", image.root]).run(within: 5000).output.prefix { $0.isNumber }
        #expect(try #require(Int(size)) < 40_000_000)
    }

    /// Its stages cannot be run where there is no registry; what they say can be compared.
    @Test func theContainerfileSaysTheSame() throws {
        let image = try ImageUnderTest.shared()
        let file = try String(contentsOfFile: Here.checkout + "/deploy/image/Containerfile", encoding: .utf8)
        #expect(file.hasSuffix("\nUSER 0:0\nEXPOSE 9102/tcp\nENTRYPOINT [\"/usr/bin/brahe-agent\"]\n"))
        #expect(image.config.config.labels.count == 5)
        for (key, value) in image.config.config.labels { #expect(file.contains(" \(key)=\"\(value)\""), "\(key)") }
        // What its last stage installs: the packages of what the program links, but those that every Debian has.
        let installed = try #require(file.components(separatedBy: "--no-install-recommends ca-certificates").last)
        let named = installed.prefix { $0 != "&" }.split { $0.isWhitespace || $0 == "\\" }.map(String.init)
        let linked = try Tool(["readelf", "-d", ImageUnderTest.agent]).run(within: 5000).output.split(separator: "\n")
            .filter { $0.contains("(NEEDED)") }.compactMap { $0.split(separator: "[").last?.dropLast() }
        let owners = try Tool(
            ["dpkg-query", "--admindir=\(image.root)/var/lib/dpkg", "-S"] + linked.map { "*/\($0)" }
        ).run(within: 30_000).output.split(separator: "\n").compactMap {
            $0.split(separator: ":").first.map(String.init)
        }
        #expect(Set(named) == Set(owners).subtracting(["libc6", "libgcc-s1"]).union(["libcurl4"]))
    }

    // MARK: The container

    @Test func asTheManifestHasItItMeasuresAndHasNoRightsLeft() throws {
        let simulator = try Simulator(package: 31, core: 17, dram: 5)
        defer { simulator.stop() }
        let logs = try PodLogTree()
        let (shop, own) = (
            TestPod(name: "web-0", namespace: "shop"), TestPod(name: "brahe-agent-x", namespace: "brahe")
        )
        let manifest = try ContainerManifest(node: "a-node", logs: logs.path, sysfs: simulator.root)
        let image = try ImageUnderTest.shared()
        #expect(manifest.image == image.name)
        let containerd = try ContainerdUnderTest(image)
        let id = TestCgroup.newID()
        try logs.add(own, container: "agent", id: id)
        let cgroup = "/kubepods/burstable/pod\(own.uid)/\(id)"

        let start = ContinuousClock.now
        let agent = try containerd.start(manifest, id: id, cgroup: cgroup)
        while try agent.request("GET", "/readyz").status != 200 { usleep(1000) }
        let ready = start.duration(to: .now)
        let first = try agent.page()
        let sinceStart = first.sum("brahe_sample_timestamp_seconds") - first.sum("process_start_time_seconds")

        let app = try TestCgroup(pod: shop.uid)
        try logs.add(shop, container: "app", id: app.id)
        let work = try app.start("exec \(Here.program("brahe")) workload steady --seconds 2")
        #expect(work.wait() == 0, "\(work.errorText)")
        let due = try app.usage()
        let page = try agent.await("the pod's name") { page in
            page.series(of: app.id).contains { $0.labels["pod_name"] == shop.name }
        }
        let ours = try #require(page.milliseconds(of: app.id)) * 1000
        #expect(due > 200_000 && abs(ours - due) <= due * 0.02, "ours \(ours) us, the kernel's \(due) us")
        for zone in ["package", "core", "dram"] {
            #expect(
                try page.microjoules("kepler_container_\(zone)_joules_total", ["container_id": app.id]) > 0,
                "\(zone)")
        }
        #expect(try page.zonesEqualTheirTerms())
        #expect(page.all("kepler_container_joules_total", ["container_id": id, "pod_name": own.name]).count > 0)
        #expect(!page.all("kepler_node_package_joules_total", ["instance": "a-node"]).isEmpty)

        let pid = try containerd.pid(id)
        try rightsAreGone(of: pid)
        nothingCanBeWritten(in: pid)
        let peak = try containerd.peakMemory(of: cgroup)
        #expect(peak < manifest.memory)
        #expect(ready < .seconds(20))
        print(
            "First sample: \(sinceStart) s after the agent's start, \(ready) after `ctr run`; \(peak >> 10) KiB at most."
        )
    }

    /// Of what it is given, nothing is too much.
    @Test(arguments: ["CAP_BPF", "CAP_PERFMON"])
    func withoutOneOfItsCapabilitiesItEndsAndSaysSo(capability: String) throws {
        let logs = try PodLogTree()
        let manifest = try ContainerManifest(node: "a-node", logs: logs.path)
        #expect(manifest.options.filter { $0 == "--cap-add" }.count == 2)
        let containerd = try ContainerdUnderTest(ImageUnderTest.shared())
        let error = #expect(throws: Missing.self) {
            _ = try containerd.start(
                manifest.dropping(capability), id: TestCgroup.newID(), cgroup: "/kubepods/pod\(Here.podUID())/a")
        }
        #expect(error?.what.contains("load the BPF probe: Operation not permitted") == true, "\(error?.what ?? "")")
    }

    /// libcurl, which the agent loads itself, and all that it needs are in the image.
    @Test func itAsksAKubeletForNamesFromWithinTheImage() throws {
        let logs = try PodLogTree()
        let kubelet = try TestKubelet()
        let pod = TestPod(name: "web-0", namespace: "shop")
        let manifest = try ContainerManifest(node: "a-node", logs: logs.path)
        let containerd = try ContainerdUnderTest(ImageUnderTest.shared())
        let files = (try #require(kubelet.options.last) as NSString).deletingLastPathComponent
        let agent = try containerd.start(
            manifest, id: TestCgroup.newID(), cgroup: "/kubepods/pod\(Here.podUID())/a",
            more: ["--mount", "type=bind,src=\(files),dst=\(files),options=rbind:ro"], arguments: kubelet.options)
        let app = try TestCgroup(pod: pod.uid)
        try kubelet.list(pod, container: "app", id: app.id)
        app.work()
        _ = try agent.await("the pod's name") { page in
            page.series(of: app.id).contains { $0.labels["pod_name"] == pod.name }
        }
    }

    private func rightsAreGone(of pid: pid_t) throws {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
        let status = Dictionary(lines.map { ("\($0[0])", $0.dropFirst().joined(separator: " ")) }) { $1 }
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] { #expect(status[set] == "0000000000000000", "\(set)") }
        // What it could be given by a program with file capabilities, of which there is none, and no_new_privs forbids it.
        let bound = try #require(status["CapBnd:"].flatMap { UInt64($0, radix: 16) })
        #expect(bound & ~(1 << 38 | 1 << 39) == 0)
        #expect(status["NoNewPrivs:"] == "1")
        #expect(status["Seccomp:"] == "2")
        #expect(status["Uid:"] == "0 0 0 0")
        // Its processes are its own.
        let here = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/pid") != here)
    }

    /// To the host's root, with every capability, its mounts are read-only.
    private func nothingCanBeWritten(in pid: pid_t) {
        let mounts = ["/sys/class", "/sys/devices", "/cgroup", "/log/pods", "/log/containers"].map { "/host" + $0 }
        for folder in ["", "/etc", "/tmp", "/var/log", "/host", "/host/sys", "/host/log"] + mounts {
            let file = open("/proc/\(pid)/root\(folder)/new", O_CREAT | O_WRONLY, 0o600)
            #expect(file == -1 && errno == EROFS, "\(folder)/new: \(String(cString: strerror(errno)))")
            if file >= 0 { close(file) }
        }
    }
}
