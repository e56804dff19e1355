import Attribution
import Testing

@Suite struct RosterTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let scope = "/system.slice/docker-\(id).scope"

    private var ledger = Ledger(zones: [Zone(kind: .package, package: "0", domains: 0..<1)], domains: 1)
    private var roster = Roster()

    @Test mutating func aContainersCgroupsShareARow() {
        roster.note(1, path: Self.scope)
        roster.note(2, path: Self.scope + "/init.scope")
        roster.note(3, path: "/system.slice")
        let row = roster.row(of: 1, in: &ledger)
        #expect(roster.row(of: 2, in: &ledger) == row)
        #expect(roster.row(of: 3, in: &ledger) != row)
        #expect(roster.identity(row) == .container(Self.id))
        #expect(roster.cgroups == 3)
    }

    @Test mutating func theRootIsTheKernelsRow() {
        roster.note(1, path: "/")
        #expect(roster.row(of: 1, in: &ledger) == Ledger.kernel)
        #expect(roster.identity(Ledger.kernel) == nil)
    }

    @Test mutating func aCgroupThatNobodyKnowsIsTheSystems() {
        #expect(!roster.knows(9))
        #expect(roster.isGone(9))
        #expect(roster.row(of: 9, in: &ledger) == Ledger.system)
        #expect(ledger.rows == Ledger.firstOpen)
    }

    @Test(arguments: [(scope, Ledger.retired), ("/system.slice/cron.service", Ledger.system)])
    mutating func anAccountStaysUntilItIsRetired(path: String, heir: Ledger.Row) {
        roster.note(1, path: path)
        let row = roster.row(of: 1, in: &ledger)
        ledger.charge(row, domain: 0, nanoseconds: 5)
        ledger.post(zone: 0, spent: Energy(microjoules: 7))
        roster.remove(1, at: 100)
        #expect(roster.isGone(1))
        roster.retire(goneBefore: 100, from: &ledger)
        #expect(roster.identity(row) == Identity(path: path))
        #expect(roster.row(of: 1, in: &ledger) == row)

        roster.retire(goneBefore: 101, from: &ledger)
        #expect(roster.identity(row) == nil)
        #expect(!roster.knows(1))
        #expect(ledger.energy(heir, zone: 0) == Energy(microjoules: 7))
        #expect(ledger.cpuTime(heir) == 5)
        #expect(ledger.energy(row, zone: 0) == .zero)
    }

    @Test mutating func aContainerLivesAsLongAsOneOfItsCgroups() {
        roster.note(1, path: Self.scope)
        roster.note(2, path: Self.scope + "/init.scope")
        let row = roster.row(of: 1, in: &ledger)
        _ = roster.row(of: 2, in: &ledger)
        roster.remove(2, at: 10)
        // Said twice, it is still one.
        roster.remove(2, at: 11)
        roster.retire(goneBefore: 1000, from: &ledger)
        #expect(roster.identity(row) == .container(Self.id))
        roster.remove(1, at: 2000)
        roster.retire(goneBefore: 3000, from: &ledger)
        #expect(roster.identity(row) == nil)
    }

    @Test mutating func aContainerLivesWithACgroupThatHasYetToWork() {
        roster.note(1, path: Self.scope + "/a")
        roster.note(2, path: Self.scope + "/b")
        let row = roster.row(of: 1, in: &ledger)
        roster.remove(1, at: 10)
        roster.retire(goneBefore: 1000, from: &ledger)
        #expect(roster.identity(row) == .container(Self.id))
    }

    @Test mutating func aContainerThatComesBackHasItsRowAgain() {
        roster.note(1, path: Self.scope)
        let row = roster.row(of: 1, in: &ledger)
        roster.remove(1, at: 10)
        roster.note(2, path: Self.scope)
        #expect(roster.row(of: 2, in: &ledger) == row)
        roster.retire(goneBefore: 1000, from: &ledger)
        #expect(roster.identity(row) == .container(Self.id))
    }

    @Test mutating func aContainerThatComesBackLaterStartsAnew() {
        roster.note(1, path: Self.scope)
        _ = roster.row(of: 1, in: &ledger)
        roster.remove(1, at: 10)
        roster.retire(goneBefore: 1000, from: &ledger)
        roster.note(2, path: Self.scope)
        let row = roster.row(of: 2, in: &ledger)
        #expect(row >= Ledger.firstOpen)
        #expect(roster.identity(row) == .container(Self.id))
    }

    @Test mutating func cgroupsThatComeAndGoInALivingContainerAreForgotten() {
        roster.note(1, path: Self.scope)
        let row = roster.row(of: 1, in: &ledger)
        for number in 2...1000 as ClosedRange<UInt64> {
            roster.note(number, path: "\(Self.scope)/\(number)")
            #expect(roster.row(of: number, in: &ledger) == row)
            roster.remove(number, at: number)
            roster.retire(goneBefore: number, from: &ledger)
        }
        #expect(roster.cgroups <= 2)
        #expect(roster.identity(row) == .container(Self.id))
    }

    @Test mutating func aCgroupThatNeverWorkedLeavesNothing() {
        roster.note(1, path: "/system.slice/idle.service")
        roster.remove(1, at: 10)
        #expect(roster.cgroups == 0)
        #expect(ledger.rows == Ledger.firstOpen)
    }

    @Test(arguments: [true, false]) mutating func manyShortLivesTakeFewRows(containers: Bool) {
        for number in 1...10_000 as ClosedRange<UInt64> {
            let digits = String(number, radix: 16)
            let name = String(repeating: "0", count: 64 - digits.count) + digits
            roster.note(number, path: containers ? "/docker/\(name)" : "/batch/\(number)")
            let row = roster.row(of: number, in: &ledger)
            ledger.charge(row, domain: 0, nanoseconds: number)
            roster.remove(number, at: number)
            roster.retire(goneBefore: number, from: &ledger)
        }
        #expect(ledger.rows <= Ledger.firstOpen + 2)
        #expect(roster.accounts.count <= ledger.rows)
        #expect(roster.cgroups <= 2)
        roster.retire(goneBefore: .max, from: &ledger)
        #expect(roster.cgroups == 0)
        #expect(ledger.cpuTime(containers ? Ledger.retired : Ledger.system) == 50_005_000)
    }

    @Test mutating func reconcilingNotesTheNewAndReturnsTheGone() {
        roster.note(1, path: "/a")
        roster.note(2, path: "/b")
        roster.note(3, path: "/c")
        _ = roster.row(of: 3, in: &ledger)
        roster.remove(3, at: 10)
        // The third is known to be gone already, though its account is still there.
        #expect(roster.reconcile(with: [2: "/b", 4: "/d"]) == [1])
        #expect(roster.knows(4))
        #expect(!roster.isGone(4))
    }
}
