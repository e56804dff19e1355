import Attribution
import Glibc
import Testing

@testable import Node

@Suite(.serialized) struct KubeletTests {
    private let tree: FixtureTree
    private let kubelet: KubeletStandIn
    private static let second: UInt64 = 1_000_000_000
    private static let uid = "12345678-90ab-cdef-1234-567890abcdef"
    private static let hash = "0c1bf5f0b3eb7ad0f7ad5b6f2d1e3a49"

    init() throws {
        tree = try FixtureTree()
        try tree.write("token", "secret-1")
        kubelet = try KubeletStandIn(tree)
        try serve([Self.pod("web", containers: ["app": 1])])
    }

    private static func id(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    private static func container(_ number: Int, pod uid: String = uid) -> Container {
        Container(id: id(number), podUID: uid, runtime: .containerd)
    }

    private static func pod(_ name: String, containers: [String: Int]) -> String {
        let statuses = containers.map { #"{"name":"\#($0)","containerID":"containerd://\#(id($1))","state":{}}"# }
        return #"{"metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(uid)"},"#
            + #""spec":{"containers":[]},"status":{"containerStatuses":[\#(statuses.joined(separator: ","))]}}"#
    }

    private func serve(_ pods: [String]) throws {
        let list = pods.joined(separator: ",")
        try tree.write("pods.json", #"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[\#(list)]}"#)
    }

    private func names(token: String? = "token", limits: Kubelet.Limits = Kubelet.Limits()) throws -> PodNames {
        let endpoint = try KubeletEndpoint(
            url: kubelet.url, tokenFile: token.map { "\(tree.root)/\($0)" }, caFile: tree.root + "/cert.pem")
        return try PodNames(podLogs: tree.root + "/log", kubelet: endpoint, limits: limits)
    }

    /// Polls at one instant, whenever the descriptor says so, until a request is over; true when there was news.
    private func settle(_ names: PodNames, at now: UInt64) -> Bool {
        func over() -> UInt64 { (names.failedRequests ?? 0) + (names.answeredRequests ?? 0) }
        let before = over()
        var news = names.poll(at: now)
        for _ in 0..<2000 where over() == before {
            var waiting = pollfd(fd: names.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&waiting, 1, 5)
            if names.poll(at: now) { news = true }
        }
        return news
    }

    @Test func aPodsContainersHaveTheirNames() throws {
        let names = try names()
        #expect(names.isPresent)
        #expect(names.name(of: Self.container(1)) == nil)
        #expect(settle(names, at: 0))
        #expect(names.name(of: Self.container(1)) == ContainerName(pod: "web", namespace: "shop", container: "app"))
        #expect(names.name(of: Self.container(2)) == ContainerName(pod: "web", namespace: "shop", container: ""))
        #expect(names.failedRequests == 0)
    }

    @Test func itIsAskedEveryFifteenSecondsAndSoonWhenANameIsMissed() throws {
        let names = try names()
        _ = settle(names, at: 0)
        for now in [1, 14_999_999_999] as [UInt64] { _ = names.poll(at: now) }
        #expect(kubelet.requests == 1)
        try serve([Self.pod("web", containers: ["app": 1, "late": 2])])
        #expect(settle(names, at: 15 * Self.second))
        #expect(kubelet.requests == 2)
        #expect(names.name(of: Self.container(2))?.container == "late")
        // One that is missed, but not within a second of the last request.
        try serve([Self.pod("web", containers: ["app": 3])])
        _ = names.name(of: Self.container(3))
        _ = names.poll(at: 16 * Self.second - 1)
        #expect(names.answeredRequests == 2)
        #expect(settle(names, at: 16 * Self.second))
        #expect(names.name(of: Self.container(3))?.container == "app")
        // What nobody can name, a sandbox, is asked for less and less.
        let before = kubelet.requests
        for second in 17...100 as ClosedRange<UInt64> {
            _ = names.name(of: Self.container(4))
            let over = names.answeredRequests
            _ = names.poll(at: second * Self.second)
            for _ in 0..<50 where names.answeredRequests == over {
                usleep(1000)
                _ = names.poll(at: second * Self.second)
            }
        }
        #expect(kubelet.requests - before <= 84 / 15 + 7)
        // Gone from the list, it is known for a while.
        #expect(names.name(of: Self.container(2))?.container == "late")
    }

    @Test func aTokenThatRotatesIsReadAnew() throws {
        let names = try names()
        _ = settle(names, at: 0)
        try tree.write("accepted", "secret-2")
        _ = settle(names, at: 15 * Self.second)
        #expect(names.failedRequests == 1)
        try tree.write("token", "secret-2")
        _ = settle(names, at: 30 * Self.second)
        #expect(names.failedRequests == 1)
        #expect(names.answeredRequests == 2)
    }

    @Test(arguments: ["401", "410", "500", "302", "slow", "big", "garbage"])
    func aFailureIsToldOnceAndNamesStay(mode: String) throws {
        var limits = Kubelet.Limits()
        limits.timeout = 300_000_000
        limits.bytes = 1 << 20
        let names = try names(limits: limits)
        _ = settle(names, at: 0)
        let lines = try linesOnStandardError {
            try kubelet.behave(mode)
            for time in 1...3 as ClosedRange<UInt64> { _ = settle(names, at: time * 15 * Self.second) }
            #expect(names.failedRequests == 3)
            #expect(names.name(of: Self.container(1))?.container == "app")
            try kubelet.behave("ok")
            for time in 4...5 as ClosedRange<UInt64> { _ = settle(names, at: time * 15 * Self.second) }
        }
        #expect(names.failedRequests == 3)
        #expect(names.answeredRequests == 3)
        let mine = lines.filter { $0.contains(kubelet.url) }
        #expect(mine.count == 2, "\(mine)")
        let reasons = ["slow": "timed out", "big": "longer than 1048576 bytes", "garbage": "not a list of pods"]
        #expect(mine.first?.contains("cannot list its pods") ?? false)
        #expect(mine.first?.contains(reasons[mode] ?? "status \(mode)") ?? false, "\(mine)")
        #expect(mine.last?.contains("answers again") ?? false)
    }

    @Test func aPollNeverWaits() throws {
        try kubelet.behave("slow")
        let names = try names()
        var longest: UInt64 = 0
        var polls = 0
        while names.answeredRequests == 0, polls < 5000 {
            let start = Clock.monotonic
            _ = names.poll(at: 0)
            longest = max(longest, Clock.monotonic - start)
            polls += 1
            usleep(1000)
        }
        #expect(names.answeredRequests == 1)
        // The server takes a second, and no poll has waited for it.
        #expect(polls > 100)
        #expect(longest < 200_000_000)
    }

    @Test func onlyItsOwnCertificateIsTrustedAndAHostMayHaveAName() throws {
        let named = "https://localhost" + kubelet.url.drop { $0 != ":" }.dropFirst().drop { $0 != ":" }
        let trusting = try KubeletEndpoint(url: named, tokenFile: tree.root + "/token", caFile: tree.root + "/cert.pem")
        let names = try PodNames(podLogs: tree.root + "/log", kubelet: trusting)
        _ = settle(names, at: 0)
        #expect(names.answeredRequests == 1)
        // libcurl would start a thread to look the name up.
        #expect(trusting.addresses?.hasPrefix(named.dropFirst("https://".count) + ":") ?? false)

        let wary = try KubeletEndpoint(url: kubelet.url, tokenFile: tree.root + "/token", caFile: nil)
        let nameless = try PodNames(podLogs: tree.root + "/log", kubelet: wary)
        _ = settle(nameless, at: 0)
        #expect(nameless.failedRequests == 1)
    }

    @Test func theLogTreeAndTheKubeletTogether() throws {
        let names = try names()
        _ = settle(names, at: 0)
        var waiting = pollfd(fd: names.descriptor, events: Int16(POLLIN), revents: 0)
        try tree.makeDirectory("log/pods")
        _ = names.poll(at: 1)
        #expect(names.poll(at: Self.second) == false)
        #expect(poll(&waiting, 1, 0) == 0)
        try tree.makeDirectory("log/pods/shop_job_\(Self.hash)")
        #expect(poll(&waiting, 1, 0) == 1)
        #expect(names.poll(at: 2 * Self.second))
        #expect(poll(&waiting, 1, 0) == 0)
        #expect(names.name(of: Self.container(9, pod: Self.hash))?.pod == "job")
        #expect(names.name(of: Self.container(1))?.pod == "web")
    }

    @Test(arguments: [
        "", "127.0.0.1:10250", "https://127.0.0.1", "https://:10250", "https://127.0.0.1:0", "https://127.0.0.1:x",
        "https://127.0.0.1:10250/pods", "https://me@127.0.0.1:10250", "ftp://127.0.0.1:10250", "http://127.0.0.1:10255",
    ])
    func anAddressThatIsNoneIsNamed(url: String) {
        let error = #expect(throws: KubeletError.self) {
            try KubeletEndpoint(url: url, tokenFile: "/token", caFile: nil)
        }
        #expect(error?.description.contains(url) ?? false)
    }

    /// What was written to standard error meanwhile, in lines.
    private func linesOnStandardError(_ work: () throws -> Void) throws -> [Substring] {
        try tree.write("stderr", "")
        let saved = dup(STDERR_FILENO)
        let file = open(tree.root + "/stderr", O_WRONLY | O_APPEND)
        dup2(file, STDERR_FILENO)
        defer {
            dup2(saved, STDERR_FILENO)
            close(saved)
            close(file)
        }
        try work()
        return (Directory.text(tree.root + "/stderr") ?? "").split(separator: "\n")
    }
}
