import Attribution
import Testing

/// What a roster knows of names and pods.
@Suite struct NamesAndPodsTests {
    private static let pod = "11111111-2222-3333-4444-555555555555"
    private static let second: UInt64 = 1_000_000_000
    private static let name = ContainerName(pod: "web-0", namespace: "shop", container: "nginx")

    private var ledger = Ledger(zones: [Zone(kind: .package, package: "0", domains: 0..<1)], domains: 1)
    private var roster = Roster(zones: 1, retention: Retention(time: 60_000_000_000, pages: 0, most: 1000))

    private static func path(_ digit: Character) -> String {
        "/kubepods/burstable/pod\(pod)/\(String(repeating: digit, count: 64))"
    }

    /// Makes a container of the pod that has spent so many microjoules.
    private mutating func container(_ cgroup: UInt64, _ digit: Character, spent: UInt64) -> Ledger.Row {
        roster.note(cgroup, path: Self.path(digit), in: &ledger)
        let row = roster.row(of: cgroup, in: &ledger, at: 0, unix: 5)
        ledger.charge(row, domain: 0, nanoseconds: 1)
        ledger.post(zone: 0, spent: Energy(microjoules: spent))
        return row
    }

    private mutating func learn(_ name: ContainerName?, at second: UInt64) {
        roster.learnNames(at: second * Self.second, wait: 10 * Self.second) { _ in name }
    }

    // MARK: Names

    @Test mutating func aNameSettlesOnceItIsComplete() {
        let row = container(1, "a", spent: 7)
        learn(nil, at: 1)
        #expect(roster.accounts[row]?.detail.naming.settled == nil)
        learn(ContainerName(pod: "web-0", namespace: "shop", container: ""), at: 2)
        #expect(roster.accounts[row]?.detail.naming.settled == nil)
        learn(Self.name, at: 3)
        #expect(roster.accounts[row]?.detail.naming.settled == Self.name)
        #expect(roster.pods.all.first??.name == Self.name)
        learn(ContainerName(pod: "other", namespace: "shop", container: "nginx"), at: 4)
        #expect(roster.accounts[row]?.detail.naming.settled == Self.name)
    }

    @Test mutating func aNameThatComesTooLateIsKeptApart() {
        let row = container(1, "a", spent: 7)
        learn(nil, at: 9)
        #expect(roster.accounts[row]?.detail.naming.settled == nil)
        learn(nil, at: 10)
        #expect(roster.accounts[row]?.detail.naming.settled == .unknown)
        learn(Self.name, at: 11)
        #expect(roster.accounts[row]?.detail.naming.settled == .unknown)
        #expect(roster.accounts[row]?.detail.naming.later == Self.name)
    }

    @Test mutating func whereNobodyCouldTellNothingIsAwaited() {
        let row = container(1, "a", spent: 7)
        roster.learnNames(at: 0, wait: 0) { _ in nil }
        #expect(roster.accounts[row]?.detail.naming.settled == .unknown)
    }

    // MARK: Pods

    @Test mutating func aPodKeepsWhatItsFormerContainersHad() throws {
        let first = container(1, "a", spent: 7)
        let pod = try #require(roster.accounts[first]?.detail.pod)
        let second = container(2, "b", spent: 11)
        #expect(roster.accounts[second]?.detail.pod == pod)
        roster.remove(1, in: &ledger, at: 0, page: 0)
        #expect(roster.pods.all[pod]?.isAlive == true)
        roster.retire(from: &ledger, at: 60 * Self.second, page: 0)
        #expect(roster.identity(first) == nil)
        #expect(roster.pods.former(pod, zone: 0).energy == Energy(microjoules: 7))
        #expect(roster.pods.formerTime(pod) == 1)
        #expect(ledger.share(Ledger.retired, zone: 0).energy == Energy(microjoules: 7))
        #expect(roster.pods.retired(zone: 0).energy == .zero)
    }

    @Test mutating func aPodGoesWithItsLastContainer() throws {
        let row = container(1, "a", spent: 7)
        let pod = try #require(roster.accounts[row]?.detail.pod)
        roster.remove(1, in: &ledger, at: 0, page: 0)
        #expect(roster.pods.all[pod]?.isAlive == false)
        roster.retire(from: &ledger, at: 60 * Self.second, page: 0)
        #expect(roster.pods.all[pod] == nil)
        #expect(roster.pods.retired(zone: 0).energy == Energy(microjoules: 7))
        #expect(roster.pods.retiredTime == 1)
        // Another one takes its place and has none of it.
        let next = container(2, "b", spent: 1)
        #expect(roster.accounts[next]?.detail.pod == pod)
        #expect(roster.pods.former(pod, zone: 0).energy == .zero)
    }

    // MARK: Pods of one name

    /// Makes a container of the pod with that digit for a UID, which has spent so many microjoules under a name.
    private mutating func namesake(_ cgroup: UInt64, _ digit: Character, _ name: ContainerName?, spent: UInt64) {
        let pod = "\(String(repeating: digit, count: 8))-2222-3333-4444-555555555555"
        let path = "/kubepods/burstable/pod\(pod)/\(String(repeating: digit, count: 64))"
        roster.note(cgroup, path: path, in: &ledger)
        ledger.charge(roster.row(of: cgroup, in: &ledger, at: 0, unix: 5), domain: 0, nanoseconds: 1)
        ledger.post(zone: 0, spent: Energy(microjoules: spent))
        roster.learnNames(at: 0, wait: 0) { $0.id.first == digit ? name : nil }
    }

    @Test mutating func aNameThatIsUsedAgainIsOneGroupThatKeepsWhatItsPodsHad() {
        namesake(1, "a", Self.name, spent: 7)
        namesake(2, "b", Self.name, spent: 11)
        namesake(3, "c", nil, spent: 13)
        #expect(roster.pods.all.map { $0?.namesake } == [0, 0, nil])
        roster.remove(1, in: &ledger, at: 0, page: 0)
        roster.remove(3, in: &ledger, at: 0, page: 0)
        roster.retire(from: &ledger, at: 60 * Self.second, page: 0)
        #expect(roster.pods.namesakes.former(0, zone: 0).energy == Energy(microjoules: 7))
        #expect(roster.pods.namesakes.formerTime(0) == 1)
        #expect(roster.pods.namesakes.retired(zone: 0).energy == .zero)
        roster.remove(2, in: &ledger, at: 0, page: 0)
        roster.retire(from: &ledger, at: 60 * Self.second, page: 0)
        #expect(roster.pods.namesakes.all.allSatisfy { $0 == nil })
        #expect(roster.pods.namesakes.retired(zone: 0).energy == Energy(microjoules: 18))
        #expect(roster.pods.namesakes.retiredTime == 2)
        #expect(roster.pods.retired(zone: 0).energy == Energy(microjoules: 31))
    }
}
