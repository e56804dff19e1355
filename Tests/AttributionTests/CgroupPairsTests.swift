import Attribution
import Testing

@Suite struct CgroupPairsTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let container = "/kubepods/burstable/pod5f4b7b9e/\(id)"
    private static let root = (v2: UInt64(1), v1: UInt64(1) << 63 | 1)
    private static let pair: UInt64 = 1 << 62 | 7

    private var pairs = CgroupPairs()

    @Test(arguments: [
        ("/", "/", "/"),
        ("/", container, container),
        (container, "/", container),
        ("/system.slice/docker.service", container, container),
        ("/system.slice/cron.service", "/system.slice", "/system.slice/cron.service"),
        ("/", "/kubepods/burstable", "/kubepods/burstable"),
    ])
    mutating func aPairIsCalledByWhatSaysMost(v2: String, v1: String, path: String) {
        pairs.note(2, path: v2)
        pairs.note(3, path: v1)
        #expect(pairs.pair(Self.pair, v2: 2, v1: 3) == path)
    }

    @Test mutating func aPairGoesWithEitherOfItsCgroups() {
        _ = pairs.reconcile(with: [Self.root.v2: "/", Self.root.v1: "/", 5: "/a", 6: "/b"])
        #expect(pairs.pair(10, v2: 5, v1: Self.root.v1) == "/a")
        #expect(pairs.pair(11, v2: Self.root.v2, v1: 6) == "/b")
        #expect(pairs.pair(12, v2: 5, v1: 6) == "/a")
        #expect(Set(pairs.remove(5)) == [10, 12])
        #expect(pairs.remove(6) == [11])
        #expect(!pairs.knows(10) && !pairs.knows(11) && !pairs.knows(12))
    }

    /// The last steps of a task may be the first that anyone hears of its pair.
    @Test mutating func aPairThatWorkedAfterItsCgroupWentIsNamedAndOver() {
        _ = pairs.reconcile(with: [Self.root.v2: "/", Self.root.v1: "/", 5: "/a"])
        #expect(pairs.remove(5) == [])
        #expect(pairs.pair(Self.pair, v2: 5, v1: Self.root.v1) == "/a")
        #expect(!pairs.knows(Self.pair))
        pairs.forgetRemoved()
        #expect(pairs.pair(Self.pair, v2: 5, v1: Self.root.v1) == nil)
    }

    @Test mutating func aWalkMendsWhatWasLost() {
        #expect(pairs.pair(Self.pair, v2: 5, v1: 6) == nil)
        #expect(pairs.pair(9, v2: 5, v1: 7) == nil)
        #expect(pairs.reconcile(with: [5: "/", 6: Self.container]) == [Self.pair: Self.container])
        #expect(pairs.knows(Self.pair) && !pairs.knows(9))
    }
}
