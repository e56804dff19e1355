import Deployment
import Documents
import Host
import StandIns
import Testing
import YAML

/// What is written as YAML means the same when it is read.
struct ManifestYAMLTests {
    private static let words = [
        "yes", "no", "null", "~", "1.10", "0x1f", "1e3", "-5", "true", "2001-01-01", "", "a", "a b", "a: b",
        "a #b", "# a", "- a", "-", "?", ": ", "'", "\"", "\\", "\t", "a\nb", "a\n\n\nb\n", " lead", "trail ", "\n", "|",
        ">", "&a", "*a", "!t", "%d", "@x", "`y", "{}", "[]", "{a: 1}", "a,b", "---", "...", "é☃🙂", "\u{85}",
        "\u{2028}", "\u{7f}", "\r\n", "\u{feff}", "a:b", "http://x/y#z", "=", "<<", "$VERSION", "12:30:45", "0777",
        String(repeating: "long words ", count: 40),
    ]

    private func node(_ random: inout some RandomNumberGenerator, depth: Int) -> YAML.Node {
        func scalar() -> YAML.Node {
            YAML.Node(
                line: 1, plain: Bool.random(using: &random),
                value: .scalar(Self.words.randomElement(using: &random) ?? ""))
        }
        let count = Int.random(in: 0...4, using: &random)
        switch depth > 0 ? Int.random(in: 0...3, using: &random) : 0 {
        case 1:
            let items = (0..<count).map { _ in node(&random, depth: depth - 1) }
            return YAML.Node(line: 1, plain: false, value: .sequence(items))
        case 2, 3:
            var names: Set<String> = []
            var entries: [(key: YAML.Node, value: YAML.Node)] = []
            for _ in 0..<count {
                let key = scalar()
                // A key that is nothing cannot be written, and Kubernetes has none.
                if key.plain, key.text == "" { continue }
                guard names.insert(key.text ?? "").inserted else { continue }
                entries.append((key, node(&random, depth: depth - 1)))
            }
            return YAML.Node(line: 1, plain: false, value: .mapping(entries))
        default: return scalar()
        }
    }

    /// The tree without lines; a plain scalar that nobody takes for anything but a string may be quoted as well.
    private func meaning(_ node: YAML.Node) -> JSON {
        switch node.value {
        case .scalar(let text): [.string(text), .bool(node.string != nil)]
        case .sequence(let items): .object(["items": .array(items.map(meaning))])
        case .mapping(let entries): .array([[]] + entries.map { [meaning($0.key), meaning($0.value)] })
        }
    }

    @Test func whatIsWrittenIsReadBackAsItWas() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            let documents = (0..<Int.random(in: 1...3, using: &random)).map { _ in node(&random, depth: 4) }
            let text = try YAML.text(documents)
            let read = try YAML.documents(Array(text.utf8), file: "written")
            #expect(read.map(meaning) == documents.map(meaning), "\(text)")
            // What was read once is a text that stays the same.
            #expect(try YAML.text(read) == text)
        }
    }

    @Test func quotesAndTheirAbsenceAreKept() throws {
        let text = "a: yes\nb: \"yes\"\nc: 'no'\nd: 1.10\ne:\nf: [1, \"1\", {g: ~}]\nh: |\n  x\n   y\ni: >-\n  z\n  z\n"
        let read = try YAML.documents(Array(text.utf8), file: "r")
        let copy = try YAML.documents(Array(try YAML.text(read).utf8), file: "r")
        func plain(_ node: YAML.Node?) -> Bool? { node?.plain }
        #expect(copy.map(meaning) == read.map(meaning))
        #expect(
            ["a", "b", "c", "d", "e", "h", "i"].map { plain(copy[0][$0]) }
                == ["a", "b", "c", "d", "e", "h", "i"]
                .map { plain(read[0][$0]) })
        #expect(copy[0]["h"]?.text == "x\n y\n")
        #expect(copy[0]["i"]?.text == "z z")
    }

    /// kubectl reads files with another library than ours, and with other rules than YAML's newest.
    @Test(arguments: Kubectls.all)
    func kubectlUnderstandsTheCopyAsItUnderstandsTheOriginal(_ program: String) throws {
        let values = [
            "yes", "'yes'", "1.10", "\"1.10\"", "012", "0x1f", "1e3", "~", "", "null", "'null'", "2001-01-01",
            "-.5", "1_000", "12:30:45", "on", "Off", "y", "\"a\\tb\"", "|\n    a\n     b\n", ">-\n    a\n    b", "a b",
            "'it''s'", "{a: [1, '1', {b: true}]}", "[]", "{}", "é☃", "http://x/#y", "a\n    b",
        ]
        let text =
            "apiVersion: x/v1\nkind: X\nmetadata: {name: a, namespace: b}\nspec:\n"
            + values.enumerated().map { "  v\($0.offset): \($0.element)\n" }.joined()
        let copy = try YAML.text(YAML.documents(Array(text.utf8), file: "r"))
        func understood(_ text: String) throws -> JSON {
            let line = [program, "annotate", "--local", "--filename", "-", "a=b", "--output", "json"]
            let outcome = try Tool(line).run(input: text, within: 10_000)
            return try JSON(parsing: outcome.output)
        }
        let original = try understood(text)
        #expect(original["spec"].object.count == values.count)
        #expect(try understood(copy) == original)
    }
}
