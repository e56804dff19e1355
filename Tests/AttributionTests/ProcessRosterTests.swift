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
        #expect(roster.isGone(5))
        roster.note(5, Self.run(1), in: &ledger, unix: 9)
        let row = roster.row(of: 5)
        #expect(row >= Ledger.firstOpen)
        #expect(!roster.isGone(5))
        #expect(roster.accounts[row]?.run.comm == "true")
        #expect(roster.accounts[row]?.openedAt == 9)
        // Said twice, it is still one.
        roster.note(5, Self.run(2), in: &ledger, unix: 10)
        #expect(roster.row(of: 5) == row)
        #expect(roster.accounts[row]?.run.pid == 1)
    }

    @Test mutating func aStormTakesBoundedRoomAndLosesNothing() {
        for key in 1...100_000 as ClosedRange<UInt64> {
            roster.note(key, Self.run(key), in: &ledger, unix: 1)
            ledger.charge(roster.row(of: key), domain: 0, nanoseconds: key)
            roster.remove(key, in: &ledger, at: key, page: 0)
            roster.retire(from: &ledger, at: key, page: 0)
        }
        #expect(ledger.rows <= Ledger.firstOpen + 1)
        #expect(ledger.cpuTime(Ledger.retired) == 5_000_050_000)
    }
}
