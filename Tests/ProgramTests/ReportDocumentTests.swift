import Foundation
import Reports
import Testing

/// docs/report.md says what there is, and `brahe trend` writes what it says.
@Suite struct ReportDocumentTests {
    private static let text: String = {
        (try? String(contentsOfFile: Here.checkout + "/docs/report.md", encoding: .utf8)) ?? ""
    }()

    private func brahe(_ arguments: [String], ends code: Int32 = 0) throws -> Running {
        let running = try Running(Here.program("brahe"), arguments)
        let ended = running.wait()
        #expect(ended == code, "\(running.outputText)\(running.errorText)")
        return running
    }

    @Test func theTableOfFilesHasEachFileOfAReportAndNoOther() throws {
        let section = try #require(Self.text.split(separator: "\n## ").first { $0.hasPrefix("The files") })
        let cells = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "|").first }
        let named = cells.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.output.1) } }
        #expect(Set(named) == Set(ReportFolder.names + ["SHA256SUMS"]))
        #expect(named.count == ReportFolder.names.count + 1)
    }

    @Test func eachOptionIsKnownToTheCommandThatHasIt() throws {
        // A command goes on where its line ends with a backslash.
        let lines = Self.text.replacing("\\\n", with: " ").split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let commands = lines.filter { $0.hasPrefix("$ brahe ") }.map { $0.dropFirst(8) }
        #expect(commands.count >= 8)
        var help: [Substring: String] = [:]
        func known(_ option: Substring, to command: Substring) throws -> Bool {
            let page = try help[command] ?? brahe([String(command), "--help"]).outputText
            help[command] = page
            return page.contains("  \(option) ") || page.contains("  \(option)\n")
        }
        for command in commands {
            let name = command.prefix { $0 != " " }
            for option in command.split(separator: " ") where option.hasPrefix("--") {
                #expect(try known(option, to: name), "brahe \(name) \(option)")
            }
        }
        // In the text they are those of `brahe report`; but one, which is said to be the agent's, and sha256sum's.
        let prose = lines.filter { !$0.hasPrefix("$ ") }.joined(separator: "\n")
        let others: Set<Substring> = ["--cadvisor", "--check"]
        for option in Set(prose.matches(of: /--[a-z-]+[a-z]/).map { $0.output }).subtracting(others) {
            #expect(try known(option, to: "report"), "\(option)")
        }
    }

    @Test func aTrendIsWrittenAsAPageAsMarkdownAndAsAPicture() throws {
        let folder = try Scratch()
        for (index, run) in [("1.9", 100.0), ("1.9", 102), ("1.10", 90), ("1.10", 92)].enumerated() {
            for config in ["ebpf", "kmod"] {
                let path = folder("runs/\(index)-\(config)")
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                let energy = """
                    {"gross_J": \(run.1), "lower_J": \(run.1), "upper_J": \(run.1), "Wh": 1, "kWh": 1, "mean_W": 1, "net": []}
                    """
                try """
                {"schema": "greenreview.run/v1", "run_id": "\(index)-\(config)", "status": "succeeded", "windows": [],
                  "benchmark": null, "trigger": null, "meta": null, "provenance": null,
                  "cncf_project": {"name": "shop", "org": "acme", "config": "\(config)", "version": "\(run.0)"},
                  "results": {"zone": "package", "primary": "project", "platform_max_W": 100, "metrics": [],
                    "consumers": [], "power": [], "energy": \(energy),
                    "scopes": [{"scope": "project", "pods": [], "unseen": [], "energy": \(energy)}]}}
                """.write(toFile: path + "/run.json", atomically: true, encoding: .utf8)
            }
        }
        let trend = ["trend", "--project", "shop", "--runs", folder("runs")]
        _ = try brahe(trend + ["--html", folder("t.html"), "--markdown", folder("t.md")])
        let page = try String(contentsOfFile: folder("t.html"), encoding: .utf8)
        #expect(page.contains("<h1>shop: energy over versions</h1>") && page.contains("<h2>kmod</h2>"))
        let markdown = try String(contentsOfFile: folder("t.md"), encoding: .utf8)
        #expect(markdown.contains("- ebpf: 1.10 has 91 J, \u{2212}9.9 % against 1.9."), "\(markdown)")
        _ = try brahe(trend + ["--config", "ebpf", "--svg", folder("t.svg")])
        #expect(try String(contentsOfFile: folder("t.svg"), encoding: .utf8).contains("shop ebpf: energy"))
        #expect(try brahe(trend + ["--svg", folder("t.svg")], ends: 2).errorText.contains("choose with --config"))
    }
}
