import Documents
import Foundation
import Results
import Testing

/// What the JSON Schemas accept, by our validator and by Python's jsonschema.
@Suite struct SchemaTests {
    /// With one short curve, which stands for all.
    private static func run() throws -> JSON {
        var document = try Laboratory.whole.get()
        document.results?.power = [PowerEntry(name: "node", times: [1, 2, 3], watts: [4, nil])]
        return try JSON(parsing: JSON(exactly: document).line)
    }

    private static func comparison() throws -> JSON {
        var summary = CompareDocument.Summary(
            metric: "energy", unit: "J", values: [1, nil, 3], outliers: [false, false, true], n: 2)
        summary.mean = CompareDocument.Interval(value: 2, lower: 1, upper: 3)
        var comparison = CompareDocument.Comparison(
            metric: "energy", unit: "J", baseline: "a", arm: "b", margin: 0.02, verdict: .inconclusive)
        comparison.welchP = 0.5
        return try JSON(
            exactly: CompareDocument(
                arms: [CompareDocument.Arm(name: "a", runs: ["1", "2", "3"], summaries: [summary])],
                comparisons: [comparison], warnings: []))
    }

    @Test func ourDocumentsAreAccepted() throws {
        #expect(try Schema.run().faults(in: Self.run()) == [])
        #expect(try Schema.compare().faults(in: Self.comparison()) == [])
        let arms = ["a", "b"].map { arm in
            Comparing.Arm(
                arm,
                runs: (0..<7).map { run in
                    ComparedRun(
                        id: "\(arm)\(run)",
                        quantities: [ComparedRun.Quantity(ComparedRun.energy, unit: "J", value: 100 + Double(run))])
                })
        }
        let whole = try JSON(exactly: Comparing.document(of: arms))
        #expect(try Schema.compare().faults(in: whole) == [])
        #expect(try Schema.compare().faults(in: whole.replacing("comparisons[0].verdict", with: "better")) != [])
        // A run that failed before anything was measured.
        let failed = try JSON(exactly: RunDocument(runId: "r", status: .failed, failure: "no node"))
        #expect(try Schema.run().faults(in: failed) == [])
    }

    @Test(arguments: [
        ("run_id", JSON.null, "run_id"), ("run_id", 7, "run_id"), ("status", "fine", "status"),
        ("schema", "greenreview.run/v2", "schema"), ("results.energy.gross_J", -1, "results.energy"),
        ("results.energy.gross_J", "NaN", "results.energy"), ("results.energy.Wh", .null, "results.energy"),
        ("results.zone", .null, "results.zone"),
        ("results.sci.components.functional_unit.value", 0, "results.sci"),
        ("collection.coverage", JSON.number(1.1), "collection"), ("windows[1].start", .null, "windows[1].start"),
    ])
    func whatIsWrongIsNamed(_ path: String, _ value: JSON, _ named: String) throws {
        let changed = try Self.run().replacing(path, with: value)
        let places = try Schema.run().faults(in: changed).map(\.place)
        #expect(places.contains { $0.hasPrefix(named) || named.hasPrefix($0) }, "\(places)")
    }

    @Test(arguments: [
        #"{"type": "object", "patternProperties": {}}"#, #"{"properties": {"a": {"pattern": "x"}}}"#,
        ##"{"$ref": "#/$defs/no"}"##, #"{"type": "joule"}"#, #"{"minimum": "0"}"#, "[]",
    ])
    func aSchemaThatSaysMoreIsRefused(_ text: String) {
        #expect(throws: Misread.self) { try Schema(parsing: text) }
    }

    @Test func pythonAgreesOnManyMutations() throws {
        var documents = [try Self.run()]
        var state: UInt64 = 11
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return Int((state >> 33) % UInt64(limit))
        }
        let paths = Self.paths(documents[0], "")
        let values: [JSON] = [.null, true, -1, 0, 1, .number(2.5), "", "NaN", "average", [], [1], [:], ["start": "x"]]
        for _ in 0..<600 {
            documents.append(documents[0].replacing(paths[random(paths.count)], with: values[random(values.count)]))
        }
        let ours = try Schema.run()
        let verdicts = documents.map { ours.faults(in: $0).isEmpty }
        #expect(verdicts.contains(true) && verdicts.count { !$0 } > 200)
        #expect(try Self.python(documents) == verdicts)
    }

    /// Each path of a document, but one curve stands for all.
    private static func paths(_ value: JSON, _ path: String) -> [String] {
        switch value {
        case .array(let elements):
            [path] + elements.prefix(3).enumerated().flatMap { paths($1, "\(path)[\($0)]") }
        case .object(let members):
            (path.isEmpty ? [] : [path])
                + members.sorted { $0.key < $1.key }.flatMap { paths($1, path.isEmpty ? $0 : "\(path).\($0)") }
        default: [path]
        }
    }

    /// Whether jsonschema finds each document valid.
    private static func python(_ documents: [JSON]) throws -> [Bool] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "documents.jsonl")
        try documents.map { $0.line + "\n" }.joined().write(to: file, atomically: false, encoding: .utf8)
        let schema = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/run.schema.json")
        let process = Process()
        let output = Pipe()
        // Debian's Python, whose jsonschema the tests name; another one in PATH may lack it.
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import json, jsonschema, sys
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            judge = jsonschema.Draft202012Validator(schema)
            print("".join("1" if judge.is_valid(json.loads(line)) else "0" for line in open(sys.argv[2])))
            """, schema.path, file.path,
        ]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.filter { $0 == "0" || $0 == "1" }.map { $0 == "1" }
    }
}
