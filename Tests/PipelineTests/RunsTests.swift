import Course
import Documents
import Foundation
import Host
import Runs
import Testing

struct RunsTests {
    @Test(arguments: [
        ("falco", "modern-ebpf", "0.41.1", 1, "20261121T080000Z-falco-modern-ebpf-0.41.1-01"),
        ("falco", nil, "0.41.1", 12, "20261121T080000Z-falco-0.41.1-12"),
        ("my project/ü", "a_b", "v1+rc.1", 123, "20261121T080000Z-my-project---a_b-v1-rc.1-123"),
        (
            "a-project-with-a-very-long-name", "and-a-configuration-with-one", "2026.11.21", 1,
            "20261121T080000Z-a-project-with-a-very-long-name-2026.11.21-01"
        ),
    ])
    func aRunsNameIsAValueOfALabel(
        _ project: String, _ configuration: String?, _ version: String, _ number: Int, _ name: String
    ) throws {
        let at = try #require(Moment("2026-11-21T08:00:00Z"))
        let made = RunIdentifier(at: at, project: project, configuration: configuration, version: version)
            .name(number: number)
        #expect(made.count <= 63)
        #expect(made == name || (made.count == 63 && made.hasSuffix("-2026.11.21-01")), "\(made)")
        #expect(made.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
    }

    @Test func everyRunHasAFolderOfItsOwnAndIsFoundByItsBeginning() throws {
        let folder = try Folder()
        let one = try folder.run()
        let two = try folder.run()
        let other = try folder.run(project: "tetragon")
        #expect(one.id == "20261121T080000Z-falco-modern-ebpf-0.41.1-01" && two.id.hasSuffix("-02"))
        #expect(try one.asked()["run"].string == one.id)
        let runs = folder.path + "/runs"
        try FileManager.default.createDirectory(atPath: runs + "/no-run", withIntermediateDirectories: true)
        #expect(RunFolder.all(in: runs) == [one, two, other])
        #expect(try RunFolder.find("20261121T080000Z-t", in: runs) == other)
        #expect(try RunFolder.find(two.id, in: runs) == two)
        let ambiguous = #expect(throws: Failure.self) { try RunFolder.find("20261121T080000Z-f", in: runs) }
        #expect(ambiguous?.message.contains("\(one.id), \(two.id)") == true)
        #expect(throws: Failure.self) { try RunFolder.find("x", in: runs) }
    }

    @Test func aJournalIsWrittenWholeAndReadBack() throws {
        let folder = try Folder()
        let run = try folder.run()
        let file = try JournalFile(run)
        let now = Moment(milliseconds: 1_795_248_000_000)
        try file.append(.lock, .intent, attempt: 1, at: now)
        #expect(try run.readJournal() == file.journal)
        #expect(run.isAlive)
        let second = #expect(throws: Failure.self) { try JournalFile(run) }
        #expect(second?.exit == .locked)
        try file.append(.lock, .result, ["lease": "none"], attempt: 1, at: now)
        #expect(try run.readJournal().detail(of: .lock)["lease"].string == "none")
        let wrong = #expect(throws: Failure.self) { try file.append(.deploy, .intent, attempt: 1, at: now) }
        #expect(wrong?.message.contains("preflight comes next") == true)
        #expect(try run.readJournal().entries.count == 2)
    }

    @Test func aTornEndIsCutOffAndAnythingElseIsNamed() throws {
        let folder = try Folder()
        let run = try folder.run()
        let now = Moment(milliseconds: 1_795_248_000_000)
        do {
            let file = try JournalFile(run)
            try file.append(.lock, .intent, attempt: 1, at: now)
        }
        let whole = try Files.read(run.journal)
        try (whole + "{\"at\":\"2026").write(toFile: run.journal, atomically: true, encoding: .utf8)
        do {
            let file = try JournalFile(run)
            #expect(file.isWhole)
            try file.append(.lock, .intent, attempt: 2, at: now)
        }
        #expect(try run.readJournal().attempt == 2)
        try (whole + "{}\n").write(toFile: run.journal, atomically: true, encoding: .utf8)
        let error = #expect(throws: Failure.self) { try JournalFile(run) }
        #expect(error?.exit == .configuration)
        #expect(error?.message.contains("\(run.journal): line 2: ") == true, "\(error?.message ?? "")")
        // Nobody can know whether that one is clean.
        #expect(throws: Failure.self) { try RunFolder.refuseUnclean(in: run.runs, except: "another") }
        #expect(RunStatus.all(in: run.runs).map(\.state) == ["unreadable"])
    }

    @Test func theTableOfRunsSaysWhatIsLeft() throws {
        let now = Moment(milliseconds: 1_795_248_000_000)
        var journal = Journal()
        for (count, step) in [Step.lock, .preflight, .baseline, .deploy].enumerated() {
            for phase in [Entry.Phase.intent, step == .deploy ? .failure : .result] {
                try journal.append(
                    Entry(
                        sequence: journal.entries.count + 1, at: now + Int64(count) * 1000, attempt: 1, step: step,
                        phase: phase, detail: phase == .failure ? ["message": "no space", "exit": 6] : [:]))
            }
        }
        let table = RunStatus.table(
            [
                RunStatus(RunFolder(path: "runs/one"), journal, isAlive: false),
                RunStatus(RunFolder(path: "runs/two"), Journal(), isAlive: true),
            ], now: now + 185_000)
        #expect(
            table == """
                RUN  STATE                 STEP    SINCE       LEFT
                one  broken off            deploy  3 min 02 s  cleanup, verify, unlock
                two  waiting for the lock  -       -           lock to unlock

                one: no space; brahe resume one, or brahe cleanup one

                """)
    }
}
