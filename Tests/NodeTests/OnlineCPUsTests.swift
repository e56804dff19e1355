import Attribution
import Glibc
import Testing

@testable import Node

@Suite struct OnlineCPUsTests {
    /// Two sockets of four CPUs, the sixth of which was offline when the agent began.
    private static let topology = Topology(
        places: (0..<8).map { $0 == 5 ? nil : .init(package: $0 / 4, die: 0) })

    @Test(arguments: [
        ("0-7", [5, 3]), ("0-4,6-7", [4, 3]), ("0", [1, 0]), ("0,2,4,6-7", [2, 3]), ("0-3", [4, 0]),
        ("4-7,12", [2, 3]),
    ])
    func aListIsCountedByDomain(list: String, counts: [Int]) throws {
        let tree = try FixtureTree()
        try tree.write("devices/system/cpu/online", list)
        var online = OnlineCPUs(sysfs: tree.root, topology: Self.topology)
        #expect(online.inDomain == [4, 3])
        let done = online.read()
        #expect(done)
        #expect(online.inDomain == counts)
    }

    @Test(arguments: ["", "\n", "3-1", "0-", "x", "0-99999", "0-3;5"])
    func nonsenseChangesNothing(list: String) throws {
        let tree = try FixtureTree()
        try tree.write("devices/system/cpu/online", list)
        var online = OnlineCPUs(sysfs: tree.root, topology: Self.topology)
        let done = online.read()
        #expect(!done)
        #expect(online.inDomain == [4, 3])
    }

    @Test func theMachinesOwnAreRead() {
        let topology = Topology(sysfs: "/sys")
        var online = OnlineCPUs(sysfs: "/sys", topology: topology)
        let done = online.read()
        #expect(done)
        #expect(online.inDomain.reduce(0, +) == sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}
