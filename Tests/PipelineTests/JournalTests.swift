import Course
import Documents
import Testing

struct JournalTests {
    private static func line(
        _ sequence: Int, _ step: Step, _ phase: Entry.Phase, attempt: Int = 1, detail: JSON = [:]
    ) -> String {
        Entry(
            sequence: sequence, at: Moment(milliseconds: 1_795_248_000_000), attempt: attempt, step: step, phase: phase,
            detail: detail
        ).json.line + "\n"
    }

    private static let begun =
        line(1, .lock, .intent) + line(2, .lock, .result) + line(3, .preflight, .intent)
        + line(4, .preflight, .result, detail: ["flux": "v1"])

    @Test func aLastLineWithoutAnEndIsNotThere() throws {
        let whole = try Journal(Self.begun)
        #expect(whole.detail(of: .preflight)["flux"].string == "v1")
        let torn = Self.line(5, .baseline, .intent)
        for count in 0..<torn.utf8.count {
            #expect(try Journal(Self.begun + torn.prefix(count)) == whole)
        }
        #expect(try Journal(Self.begun + "\0\0\0\0") == whole)
        #expect(try Journal(Self.begun + torn).open == .baseline)
    }

    @Test(arguments: [
        (line(6, .baseline, .intent), "sequence is 6 and should be 5"),
        (line(5, .deploy, .intent), "deploy is begun, and baseline comes next"),
        (line(5, .unlock, .intent), "unlock is begun, and baseline comes next"),
        (line(5, .preflight, .result), "result of preflight, which was not begun"),
        (line(5, .baseline, .intent, attempt: 2), "baseline is begun, and lock comes next"),
        (line(5, .lock, .intent, attempt: 3), "attempt is 3 after 1"),
        ("\n", ""), ("{}\n", "sequence or attempt is no whole number"), ("[1, 2\n", ""),
        (
            "{\"attempt\":1,\"sequence\":5,\"at\":\"2026-11-21T08:00:00Z\",\"step\":\"sleep\",\"phase\":\"intent\"}\n",
            "step is not known"
        ),
    ])
    func anythingElseWrongIsAnErrorWithItsLine(_ wrong: String, _ reason: String) {
        let error = #expect(throws: Journal.Malformed.self) { try Journal(Self.begun + wrong) }
        #expect(error?.line == 5)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func onlyAVerifiedCleanupEmptiesTheCluster() throws {
        var text = Self.begun
        var sequence = 4
        func add(_ step: Step, _ phases: Entry.Phase...) throws -> Journal {
            for phase in phases {
                sequence += 1
                text += Self.line(sequence, step, phase)
            }
            return try Journal(text)
        }
        #expect(try !add(.baseline, .intent, .result).mayBeInCluster)
        #expect(try add(.deploy, .intent).mayBeInCluster)
        #expect(try add(.deploy, .failure).mayBeInCluster)
        #expect(try add(.cleanup, .intent, .result).mayBeInCluster)
        #expect(try add(.verify, .intent, .failure).next() == nil)
        #expect(try Journal(text).next(inNewAttempt: true) == .lock)
        #expect(try Journal(text).mayBeInCluster)
        // What is still there needs cleanup again, and not only another look.
        text +=
            Self.line(sequence + 1, .lock, .intent, attempt: 2) + Self.line(sequence + 2, .lock, .result, attempt: 2)
        #expect(try Journal(text).next() == .cleanup)
    }
}
