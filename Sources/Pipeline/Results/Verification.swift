package import Documents
package import Samples

/// Whether everything derived in a run's document follows from the document, and from its samples where they are given.
///
/// Any document of upstream's shape can be verified; of what it does not say nothing is demanded. `Schema` does that.
package struct Verification: Sendable {
    /// All that does not agree; empty if the document holds.
    package let mismatches: [Mismatch]

    package init(of document: JSON, recording: Recording? = nil) {
        var comparison = Comparison()
        let root = Field(path: "", value: document)
        let facts = Facts(root)
        Self.checkTimes(root, &comparison)
        Self.checkEnergies(root["results"], facts, &comparison)
        Self.checkConsumers(root["results"], facts, &comparison)
        Self.checkMetrics(root, facts, &comparison)
        Self.checkScore(root, facts, &comparison)
        Self.checkGates(root, &comparison)
        if let recording { Self.checkSamples(root, recording, &comparison) }
        var seen: Set<String> = []
        mismatches = comparison.mismatches.filter { seen.insert("\($0.path) \($0.reason)").inserted }
    }

    /// What the rules are applied to.
    struct Facts {
        /// How long the measured window is, in seconds.
        var seconds: Double?
        /// The scope that is scored.
        var primary: String?
        /// Its energy, in joules.
        var joules: Double?

        init(_ root: Field) {
            if let start = root["start_time"].value.string.flatMap(Moment.init),
                let end = root["end_time"].value.string.flatMap(Moment.init), end > start
            {
                seconds = Double(end - start) / 1000
            }
            let results = root["results"].value
            primary = results["primary"].string
            // Upstream's example has the energy among the metrics only.
            let metrics = results["metrics"].array.filter {
                Assessment.energyNames.contains($0["name"].string ?? "")
                    && ($0["scope"] == .null || $0["scope"].string == primary)
            }
            joules = results["energy"]["gross_J"].number ?? metrics.first?["value"].number
        }
    }

    private static func checkTimes(_ root: Field, _ comparison: inout Comparison) {
        func moment(_ field: Field) -> Moment? {
            guard field.given != nil else { return nil }
            let moment = field.value.string.flatMap(Moment.init)
            if moment == nil { comparison.reject(field, "is no date of ISO 8601") }
            return moment
        }
        func check(_ start: Field, _ end: Field) {
            if let from = moment(start), let to = moment(end), to <= from {
                comparison.reject(end, "is not after \(start.path), \(start.value.line)")
            }
        }
        check(root["start_time"], root["end_time"])
        for window in (try? root["windows"].given?.elements()) ?? [] {
            check(window["start"], window["end"])
            guard window["name"].value == "run" else { continue }
            comparison.expect(window["start"], same: root["start_time"].value, "the measured window's start")
            comparison.expect(window["end"], same: root["end_time"].value, "the measured window's end")
        }
    }

    private static func checkGates(_ root: Field, _ comparison: inout Comparison) {
        let collection = root["collection"]
        for gate in (try? collection["gates"].given?.elements()) ?? [] {
            guard let limit = gate["limit"].value.number else { continue }
            let isLeast = gate["name"].value == "coverage"
            let value = gate["value"].value.number ?? (isLeast ? -.infinity : .infinity)
            if isLeast { comparison.expect(gate["value"], collection["coverage"].value.number, "the coverage") }
            if gate["name"].value == "largest_gap" {
                comparison.expect(gate["value"], collection["max_gap_s"].value.number, "the longest gap")
            }
            // Rounded once more than where it was decided.
            let passed = isLeast ? value >= limit : value <= limit || Comparison.agree(value, limit)
            comparison.expect(gate["passed"], same: .bool(passed), "what value and limit say")
            if !passed, root["status"].value == "succeeded" {
                comparison.reject(root["status"], "the gate \(gate["name"].value.line) was not passed")
            }
        }
    }

    /// Makes everything again of the samples.
    private static func checkSamples(_ root: Field, _ recording: Recording, _ comparison: inout Comparison) {
        do {
            guard root["inputs"].given != nil else {
                return comparison.reject(root["inputs"], "without them nothing can be made of the samples")
            }
            let inputs = try root["inputs"].value.value(exactly: InputsEntry.self)
            let windows = try root["windows"].value.value(exactly: [RunDocument.Window].self)
            let assessment = try Assessment(of: recording, inputs: inputs, windows: windows)
            let results = try assessment.results()
            comparison.expect(root["results"], tree: try JSON(exactly: results), "what the samples give")
            let collection = root["collection"]
            if collection.given != nil {
                let made = assessment.collection(mode: "file", endpoint: "")
                // Where they came from is no part of them, and whoever asked for them adds warnings of its own.
                comparison.expect(
                    collection, tree: try JSON(exactly: made),
                    but: ["mode", "endpoint", "server_version", "warnings"], "what the samples give")
            }
        } catch {
            comparison.reject(Field(path: "results", value: .null), "it cannot be made of the samples: \(error)")
        }
    }
}
