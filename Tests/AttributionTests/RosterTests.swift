import Attribution
import Testing

@Suite struct RosterTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let scope = "/system.slice/docker-\(id).scope"

    private static let second: UInt64 = 1_000_000_000

    private var ledger = Ledger(zones: [Zone(kind: .package, package: "0", domains: 0..<1)], domains: 1)
    private var roster = Roster(zones: 1, retention: Retention(time: 60_000_000_000, pages: 0, most: 1000))

    /// Lets time pass, in seconds: what went 60 s before is folded away.
    private mutating func retire(at time: UInt64) { roster.retire(from: &ledger, at: time * Self.second, page: 0) }
    private mutating func remove(_ cgroup: UInt64, at time: UInt64) {
        roster.remove(cgroup, in: &ledger, at: time * Self.second, page: 0)
    }
    private mutating func note(_ cgroup: UInt64, path: String) { roster.note(cgroup, path: path, in: &ledger) }
    private mutating func place(of cgroup: UInt64) -> Ledger.Row {
        roster.row(of: cgroup, in: &ledger, at: 0, unix: 7)
    }
    private func containerID(_ row: Ledger.Row) -> String? {
        guard case .container(let container) = roster.identity(row) else { return nil }
        return container.id
    }

    @Test mutating func aContainersCgroupsShareARow() {
        note(1, path: Self.scope)
        note(2, path: Self.scope + "/init.scope")
        note(3, path: "/system.slice")
        let row = place(of: 1)
        #expect(place(of: 2) == row)
        #expect(place(of: 3) != row)
        #expect(containerID(row) == Self.id)
        #expect(roster.accounts.members == 3)
    }

    @Test mutating func theRootIsTheKernelsRow() {
        note(1, path: "/")
        #expect(place(of: 1) == Ledger.kernel)
        #expect(roster.identity(Ledger.kernel) == nil)
    }

    @Test mutating func aCgroupThatNobodyKnowsIsTheSystems() {
        #expect(!roster.knows(9))
        #expect(roster.accounts.isGone(9))
        #expect(place(of: 9) == Ledger.system)
        #expect(ledger.rows == Ledger.firstOpen)
    }

    @Test(arguments: [(scope, Ledger.retired), ("/system.slice/cron.service", Ledger.system)])
    mutating func anAccountStaysUntilItIsRetired(path: String, heir: Ledger.Row) {
        note(1, path: path)
        let row = place(of: 1)
        ledger.charge(row, domain: 0, nanoseconds: 5)
        ledger.post(zone: 0, spent: Energy(microjoules: 7))
        remove(1, at: 100)
        #expect(roster.accounts.isGone(1))
        retire(at: 159)
        #expect(roster.identity(row) == Identity(path: path))

        retire(at: 160)
        #expect(roster.identity(row) == nil)
        #expect(!roster.knows(1))
        #expect(ledger.share(heir, zone: 0).energy == Energy(microjoules: 7))
        #expect(ledger.cpuTime(heir) == 5)
        #expect(ledger.share(row, zone: 0).energy == .zero)
    }

    @Test mutating func aContainerLivesAsLongAsOneOfItsCgroups() {
        note(1, path: Self.scope)
        note(2, path: Self.scope + "/init.scope")
        let row = place(of: 1)
        _ = place(of: 2)
        remove(2, at: 10)
        // Said twice, it is still one.
        remove(2, at: 11)
        retire(at: 1000)
        #expect(containerID(row) == Self.id)
        remove(1, at: 2000)
        retire(at: 3000)
        #expect(roster.identity(row) == nil)
    }

    @Test mutating func aContainerLivesWithACgroupThatHasYetToWork() {
        note(1, path: Self.scope + "/a")
        note(2, path: Self.scope + "/b")
        let row = place(of: 1)
        remove(1, at: 10)
        retire(at: 1000)
        #expect(containerID(row) == Self.id)
    }

    @Test mutating func aContainerThatComesBackHasItsRowAgain() {
        note(1, path: Self.scope)
        let row = place(of: 1)
        remove(1, at: 10)
        note(2, path: Self.scope)
        #expect(place(of: 2) == row)
        retire(at: 1000)
        #expect(containerID(row) == Self.id)
    }

    @Test mutating func aContainerThatComesBackLaterStartsAnew() {
        note(1, path: Self.scope)
        _ = place(of: 1)
        remove(1, at: 10)
        retire(at: 1000)
        note(2, path: Self.scope)
        let row = place(of: 2)
        #expect(row >= Ledger.firstOpen)
        #expect(containerID(row) == Self.id)
    }

    @Test mutating func cgroupsThatComeAndGoInALivingContainerAreForgotten() {
        note(1, path: Self.scope)
        let row = place(of: 1)
        for number in 2...1000 as ClosedRange<UInt64> {
            note(number, path: "\(Self.scope)/\(number)")
            #expect(place(of: number) == row)
            remove(number, at: number)
            retire(at: number)
        }
        #expect(roster.accounts.members <= 12)
        #expect(containerID(row) == Self.id)
    }

    @Test mutating func whatEndsLateIsStillItsContainers() {
        note(1, path: Self.scope)
        let row = place(of: 1)
        remove(1, at: 100)
        #expect(place(of: 1) == row)
        roster = Roster(zones: 1, retention: Retention(time: 0, pages: 0, most: 0))
        note(1, path: Self.scope)
        _ = place(of: 1)
        remove(1, at: 100)
        retire(at: 100)
        // The row is gone, and its last tasks still end.
        #expect(place(of: 1) == Ledger.retired)
    }

    @Test mutating func aCgroupThatNeverWorkedLeavesNothing() {
        note(1, path: "/system.slice/idle.service")
        #expect(roster.path(of: .system("/system.slice/idle.service")) == "/system.slice/idle.service")
        remove(1, at: 10)
        #expect(roster.path(of: .system("/system.slice/idle.service")) == nil)
        #expect(roster.accounts.members == 0)
        #expect(ledger.rows == Ledger.firstOpen)
    }

    // MARK: Retention

    private static func name(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    @Test(arguments: [true, false]) mutating func manyShortLivesTakeBoundedRoom(containers: Bool) {
        roster = Roster(zones: 1, retention: Retention(time: 600 * Self.second, pages: 2, most: 100))
        for number in 1...100_000 as ClosedRange<UInt64> {
            note(number, path: containers ? "/docker/\(Self.name(number))" : "/batch/\(number)")
            let row = place(of: number)
            ledger.charge(row, domain: 0, nanoseconds: number)
            remove(number, at: number)
            retire(at: number)
        }
        #expect(ledger.rows <= Ledger.firstOpen + 102)
        #expect(roster.accounts.all.count <= ledger.rows)
        #expect(roster.accounts.members <= 12)
        var time: UInt64 = 0
        for row in 0..<ledger.rows { time += ledger.cpuTime(row) }
        #expect(time == 5_000_050_000)
        // The youngest hundred are there, the rest is in one account.
        let kept = (99_901...100_000 as ClosedRange<UInt64>).reduce(0, +)
        #expect(ledger.cpuTime(containers ? Ledger.retired : Ledger.system) == 5_000_050_000 - kept)
    }

    @Test mutating func whatIsGoneIsShownOnTwoPagesHoweverLate() {
        roster = Roster(zones: 1, retention: Retention(time: 60 * Self.second))
        note(1, path: Self.scope)
        let row = place(of: 1)
        roster.remove(1, in: &ledger, at: 0, page: 7)
        for page in [7, 8] as [UInt64] {
            roster.retire(from: &ledger, at: 3600 * Self.second, page: page)
            #expect(containerID(row) == Self.id)
        }
        roster.retire(from: &ledger, at: 59 * Self.second, page: 9)
        #expect(containerID(row) == Self.id)
        roster.retire(from: &ledger, at: 60 * Self.second, page: 9)
        #expect(roster.identity(row) == nil)
    }

    @Test mutating func comingBackStartsTheWaitAnew() {
        note(1, path: Self.scope)
        let row = place(of: 1)
        remove(1, at: 100)
        note(2, path: Self.scope)
        remove(2, at: 150)
        retire(at: 160)
        #expect(containerID(row) == Self.id)
        retire(at: 210)
        #expect(roster.identity(row) == nil)
    }

    @Test mutating func reconcilingNotesTheNewAndReturnsTheGone() {
        note(1, path: "/a")
        note(2, path: "/b")
        note(3, path: "/c")
        _ = place(of: 3)
        remove(3, at: 10)
        // The third is known to be gone already, though its account is still there.
        #expect(roster.reconcile(with: [2: "/b", 4: "/d"], in: &ledger) == [1])
        #expect(roster.knows(4))
        #expect(!roster.accounts.isGone(4))
    }
}
