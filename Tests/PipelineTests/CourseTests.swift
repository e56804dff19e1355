import Course
import Documents
import Testing

/// What a run does after a crash follows from its journal, whatever the journal is.
struct CourseTests {
    private static let noon = Moment(milliseconds: 1_795_248_000_000)

    /// Chance that gives the same journals each time.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    /// What a run that this journal tells of does to the world, entry by entry.
    private static func run(_ dice: inout Dice, failures: Int, crashes: Int) throws -> Journal {
        var journal = Journal()
        var attempt = 1
        func add(_ step: Step, _ phase: Entry.Phase, _ detail: JSON = [:]) throws {
            let count = journal.entries.count
            try journal.append(
                Entry(
                    sequence: count + 1, at: noon + Int64(count) * 1000, attempt: attempt, step: step, phase: phase,
                    detail: detail))
        }
        for _ in 0..<500 {
            guard var step = journal.next(inNewAttempt: attempt > journal.attempt) else {
                if journal.isOver { return journal }
                attempt += 1
                continue
            }
            func crash() -> Bool { Int.random(in: 0..<100, using: &dice) < crashes }
            // Now and then a person gives the run up.
            if Step.measuring.contains(step), Int.random(in: 0..<400, using: &dice) < failures { step = .cleanup }
            if attempt == journal.attempt || step == .lock || step == .unlock {
                try add(step, .intent)
                if crash() {
                    attempt += 1
                    continue
                }
                if step == .window {
                    try add(step, .note, ["began": .string(noon.description)])
                    if crash() {
                        attempt += 1
                        continue
                    }
                }
                let fails = Int.random(in: 0..<100, using: &dice) < failures
                try add(step, fails ? .failure : .result, fails ? ["message": "no", "exit": 6] : [:])
            }
            if crash() { attempt = journal.attempt + 1 }
        }
        return journal
    }

    /// The decision, worked out from the lines one by one.
    private static func expected(_ entries: ArraySlice<Entry>) -> Resumption {
        func last(_ step: Step) -> Entry.Phase? { entries.last { $0.step == step && $0.phase != .note }?.phase }
        if last(.unlock) == .result { return .done }
        if entries.allSatisfy({ $0.step == .lock }) { return .begin }
        let failed = entries.contains { $0.phase == .failure && Step.measuring.contains($0.step) }
        if failed || entries.contains(where: { $0.step == .cleanup }) { return .clear }
        guard let step = Step.measuring.first(where: { last($0) != .result }) else { return .clear }
        let isOpen = step == .window && entries.contains { $0.phase == .note }
        return isOpen ? .waitOn : .proceed(step)
    }

    @Test(arguments: [(0, 0), (0, 10), (4, 0), (6, 12), (30, 30)])
    func everyPrefixHasOneDecisionAndEveryRunEndsClean(failures: Int, crashes: Int) throws {
        var dice = Dice(state: UInt64(failures * 100 + crashes))
        var over = 0
        for _ in 0..<60 {
            let journal = try Self.run(&dice, failures: failures, crashes: crashes)
            let text = journal.entries.map { $0.json.line + "\n" }.joined()
            #expect(try Journal(text) == journal)
            if journal.isOver { over += 1 }
            try Self.checkLaws(journal)
        }
        // A run in which nothing fails for ever comes to its end.
        #expect(over > (failures < 30 ? 59 : 20))
    }

    private static func checkLaws(_ journal: Journal) throws {
        var prefix = Journal()
        var done: Set<Step> = []
        var cleared: [Step] = []
        for (index, entry) in journal.entries.enumerated() {
            try prefix.append(entry)
            let soFar = journal.entries.prefix(index + 1)
            #expect(Resumption(of: prefix, now: noon, complete: true) == expected(soFar))
            let failed = soFar.contains { $0.phase == .failure && Step.measuring.contains($0.step) }
            #expect(!(failed && prefix.succeeded))
            if entry.phase == .intent, Step.measuring.contains(entry.step) {
                // Never is a step skipped, nor begun once cleaning up has.
                #expect(Step.measuring.prefix { $0 != entry.step }.allSatisfy { done.contains($0) })
                #expect(cleared.isEmpty && !failed)
            }
            if entry.phase == .intent, entry.step == .unlock {
                #expect(cleared.last == .verify && cleared.contains(.cleanup))
            }
            guard entry.phase == .result else { continue }
            if entry.step.clears { cleared.append(entry.step) } else { done.insert(entry.step) }
            if entry.step == .unlock { #expect(prefix.isOver && !prefix.mayBeInCluster) }
        }
        if journal.isOver { #expect(cleared.suffix(2) == [.verify, .unlock]) }
    }

    @Test func anOpenWindowIsWaitedForOnlyIfItsEndLiesAheadAndNothingOfItIsLost() throws {
        var journal = Journal()
        let steps = Step.allCases.prefix { $0 != .collect }
        for step in steps {
            let phases: [Entry.Phase] = step == .window ? [.intent, .note] : [.intent, .result]
            for phase in phases {
                let ends: JSON = [
                    "began": .string(Self.noon.description), "ends": .string((Self.noon + 900_000).description),
                ]
                try journal.append(
                    Entry(
                        sequence: journal.entries.count + 1, at: Self.noon, attempt: 1, step: step, phase: phase,
                        detail: phase == .note ? ends : [:]))
            }
        }
        #expect(Resumption(of: journal, now: Self.noon + 60_000, complete: true) == .waitOn)
        for (later, complete) in [(60_000, false), (900_000, true), (900_000, false)] as [(Int64, Bool)] {
            guard case .invalid = Resumption(of: journal, now: Self.noon + later, complete: complete) else {
                Issue.record("a window that nobody measured is taken for good after \(later) ms")
                continue
            }
        }
        #expect(journal.mayBeInCluster)
    }

    @Test func aResumedRunAsksAgainWhetherAllIsReadyBeforeItMeasures() throws {
        var journal = Journal()
        for step in Step.allCases.prefix(while: { $0 != .warmup }) {
            for phase in [Entry.Phase.intent, .result] {
                try journal.append(
                    Entry(
                        sequence: journal.entries.count + 1, at: Self.noon, attempt: 1, step: step, phase: phase))
            }
        }
        var order: [Step] = []
        while let step = journal.next(inNewAttempt: journal.attempt == 1), order.count < 5 {
            order.append(step)
            for phase in [Entry.Phase.intent, .result] {
                try journal.append(
                    Entry(
                        sequence: journal.entries.count + 1, at: Self.noon, attempt: 2, step: step, phase: phase))
            }
        }
        #expect(order == [.lock, .ready, .warmup, .window, .collect])
    }
}
