import Attribution
import Testing

@Suite struct ProcessRosterTests {
    private var ledger = Ledger(zones: [Zone(kind: .package, package: "0", domains: 0..<1)], domains: 1)
    private var roster = ProcessRoster(retention: Retention(time: 0, pages: 0, most: 10))

    private static func run(_ pid: UInt64) -> ProgramRun {
        ProgramRun(pid: pid, comm: "true", exe: "/bin/true", identity: .system("/batch"))
    }

    @Test mutating func whoIsNotAnnouncedIsUnnamed() {
        #expect(roster.row(of: 5) == Ledger.system)
        #expect(roster.accounts.isGone(5))
        roster.note(5, Self.run(1), in: &ledger, at: 9, unix: 9, page: 0)
        let row = roster.row(of: 5)
        #expect(row >= Ledger.firstOpen)
        #expect(!roster.accounts.isGone(5))
        #expect(roster.accounts[row]?.owner.comm == "true")
        #expect(roster.accounts[row]?.openedAt == 9)
        // Said twice, it is still one.
        roster.note(5, Self.run(1), in: &ledger, at: 10, unix: 10, page: 0)
        #expect(roster.row(of: 5) == row)
    }

    private static func container(_ digit: Character) -> Identity {
        Identity(path: "/docker/" + String(repeating: digit, count: 64))
    }

    @Test mutating func aProcessThatMovesToAContainerGoesOnElsewhere() {
        func note(_ identity: Identity) -> Ledger.Row {
            let run = ProgramRun(pid: 1, comm: "true", exe: "/bin/true", identity: identity)
            roster.note(5, run, in: &ledger, at: 10, unix: 10, page: 0)
            return roster.row(of: 5)
        }
        let first = note(.system("/a"))
        let second = note(Self.container("a"))
        #expect(second != first)
        #expect(roster.accounts[first]?.isAlive == false)
        // Back again, it has its account again, for there may not be two series of a name.
        #expect(note(.system("/a")) == first)
        #expect(roster.accounts[first]?.isAlive == true)
        #expect(roster.accounts[second]?.isAlive == false)
    }

    @Test mutating func whatNoLabelOfAGenerationTellsApartIsOneAccountCalledAsTheLast() {
        // A script `app` that its shell runs, which becomes the program of the same name; then it is moved about.
        let runs = [
            ("/bin/sh", Identity.kernel), ("/opt/app", .kernel), ("/opt/app", .system("/a")),
            ("/opt/app", .system("/b")),
        ].map { ProgramRun(pid: 1, comm: "app", exe: $0, identity: $1) }
        var serials: [UInt64] = []
        for (index, run) in runs.enumerated() {
            // An exec makes a process another one.
            roster.note(index < 2 ? UInt64(index) : 1, run, in: &ledger, at: 1, unix: 1, page: 0)
            let row = roster.row(of: UInt64(min(index, 1)))
            #expect(row == Ledger.firstOpen)
            #expect(roster.accounts[row]?.detail.last.exe == run.exe)
            serials.append(roster.accounts[row]?.detail.serial ?? 0)
        }
        // Labels were made anew where they changed: the executable, and whether it is the kernel's.
        #expect(Set(serials[..<3]).count == 3)
        #expect(serials[2] == serials[3])
        #expect(roster.accounts.all.count == Ledger.firstOpen + 1)
    }

    @Test mutating func oneRunAfterAnotherOfTheSameNameIsOneAccount() {
        roster.note(5, Self.run(1), in: &ledger, at: 1, unix: 1, page: 0)
        roster.note(6, Self.run(1), in: &ledger, at: 1, unix: 1, page: 0)
        let row = roster.row(of: 5)
        #expect(roster.row(of: 6) == row)
        roster.remove(5, at: 2, page: 0)
        #expect(roster.accounts[row]?.isAlive == true)
        roster.remove(6, at: 2, page: 0)
        #expect(roster.accounts[row]?.isAlive == false)
    }

    @Test mutating func aStormTakesBoundedRoomAndLosesNothing() {
        for key in 1...100_000 as ClosedRange<UInt64> {
            roster.note(key, Self.run(key), in: &ledger, at: 1, unix: 1, page: 0)
            ledger.charge(roster.row(of: key), domain: 0, nanoseconds: key)
            roster.remove(key, at: key, page: 0)
            roster.retire(from: &ledger, at: key, page: 0)
        }
        #expect(ledger.rows <= Ledger.firstOpen + 2)
        #expect(ledger.cpuTime(Ledger.retired) >= 5_000_050_000 - 100_000)
    }
}
