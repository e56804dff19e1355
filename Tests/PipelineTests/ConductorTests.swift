import Course
import Documents
import Foundation
import Host
import Runs
import Testing

/// A stage made of a closure.
private struct Act: Stage {
    let step: Step
    var lines: [String] = []
    var act: (Context) throws(Failure) -> JSON = { _ in [:] }

    func perform(_ context: Context) throws(Failure) -> JSON { try act(context) }
    func plan() throws(Failure) -> [String] { lines }
}

struct ConductorTests {
    private let clock = StoppedClock()
    private let folder: Folder
    private let run: RunFolder

    init() throws {
        folder = try Folder()
        run = try folder.run()
    }

    private func conductor(_ stages: [Act], out: @escaping (String) -> Void = { _ in }) throws -> Conductor {
        Conductor(
            folder: run, file: try JournalFile(run), stages: stages,
            progress: Progress(.plain, time: clock.time, out: out), time: clock.time)
    }

    @Test func aLaterProcessKnowsWhatAnEarlierOneFound() throws {
        let deploy = Act(step: .deploy) { _ in ["inventory": ["a", "b"]] }
        let ready = Act(step: .ready) { context throws(Failure) in
            try context.note(["revision": "main@sha1:1"])
            throw Failure(.deploy, "never ready")
        }
        #expect(try conductor([deploy]).run(.through(.deploy)) == 0)
        var found: JSON = .null
        let cleanup = Act(step: .cleanup) { context in
            found = [
                "inventory": context.detail(of: .deploy)["inventory"], "at": context.detail(of: .ready)["revision"],
            ]
            return [:]
        }
        #expect(try conductor([ready, cleanup]).run() == 6)
        #expect(found == ["inventory": ["a", "b"], "at": "main@sha1:1"])
    }

    @Test func whatNeverUsedTheClusterIsNotCleared() throws {
        var cleared = 0
        let stages = [
            Act(step: .preflight) { _ throws(Failure) in throw Failure(.configuration, "no kubectl") },
            Act(step: .cleanup) { _ throws(Failure) in
                cleared += 1
                throw Failure(.deploy, "no kubectl")
            },
        ]
        #expect(try conductor(stages).run() == 3)
        #expect(cleared == 0)
        #expect(try run.readJournal().isOver)
    }

    @Test func dutiesAreDoneInTheirIntervalsFromLockToUnlock() throws {
        var renewals: [Int64] = []
        let begin = clock.milliseconds
        let conductor = try conductor(
            [Step.preflight, .window, .verify, .unlock].map { step in
                Act(step: step) { context throws(Failure) in
                    try context.pause(milliseconds: 10_000)
                    return [:]
                }
            } + [Act(step: .deploy)])
        conductor.duties = [Duty(every: 4000) { renewals.append(clock.milliseconds - begin) }]
        #expect(conductor.run() == 0)
        #expect(renewals == stride(from: 4000, through: 28_000, by: 4000).map { Int64($0) })
    }

    @Test func aDutyThatFailsEndsTheStepButNoCleanup() throws {
        let wait = { (context: Context) throws(Failure) -> JSON in
            try context.pause(milliseconds: 10_000)
            return [:]
        }
        let conductor = try conductor([
            Act(step: .deploy), Act(step: .window, act: wait), Act(step: .cleanup, act: wait),
        ])
        conductor.duties = [Duty(every: 3000) { () throws(Failure) in throw Failure(.deploy, "the lease is lost") }]
        #expect(conductor.run() == 6)
        let journal = try run.readJournal()
        #expect(journal.failure?.step == .window && journal.failure?.message == "the lease is lost")
        #expect(journal.isOver)
    }

    @Test func theReportOfARunThatFailedIsMarkedBeforeItIsCleared() throws {
        var marks: [String] = []
        let conductor = try conductor([
            Act(step: .benchmark) { _ throws(Failure) in throw Failure(.benchmark, "it died") },
            Act(step: .cleanup) { _ in
                marks.append("cleanup")
                return [:]
            },
        ])
        conductor.whenFailed = { _, setback in marks.append(setback.message) }
        #expect(conductor.run() == 7)
        #expect(marks == ["it died", "cleanup"])
    }

    @Test func thePlanIsWhatTheStagesSayAndNothingIsDone() throws {
        let text = try Conductor.plan([
            Act(step: .deploy, lines: ["kubectl apply -f rendered.yaml"]) { _ throws(Failure) in
                throw Failure(.deploy, "performed")
            }, Act(step: .lock),
        ])
        #expect(text == "lock\n  nothing to ask for\ndeploy\n  kubectl apply -f rendered.yaml\n")
    }

    @Test func theSummaryShowsEveryStepAndTheFailure() throws {
        let summary = folder.path + "/summary.md"
        try folder.write("# Before\n", to: "summary.md")
        let stages = [
            Act(step: .preflight) { context throws(Failure) in
                try context.pause(milliseconds: 65_000)
                return [:]
            }, Act(step: .ready) { _ throws(Failure) in throw Failure(.deploy, "Stalled:\nno | such image") },
        ]
        let conductor = Conductor(
            folder: run, file: try JournalFile(run), stages: stages,
            progress: Progress(.plain, time: clock.time, summary: summary) { _ in }, time: clock.time)
        #expect(conductor.run() == 6)
        #expect(
            try Files.read(summary) == """
                # Before
                ### \(run.id)

                | step | outcome | duration |
                | --- | --- | ---: |
                | lock | done | 0.0 s |
                | preflight | done | 1 min 05 s |
                | baseline | done | 0.0 s |
                | deploy | done | 0.0 s |
                | ready | failed | 0.0 s |
                | cleanup | done | 0.0 s |
                | verify | done | 0.0 s |
                | unlock | done | 0.0 s |

                **ready failed**: Stalled: no | such image


                """)
    }
}
