package import Documents

/// One measured step of a job, a line of the file that `brahe measure --record` appends to: `greenreview.step/v1`.
package struct StepRecord: Codable, Equatable, Sendable {
    /// What `schema` says.
    package static let schema = "greenreview.step/v1"

    package var schema = Self.schema
    package var step: String
    package var command: [String]
    /// The agent's samples before and after the command, in ISO 8601.
    package var start: String
    package var end: String
    /// As a shell says it.
    package var exit: Int32
    /// The energy of the command and all that it started; null where the agent has no source of energy.
    package var joules: Double?
    /// The energy of the whole node meanwhile, and the part of it that the node would have used idle: what a step causes
    /// elsewhere, in a cluster's controllers say, is in the former only.
    package var nodeJ: Double?
    package var nodeIdleJ: Double?
    package var cpuS: Double
    package var wallS: Double
    package var node: String?
    /// Where the joules come from: `powercap`, `estimator` or `none`.
    package var source: String
    /// How often the agent or a counter began anew meanwhile; what was counted before is lost.
    package var resets: Int
    package var agentVersion: String?
    package var kernel: String?
    /// What whoever measured says of it: `cluster` is `flux`.
    package var labels: [String: String]

    package init(
        step: String, command: [String], start: String, end: String, exit: Int32, joules: Double?, nodeJ: Double?,
        nodeIdleJ: Double?, cpuS: Double, wallS: Double, node: String?, source: String, resets: Int,
        agentVersion: String?,
        kernel: String?, labels: [String: String]
    ) {
        self.step = step
        self.command = command
        self.start = start
        self.end = end
        self.exit = exit
        self.joules = joules
        self.nodeJ = nodeJ
        self.nodeIdleJ = nodeIdleJ
        self.cpuS = cpuS
        self.wallS = wallS
        self.node = node
        self.source = source
        self.resets = resets
        self.agentVersion = agentVersion
        self.kernel = kernel
        self.labels = labels
    }

    private enum CodingKeys: String, CodingKey {
        case schema, step, command, start, end, exit, node, source, resets, kernel, labels
        case joules = "J"
        case nodeJ = "node_J"
        case nodeIdleJ = "node_idle_J"
        case cpuS = "cpu_s"
        case wallS = "wall_s"
        case agentVersion = "agent_version"
    }

    /// The records of a file, one a line; throws the first line that is none.
    package static func records(parsing text: String) throws(Misread) -> [StepRecord] {
        var records: [StepRecord] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            do {
                let json = try JSON(parsing: String(line))
                guard json["schema"].string == schema else {
                    throw Misread("line \(index + 1)", "its schema is not \(schema)")
                }
                records.append(try json.value(exactly: StepRecord.self))
            } catch let misread as Misread {
                throw misread
            } catch {
                throw Misread("line \(index + 1)", "\(error)")
            }
        }
        return records
    }
}

extension ComparedRun {
    /// The repetitions of a job whose steps were recorded one after another, each as a run.
    ///
    /// A repetition ends where a step's name comes again. Its energy is the sum over its steps, and null where one of the
    /// steps that other repetitions have is missing; each step has its own metric too, `step NAME`, and where it is asked
    /// for the whole node's meanwhile, `node step NAME`. One with a step that failed is refused like a failed run.
    package static func repetitions(of records: [StepRecord], named name: String) -> [ComparedRun] {
        var repetitions: [[StepRecord]] = []
        for record in records {
            if let last = repetitions.last, !last.contains(where: { $0.step == record.step }) {
                repetitions[repetitions.count - 1].append(record)
            } else {
                repetitions.append([record])
            }
        }
        var steps: [String] = []
        for record in records where !steps.contains(record.step) { steps.append(record.step) }
        return repetitions.enumerated().map { index, records in
            ComparedRun(repetition: records, of: steps, id: "\(name)#\(index + 1)")
        }
    }

    private init(repetition records: [StepRecord], of steps: [String], id: String) {
        func sum(_ part: (StepRecord) -> Double?) -> Double? {
            let values = records.compactMap(part)
            return values.count == steps.count ? values.reduce(0, +) : nil
        }
        let failed = records.first { $0.exit != 0 }
        let missing = steps.filter { step in !records.contains { $0.step == step } }
        let lost = records.first { $0.resets > 0 }
        var objection = failed.map { "step \($0.step) ended with \($0.exit)" }
        if objection == nil { objection = lost.map { "the agent began anew during step \($0.step)" } }
        if objection == nil, !missing.isEmpty { objection = "it lacks \(missing.joined(separator: ", "))" }
        self.init(
            id: id, objection: objection,
            quantities: [
                Quantity(Self.energy, unit: "J", value: sum(\.joules)),
                Quantity("node_energy", unit: "J", value: sum(\.nodeJ)),
                Quantity(
                    "node_dynamic_energy", unit: "J",
                    value: sum { record in record.nodeJ.flatMap { total in record.nodeIdleJ.map { total - $0 } } }),
                Quantity("cpu", unit: "s", value: sum(\.cpuS)), Quantity("wall", unit: "s", value: sum(\.wallS)),
            ]
                + records.map { Quantity("step \($0.step)", unit: "J", value: $0.joules) }
                + records.map { Quantity("node step \($0.step)", unit: "J", value: $0.nodeJ, isUsual: false) })
        for record in records {
            let known = [
                ("node", record.node), (Self.energySource, record.source), ("agent", record.agentVersion),
                ("kernel", record.kernel),
            ]
            for (name, value) in known {
                guard let value else { continue }
                let trait = Trait(name, value)
                if !traits.contains(trait) { traits.append(trait) }
            }
        }
        traits.append(Trait("list of steps", steps.joined(separator: "+")))
    }
}
