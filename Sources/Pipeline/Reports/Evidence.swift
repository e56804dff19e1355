package import Documents
package import Host
package import Results
package import Samples

/// The samples that a report is made of, and how they came.
package struct Evidence: Sendable {
    package let recording: Recording
    /// `prometheus`, `agent` or `file`.
    package let mode: String
    /// Where they came from: a URL, several, or a path.
    package let endpoint: String
    /// Of Prometheus, its version.
    package let serverVersion: String?
    /// What whoever collected them has to say, one line each.
    package let warnings: [String]

    package init(
        _ recording: Recording, mode: String, endpoint: String, serverVersion: String? = nil, warnings: [String] = []
    ) {
        self.recording = recording
        self.mode = mode
        self.endpoint = endpoint
        self.serverVersion = serverVersion
        self.warnings = warnings
    }

    /// The same with more to say.
    package func adding(_ warnings: [String]) -> Evidence {
        Evidence(
            recording, mode: mode, endpoint: endpoint, serverVersion: serverVersion, warnings: self.warnings + warnings)
    }
}

extension RunDocument {
    /// Fills in what the samples give for the document's windows: collection, inputs and results.
    ///
    /// Throws where there is no measured window, where the samples tell of nothing, and where a score was asked for that
    /// cannot be made.
    package mutating func measure(_ evidence: Evidence, _ inputs: InputsEntry) throws(Failure) {
        do {
            let assessment = try Assessment(of: evidence.recording, inputs: inputs, windows: windows)
            self.inputs = inputs
            collection = assessment.collection(
                mode: evidence.mode, endpoint: evidence.endpoint, serverVersion: evidence.serverVersion,
                warnings: evidence.warnings)
            results = try assessment.results()
        } catch {
            let reason = error.place == "samples" ? error.reason : error.description
            let span = startTime.flatMap { start in endTime.map { " from \(start) to \($0)" } } ?? ""
            throw Failure(.dataMissing, "measure \(evidence.endpoint)\(span): \(reason)")
        }
    }

    /// Adds a window; the one called `run` is the measured one. One that ends before it has begun is left out.
    package mutating func add(window name: String, from start: Moment, to end: Moment) {
        guard end > start else { return }
        windows.append(Window(name: name, start: start.description, end: end.description))
        guard name == "run" else { return }
        startTime = start.description
        endTime = end.description
    }

    /// The limits that the measured window does not keep, in one line; nil if it keeps all.
    package var brokenGates: String? {
        let broken = (collection?.gates ?? []).filter { !$0.passed }.map { gate in
            let sign = gate.name == "coverage" ? "below" : "above"
            let unit = gate.name == "largest_gap" ? " s" : ""
            let value = gate.value.map { Self.short($0) + unit } ?? "without bound"
            return "\(gate.name) \(value) is \(sign) \(Self.short(gate.limit))\(unit)"
        }
        return broken.isEmpty ? nil : broken.joined(separator: ", ")
    }

    private static func short(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }

    /// The document as `run.json` has it.
    package func page() throws(Failure) -> String {
        do {
            return try JSON(exactly: self).page
        } catch {
            throw Failure(.dataMissing, "write \(runId) as JSON: \(error)")
        }
    }

    /// Reads `run.json`.
    package init(file path: String) throws(Failure) {
        let text = try Files.read(path)
        do {
            self = try JSON(parsing: text).value(exactly: RunDocument.self)
        } catch {
            throw Failure(.configuration, "read \(path): \(error)")
        }
    }
}
