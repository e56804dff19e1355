import Foundation
import Testing

/// The agent on Debian's kernels of 6.1.
@Suite(.enabled(if: Kernels.canBoot, "needs qemu-system-x86, busybox-static and cpio"), .serialized)
struct KernelTests {
    @Test(arguments: ["v2", "v1", "hybrid"])
    func measuresWhatTheKernelCounts(hierarchy: String) throws {
        let result = try #require(try Kernels.results.get()[hierarchy])
        #expect(result["verdict"] == "measured", "\(result)")
        #expect(result["kernel"]?.hasPrefix("6.1.") == true)
        for pod in ["ordinary", "mixed", "short", "fifo"] {
            let error = try #require(result[pod].flatMap(Double.init))
            let seconds = try #require(result["\(pod)-seconds"].flatMap(Double.init))
            #expect(abs(error) <= 2 && seconds > 0.1, "\(pod): \(error) % of \(seconds) s")
        }
        #expect(result["zone-uj"] == result["terms-uj"])
        let zone = try #require(result["zone-uj"].flatMap(Int.init))
        let simulated = try #require(result["simulated-uj"].flatMap(Int.init))
        #expect(abs(zone - simulated) <= 1 && simulated > 0)
    }

    @Test(arguments: ["v2", "v1", "hybrid"])
    func hasNoCapabilityLeftAndGoesOnMeasuring(hierarchy: String) throws {
        let result = try #require(try Kernels.results.get()[hierarchy])
        #expect(result["capabilities"] == "0000000000000000", "\(result)")
    }

    @Test(arguments: [
        ("no-cap-bpf", "load the BPF probe: Operation not permitted (needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN)"),
        (
            "no-cap-perfmon",
            "load the BPF probe: Operation not permitted (needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN)"
        ),
        (
            "no-btf",
            "read kernel BTF /sys/kernel/btf/vmlinux: No such file or directory"
                + " (needs a kernel built with CONFIG_DEBUG_INFO_BTF)"
        ),
        (
            "lockdown",
            "load the BPF probe: Invalid argument (the kernel lets no BPF program read its memory:"
                + " needs lockdown=integrity or none, not confidentiality)"
        ),
    ])
    func refusesInOneLine(reason: String, line: String) throws {
        let result = try #require(try Kernels.results.get()[reason])
        #expect(result["verdict"] == "refused" && result["exit"] == "3", "\(result)")
        #expect(result["line"] == "brahe-agent: \(line)")
    }
}

/// Debian's kernels, emulated: `Tests/Kernels/run --ci` boots them with the agent as it ships, and judges.
private enum Kernels {
    /// Whether there is an emulator. Where tests decide what is released, there has to be one.
    static var canBoot: Bool {
        ProcessInfo.processInfo.environment["CI"] != nil
            || ["/usr/bin/qemu-system-x86_64", "/bin/busybox", "/usr/bin/cpio"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: $0)
            }
    }

    /// What became of each case, by the name of the case: its line's values by key.
    static let results = Result { () throws -> [String: [String: String]] in
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let run = try Running(root + "/Tests/Kernels/run", ["--ci"])
        let code = run.wait()
        let text = (try? String(contentsOfFile: root + "/.build/kernels/results", encoding: .utf8)) ?? ""
        var results: [String: [String: String]] = [:]
        for line in text.split(separator: "\n") {
            let pairs = line.split(separator: "\t").dropFirst().map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            }
            let values = Dictionary(pairs) { first, _ in first }
            if let name = values["case"] { results[name] = values }
        }
        #expect(code == 0, "\(run.errorText)\n\(run.outputText)")
        return results
    }
}
