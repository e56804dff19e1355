import Exposition
import Foundation
import Glibc
import Testing

@testable import Agent

/// The Debian packages of both programs: what is in them, and the agent's installed on a machine that boots.
@Suite(.enabled(if: geteuid() == 0, "needs root"), .serialized)
struct DebianPackageTests {
    /// Runs a program of the checkout or of the system to its end; what it printed.
    private static func output(_ program: String, _ arguments: [String]) throws -> String {
        let path = program.hasPrefix("/") ? program : "\(Here.checkout)/\(program)"
        let running = try Running(path, arguments)
        guard running.wait() == 0 else {
            throw Missing(what: "\(program): \(running.outputText)\n\(running.errorText)")
        }
        return running.outputText
    }

    /// The packages, by name, in a folder of their own: the programs are the released ones.
    private static func pack(into folder: Scratch) throws -> [String: String] {
        let made = try output("deploy/deb/pack", [Here.checkout + "/.build/release", folder.path])
        let paths = made.split(separator: "\n").map(String.init)
        return Dictionary(
            uniqueKeysWithValues: try paths.map {
                (try output("/usr/bin/dpkg-deb", ["--field", $0, "Package"]).trimmingCharacters(in: .newlines), $0)
            })
    }

    private static func files(of package: String) throws -> [String: String] {
        let lines = try output("/usr/bin/dpkg-deb", ["--contents", package]).split(separator: "\n")
        let rows = lines.map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        return Dictionary(
            uniqueKeysWithValues: rows.filter { !$0[0].hasPrefix("d") }.map {
                (String($0[5].dropFirst()), "\($0[0]) \($0[1])")
            })
    }

    @Test func theSameProgramsGiveTheSamePackages() throws {
        let (one, other) = (try Scratch(), try Scratch())
        let first = try Self.pack(into: one)
        let second = try Self.pack(into: other)
        #expect(Set(first.keys) == ["brahe-agent", "brahe"])
        for (name, path) in first {
            #expect(
                try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: #require(second[name]))))
        }

        let agent = try #require(first["brahe-agent"])
        let (program, file) = ("-rwxr-xr-x root/root", "-rw-r--r-- root/root")
        #expect(
            try Self.files(of: agent) == [
                "/etc/brahe/agent.yaml": file, "/lib/systemd/system/brahe-agent.service": file,
                "/usr/bin/brahe-agent": program, "/usr/share/doc/brahe-agent/changelog.gz": file,
                "/usr/share/doc/brahe-agent/copyright": file, "/usr/share/man/man1/brahe-agent.1.gz": file,
            ])
        #expect(
            try Self.files(of: #require(first["brahe"])) == [
                "/usr/bin/brahe": program, "/usr/share/doc/brahe/changelog.gz": file,
                "/usr/share/doc/brahe/copyright": file, "/usr/share/man/man1/brahe.1.gz": file,
            ])
        let depends = try Self.output("/usr/bin/dpkg-deb", ["--field", agent, "Depends"])
        #expect(depends.contains("libbpf1 (>=") && !depends.contains("swift"))
        #expect(try Self.output("/usr/bin/dpkg-deb", ["--info", agent, "conffiles"]) == "/etc/brahe/agent.yaml\n")
        try configurationSaysTheDefaults(one, agent)
    }

    /// The shipped configuration names every option; where its lines count, they change nothing.
    private func configurationSaysTheDefaults(_ folder: Scratch, _ package: String) throws {
        _ = try Self.output("/usr/bin/dpkg-deb", ["--extract", package, folder("unpacked")])
        let text = try String(contentsOfFile: folder("unpacked/etc/brahe/agent.yaml"), encoding: .utf8)
        let shipped = try folder.write("shipped", text)
        let standard = try Options(arguments: [], environment: { _ in nil })
        #expect(
            try Options(arguments: ["--config", shipped], environment: { _ in nil }).effective == standard.effective)

        var lines: [String] = []
        for setting in standard.settings where setting.option.name != Option.config.name {
            let name = setting.option.name
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("#\(name): ") }, "\(name)")
            if !setting.given.isEmpty, name != "node-name" { lines.append(String(line.dropFirst())) }
        }
        let counting = try folder.write("counting", lines.joined(separator: "\n"))
        let values = { (options: Options) in
            options.settings.filter { $0.option.name != Option.config.name }.map { $0.given.map(\.text) }
        }
        #expect(try values(Options(arguments: ["--config", counting], environment: { _ in nil })) == values(standard))
    }

    /// A node's life under Debian's kernel and systemd: Tests/Guest/debian-package leads it, what it tells is checked.
    @Test(.enabled(if: access("/usr/bin/qemu-system-x86_64", X_OK) == 0, "needs qemu-system-x86"))
    func aFreshMachineRunsTheService() throws {
        let folder = try Scratch()
        let agent = try #require(Self.pack(into: folder)["brahe-agent"])
        let depends = try Self.output("/usr/bin/dpkg-deb", ["--field", agent, "Depends"])
        let names = depends.split(separator: ",").compactMap { $0.split(separator: " ").first }
        _ = try Self.output("Tests/Guest/make", names.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) })
        let guest = "\(Here.checkout)/Tests/Guest"
        let told = try Self.output("Tests/Guest/boot", ["\(guest)/debian-package", "\(guest)/rapl", agent])
        var sections: [String: [String]] = [:]
        var section = ""
        for line in told.split(separator: "\n").map(String.init) {
            if line.hasPrefix("== ") {
                section = String(line.dropFirst(3))
            } else {
                sections[section, default: []].append(line)
            }
        }

        #expect(sections["machine"]?.first?.hasPrefix("6.1.") == true)
        #expect(sections["machine"]?.dropFirst() == ["cgroup2fs", "systemd"])
        #expect(sections["installed"] == ["200", "active", "enabled"])
        // 0xc000000000 is CAP_BPF and CAP_PERFMON: a bounding set, which takes CAP_SETPCAP to empty.
        #expect(
            sections["process"] == [
                "Uid: 0 0 0 0", "CapPrm: 0000000000000000", "CapEff: 0000000000000000", "CapBnd: 000000c000000000",
                "NoNewPrivs: 1", "Seccomp: 2",
            ])
        #expect(try #require(sections["exposure"]?.first.flatMap { Double($0) }) < 2)

        let page = try Scrape(try #require(sections["measured"]).joined(separator: "\n") + "\n")
        let path = "/system.slice/busy.service"
        let seconds = try #require(page.value(named: "brahe_cgroup_cpu_seconds_total", labels: ["path": path]))
        let kernel = try #require(sections["kernel"]?.first.flatMap { Double($0) }) / 1e6
        #expect(kernel > 0.5 && abs(seconds - kernel) < kernel / 100, "\(seconds) s, cpu.stat has \(kernel) s")
        let joules = try #require(
            page.value(named: "brahe_cgroup_joules_total", labels: ["path": path, "zone": "package"]))
        let zone = try #require(
            page.value(named: "brahe_zone_joules_total", labels: ["zone": "package", "package": "0"]))
        #expect(joules > 0 && joules < zone)

        #expect(sections["killed"] == ["200", "1"])
        #expect(sections["upgraded"] == ["200", "restarted", "sysfs: /run/rapl"])
        #expect(sections["mistaken"] == ["failed", "2", "0", "200"])
        #expect(sections["stopped"] == ["inactive", "success", "0"])
        #expect(sections["purged"] == ["no process"])
    }
}
