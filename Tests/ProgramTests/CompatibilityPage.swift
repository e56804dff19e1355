@testable import Agent

/// The text of docs/compat.md.
struct CompatibilityPage {
    private var text = ""

    private init() {}

    /// The page, from the inventory and from what the agent itself says of Kepler's options.
    static func rendered() -> String {
        var page = CompatibilityPage()
        page.say(
            """
            # What Kepler has, and what became of it

            Written by a test, which holds every row against a running agent's page; do not edit: `make docs`.

            *present*: here, with the same name, type and labels. *renamed*: under another name. *refused*: needs a sensor or
            counter that this agent does not have; it is then absent, never a zero. All families keep what is gone: a
            container that ended under its own labels for `--retain`, then in the series `retired`.
            """)
        let titles: [KeplerInventory.Generation: String] = [
            .ebpf: "Metrics of the eBPF generation (`--compat 0.9`)",
            .current: "Metrics of the current generation (`--compat 0.11`)",
            .first: "Metrics of the first generation (`--compat 0.3`)",
        ]
        for generation in KeplerInventory.Generation.allCases {
            page.heading(2, titles[generation] ?? "")
            for section in KeplerInventory.sections where section.generation == generation { page.metrics(section) }
        }
        page.heading(2, "Labels")
        page.words()
        page.say("Labels of the first generation that carried numbers:")
        page.table(
            ["family", "labels", "here"],
            KeplerInventory.missingLabels.map { ["`\($0.family)`", $0.labels, page.verdict($0.verdict, "")] })
        page.heading(2, "HTTP")
        page.table(
            ["path", "Kepler", "here"],
            KeplerInventory.endpoints.map { ["`\($0.path)`", $0.generations, $0.verdict] })
        page.heading(2, "Options")
        page.say(
            "An option of ours is a flag, a variable and a key of the configuration file alike; `brahe-agent --help` has them all."
        )
        for options in KeplerInventory.options { page.options(options) }
        return page.text
    }

    private mutating func say(_ paragraph: String) { text += (text.isEmpty ? "" : "\n") + paragraph + "\n" }

    private mutating func heading(_ level: Int, _ title: String) {
        say(String(repeating: "#", count: level) + " " + title)
    }

    private mutating func table(_ head: [String], _ rows: [[String]]) {
        let lines = [head, head.map { _ in "---" }] + rows
        say(lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
    }

    private mutating func metrics(_ section: KeplerInventory.Section) {
        heading(3, section.title)
        table(
            ["metric", "type", "labels", "here"],
            section.metrics.map {
                ["`\($0.name)`", $0.type, $0.labels.joined(separator: " "), verdict($0.verdict, $0.note)]
            })
    }

    private func verdict(_ verdict: KeplerInventory.Verdict, _ note: String) -> String {
        let word =
            switch verdict {
            case .present: "present"
            case .renamed(let name): "renamed: `\(name)`"
            case .refused(let lack): "refused: \(lack.rawValue)"
            }
        return note.isEmpty ? word : "\(word); \(note)"
    }

    private mutating func words() {
        table(
            ["label", "generation", "present", "refused", "more here"],
            KeplerInventory.words.map { words in
                [
                    "`\(words.label)`", words.generation.rawValue,
                    words.present.map { $0.isEmpty ? "empty" : $0 }.joined(separator: ", "),
                    words.absent.map { "\($0.words) (\($0.why))" }.joined(separator: "; "),
                    words.ours.map { "\($0.word) (\($0.meaning))" }.joined(separator: "; "),
                ]
            })
    }

    private mutating func options(_ options: KeplerInventory.Options) {
        heading(3, options.title)
        table(
            ["Kepler", "here"],
            options.names.map { name in
                switch KeplerNames.counterpart(of: name) {
                case .option(let ours): ["`\(name)`", "renamed: `--\(ours)`"]
                case .nothing(let reason): ["`\(name)`", "refused: \(reason)"]
                case nil: ["`\(name)`", "unknown"]
                }
            })
    }
}
