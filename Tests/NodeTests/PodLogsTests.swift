import Attribution
import Glibc
import Testing

@testable import Node

@Suite struct PodLogsTests {
    private let tree: FixtureTree
    private let names: PodNames
    private static let uid = "12345678-90ab-cdef-1234-567890abcdef"
    private static let second: UInt64 = 1_000_000_000

    /// The root of a log tree that is yet to be made.
    init() throws {
        tree = try FixtureTree()
        names = try PodNames(podLogs: tree.root + "/log", kubelet: nil)
    }

    private func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    private func container(_ number: Int, pod uid: String = uid) -> Container {
        Container(id: id(number), podUID: uid, runtime: .containerd)
    }

    /// What the kubelet does for a container: the pod's directory, the log, and the link to it.
    private func start(_ number: Int, pod: String = "web", name: String = "app", uid: String = uid) throws {
        let log = "log/pods/shop_\(pod)_\(uid)/\(name)/0.log"
        try tree.write(log, "")
        try tree.link("log/containers/\(pod)_shop_\(name)-\(id(number)).log", to: log)
    }

    private func end(_ number: Int, pod: String = "web", name: String = "app") {
        tree.remove("log/containers/\(pod)_shop_\(name)-\(id(number)).log")
    }

    @Test func whereThereIsNoTreeThereIsNoName() {
        #expect(!names.poll(at: 0))
        #expect(!names.isPresent)
        #expect(names.name(of: container(1)) == nil)
        #expect(names.failedReadings == 0)
    }

    @Test func aTreeThatIsThereIsReadAtOnce() throws {
        try start(1)
        #expect(names.poll(at: 0))
        #expect(names.isPresent)
        #expect(names.name(of: container(1)) == ContainerName(pod: "web", namespace: "shop", container: "app"))
        #expect(!names.poll(at: 1))
    }

    @Test func namesComeAtTheNextPollAfterTheFile() throws {
        _ = names.poll(at: 0)
        // First the tree's root, then its directories, then a pod, whose sandbox never has a log, then its container.
        try tree.makeDirectory("log")
        _ = names.poll(at: 1)
        #expect(!names.isPresent)
        try tree.makeDirectory("log/pods")
        try tree.makeDirectory("log/containers")
        _ = names.poll(at: 2)
        #expect(names.isPresent)
        try tree.makeDirectory("log/pods/shop_web_\(Self.uid)")
        #expect(names.poll(at: 3))
        #expect(names.name(of: container(1)) == ContainerName(pod: "web", namespace: "shop", container: ""))
        #expect(names.name(of: container(1, pod: "")) == nil)
        try start(1)
        #expect(names.poll(at: 4))
        #expect(names.name(of: container(1, pod: "")) == ContainerName(pod: "web", namespace: "shop", container: "app"))
        #expect(names.name(of: container(2)) == ContainerName(pod: "web", namespace: "shop", container: ""))
    }

    @Test func theDescriptorTellsThatThereIsSomething() throws {
        try start(1)
        _ = names.poll(at: 0)
        _ = names.poll(at: 1)
        var waiting = pollfd(fd: names.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&waiting, 1, 0) == 0)
        try start(2)
        #expect(poll(&waiting, 1, 0) == 1)
        #expect(names.poll(at: 2))
        #expect(poll(&waiting, 1, 0) == 0)
    }

    @Test func aStaticPodIsKnownByTheUIDOfItsCgroup() throws {
        let hash = "0c1bf5f0b3eb7ad0f7ad5b6f2d1e3a49"
        try tree.makeDirectory("log/pods/kube-system_etcd-node1_\(hash)/etcd")
        _ = names.poll(at: 0)
        guard
            case .container(let etcd) = Identity(
                path: "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(hash).slice/crio-\(id(7)).scope"
            )
        else {
            Issue.record("no container")
            return
        }
        #expect(names.name(of: etcd) == ContainerName(pod: "etcd-node1", namespace: "kube-system", container: ""))
        try tree.link("log/containers/etcd-node1_kube-system_etcd-\(id(7)).log", to: "log/pods/none")
        _ = names.poll(at: 1)
        #expect(names.name(of: etcd) == ContainerName(pod: "etcd-node1", namespace: "kube-system", container: "etcd"))
    }

    @Test func aRemovedLogsNameIsKnownForAWhile() throws {
        try start(1)
        _ = names.poll(at: 0)
        end(1)
        _ = names.poll(at: 5)
        _ = names.poll(at: 4 + PodNames.retention)
        #expect(names.name(of: container(1))?.container == "app")
        _ = names.poll(at: 5 + PodNames.retention)
        #expect(names.name(of: container(1))?.container == "")
    }

    @Test func aTreeThatIsMovedAwayAndBackIsTheSame() throws {
        try start(1)
        _ = names.poll(at: 0)
        #expect(rename(tree.root + "/log/containers", tree.root + "/log/old") == 0)
        _ = names.poll(at: 1)
        // While it is elsewhere what happens in it is not ours.
        symlink("none", "\(tree.root)/log/old/web_shop_stray-\(id(9)).log")
        _ = names.poll(at: 2)
        #expect(names.name(of: container(9))?.container == "")
        try start(2)
        #expect(names.poll(at: 3))
        #expect(names.name(of: container(2))?.container == "app")
        // The whole of it.
        #expect(rename(tree.root + "/log", tree.root + "/away") == 0)
        _ = names.poll(at: 4)
        #expect(!names.isPresent)
        try start(3)
        #expect(names.poll(at: 5))
        #expect(names.isPresent)
        #expect(names.name(of: container(3))?.container == "app")
        // The old ones went with their directories.
        _ = names.poll(at: 4 + PodNames.retention)
        #expect(names.name(of: container(1))?.container == "")
        #expect(names.name(of: container(3))?.container == "app")
    }

    @Test func aFullQueueLeadsToAnotherReading() throws {
        let limit = Int(DecimalFile.read("/proc/sys/fs/inotify/max_queued_events") ?? 16384)
        try start(0)
        _ = names.poll(at: 0)
        // More than the queue holds, unheard; of the last ones no event is left.
        for number in 1...limit + 100 {
            try #require(symlink("none", "\(tree.root)/log/containers/web_shop_c\(number)-\(id(number)).log") == 0)
        }
        end(0)
        #expect(names.poll(at: 1))
        #expect(names.name(of: container(limit + 100))?.container == "c\(limit + 100)")
        // Gone without an event.
        _ = names.poll(at: 1 + PodNames.retention)
        #expect(names.name(of: container(0))?.container == "")
        #expect(names.name(of: container(1))?.container == "c1")
    }

    @Test func withoutAWatchTheDirectoryIsReadOnceASecond() throws {
        try start(1)
        // Without inotify.
        var directory = LogDirectory(path: tree.root + "/log/containers", parse: LogEntry.container)
        let first = directory.refresh(inotify: -1, at: 0)
        #expect(first)
        #expect(directory.isPresent)
        #expect(directory.failures == 1)
        try start(2)
        _ = directory.refresh(inotify: -1, at: Self.second - 1)
        #expect(directory.names[id(2)] == nil)
        let third = directory.refresh(inotify: -1, at: Self.second)
        #expect(third)
        #expect(directory.names[id(2)]?.container == "app")
        #expect(directory.failures == 2)
    }
}
