import Documents
import Results
import Testing

/// Steps of a job, recorded one after another, as repetitions of it.
@Suite struct ComparingStepsTests {
    private func record(_ step: String, _ joules: Double?, exit: Int32 = 0, resets: Int = 0) -> StepRecord {
        StepRecord(
            step: step, command: [step], start: "2026-11-21T08:00:00.000Z", end: "2026-11-21T08:00:01.000Z", exit: exit,
            joules: joules, nodeJ: joules.map { $0 + 5 }, nodeIdleJ: 2, cpuS: 1, wallS: 2, node: "n",
            source: "powercap", resets: resets, agentVersion: "1", kernel: "6", labels: [:])
    }

    @Test func aRepetitionEndsWhereAStepComesAgain() throws {
        let records = [
            record("build", 10), record("deploy", 1), record("build", 11, exit: 2), record("build", 12),
            record("deploy", 2), record("build", 13), record("deploy", 3, resets: 1),
        ]
        let runs = ComparedRun.repetitions(of: records, named: "hand")
        #expect(runs.map(\.id) == ["hand#1", "hand#2", "hand#3", "hand#4"])
        #expect(runs.map { $0.quantities[0].value } == [11, nil, 14, 16])
        #expect(
            runs.map(\.objection) == [nil, "step build ended with 2", nil, "the agent began anew during step deploy"])
        func value(_ metric: String) -> Double? { runs[0].quantities.first { $0.metric == metric }?.value }
        #expect(value("step deploy") == 1)
        #expect(value("node_energy") == 21)
        #expect(value("node_dynamic_energy") == 17)
        #expect(value("wall") == 4)
        // What the last repetition has not come to.
        #expect(
            ComparedRun.repetitions(of: records.dropLast(), named: "hand").last?.objection == "it lacks deploy")
    }

    @Test func aFileOfRecordsIsReadToTheLine() throws {
        let lines = try [record("build", 10), record("deploy", nil)].map { try JSON(exactly: $0).line }
        #expect(try StepRecord.records(parsing: lines.joined(separator: "\n") + "\n").map(\.joules) == [10, nil])
        #expect(throws: Misread("line 2", "its schema is not greenreview.step/v1")) {
            try StepRecord.records(parsing: lines[0] + "\n{}\n")
        }
        #expect(throws: Misread.self) { try StepRecord.records(parsing: lines[0].dropLast(4) + "\n") }
    }
}
