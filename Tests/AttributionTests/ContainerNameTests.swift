import Attribution
import Testing

@Suite struct ContainerNameTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(arguments: [
        (
            "kube-system_coredns-5d78c9869d-abcde_12345678-90ab-cdef-1234-567890abcdef", "kube-system",
            "coredns-5d78c9869d-abcde",
            "12345678-90ab-cdef-1234-567890abcdef"
        ),
        (
            "kube-system_etcd-node.example_0c1bf5f0b3eb7ad0f7ad5b6f2d1e3a49", "kube-system", "etcd-node.example",
            "0c1bf5f0b3eb7ad0f7ad5b6f2d1e3a49"
        ),
    ])
    func aPodsDirectoryNamesItByItsUID(directory: String, namespace: String, pod: String, uid: String) throws {
        let entry = try #require(LogEntry.pod(directory))
        #expect(entry.key == uid)
        #expect(entry.name == ContainerName(pod: pod, namespace: namespace, container: ""))
    }

    @Test(arguments: ["", "_", "__", "a_b", "a_b_", "_b_c", "a__c", "a_b_c_d", "lost+found"])
    func anyOtherDirectoryIsNoPod(directory: String) { #expect(LogEntry.pod(directory) == nil) }

    @Test(arguments: ["app", "side-car", "a-\(id)"]) func aLinkNamesAContainerByItsID(container: String) throws {
        let entry = try #require(LogEntry.container("web-7d4b_shop_\(container)-\(Self.id).log"))
        #expect(entry.key == Self.id)
        #expect(entry.name == ContainerName(pod: "web-7d4b", namespace: "shop", container: container))
    }

    @Test(arguments: [
        "", ".log", "web_shop_app.log", "web_shop_app-\(id)", "web_shop_-\(id).log", "web_shop_app\(id).log",
        "_shop_app-\(id).log",
        "web__app-\(id).log", "web_app-\(id).log", "web_shop_app_x-\(id).log", "web_shop_app-\(id.uppercased()).log",
        // Cut by the kubelet, which allows itself 255 bytes.
        "web_shop_app-\(id.dropLast(3)).log",
    ])
    func anyOtherFileIsNoContainer(link: String) { #expect(LogEntry.container(link) == nil) }
}

@Suite struct NameTableTests {
    private var table = NameTable(retention: 100, capacity: 3)

    private func name(_ pod: String) -> ContainerName { ContainerName(pod: pod, namespace: "ns", container: "c") }

    @Test mutating func whatIsGoneIsKnownForAWhile() {
        let first = table.learn("a", name("one"))
        let again = table.learn("a", name("one"))
        #expect(first && !again)
        table.lose("a", at: 10)
        table.lose("a", at: 50)
        table.forget(at: 109)
        #expect(table["a"] == name("one"))
        table.forget(at: 110)
        #expect(table["a"] == nil)
        #expect(table.count == 0)
    }

    @Test mutating func whatCameBackStays() {
        _ = table.learn("a", name("one"))
        table.lose("a", at: 10)
        _ = table.learn("a", name("one"))
        table.forget(at: 1000)
        #expect(table["a"] == name("one"))
        // Gone again, its time begins anew.
        table.lose("a", at: 2000)
        table.forget(at: 2099)
        #expect(table["a"] != nil)
        table.forget(at: 2100)
        #expect(table["a"] == nil)
    }

    @Test mutating func ofTooManyGoneTheOldestAreForgotten() {
        for number in 1...5 as ClosedRange<UInt64> {
            _ = table.learn("\(number)", name("pod"))
            table.lose("\(number)", at: number)
        }
        table.forget(at: 6)
        #expect((1...5).filter { table["\($0)"] != nil } == [3, 4, 5])
    }

    @Test mutating func churnLeavesNoMoreThanItsCapacity() {
        _ = table.learn("stays", name("pod"))
        for number in 1...100_000 as ClosedRange<UInt64> {
            _ = table.learn("\(number)", name("pod"))
            table.lose("\(number)", at: number)
            table.forget(at: number)
        }
        #expect(table.count == 4)
        #expect(table["stays"] != nil)
    }

    @Test mutating func aRescanKeepsWhatItFound() {
        for key in ["a", "b", "c"] { _ = table.learn(key, name(key)) }
        table.keep(only: ["b"], at: 10)
        table.forget(at: 110)
        #expect(table.count == 1)
        #expect(table["b"] != nil)
    }
}
