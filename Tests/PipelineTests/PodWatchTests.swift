import Cluster
import Deployment
import Documents
import Foundation
import Host
import StandIns
import Testing

/// Pods of the emulated cluster that die in the ways that pods do.
@Suite(.enabled(if: !Kubectls.all.isEmpty)) struct PodWatchTests {
    private let cluster: EmulatedCluster
    private let watch: PodWatch

    /// All pods of the namespace: those without a label that none has.
    private static let all = Footprint.Pods(namespace: "benchmark", selector: "!none")

    /// A DaemonSet of one pod that is ready and looked after.
    init() throws {
        cluster = try EmulatedCluster(["pods": ["falco": ["log": ["starting", "ready"]]], "seconds": ["backoff": 60]])
        let kubectl = cluster.kubectl()
        let path = try cluster.write(Self.workload("DaemonSet", "falco"))
        try kubectl.run(["apply", "--validate=false", "-f", path])
        watch = PodWatch(
            kubectl: kubectl,
            pods: [.init(namespace: "benchmark", selector: "app=falco"), Self.all])
        watch.everyMilliseconds = 0
        try awaitReady("falco")
        try watch.begin()
    }

    private static func workload(_ kind: String, _ name: String) -> String {
        """
        apiVersion: \(kind == "Job" ? "batch" : "apps")/v1
        kind: \(kind)
        metadata: {name: \(name), namespace: benchmark}
        spec:
          \(kind == "Job" ? "backoffLimit: 0" : "selector: {matchLabels: {app: \(name)}}")
          template:
            metadata: {labels: {app: \(name)}}
            spec: {\(kind == "Job" ? "restartPolicy: Never, " : "")containers: [{name: \(name), image: "\(name):1"}]}
        """
    }

    private func pod(_ name: String) throws -> JSON? {
        try cluster.objects("Pod").first { $0["metadata"]["name"].string?.hasPrefix(name) == true }
    }

    private func awaitReady(_ name: String) throws {
        try cluster.await("the pod of \(name)") {
            try pod(name)?["status"]["containerStatuses"][0]["ready"].bool == true
        }
    }

    /// What the watch says, once it says something.
    private func death() throws -> Failure {
        for _ in 0..<100 {
            do {
                try watch.check()
            } catch {
                return error
            }
            usleep(50_000)
        }
        throw EmulatedCluster.Unusable(what: "no pod died")
    }

    @Test func aContainerThatEndsIsReportedWithItsLastWords() throws {
        try watch.check()
        try cluster.set([
            "pods": ["falco": ["exit": ["after": 0, "code": 137, "reason": "OOMKilled", "log": ["no memory left"]]]]
        ])
        let failure = try death()
        #expect(failure.exit == .benchmark)
        #expect(failure.message.hasPrefix("Pod benchmark/falco-"))
        #expect(
            failure.message.hasSuffix(
                ": container falco: OOMKilled, exit code 137; its last words: starting | ready | no memory left"),
            "\(failure.message)")
    }

    @Test func aPodThatIsTakenAwayIsReported() throws {
        let name = try #require(try pod("falco")?["metadata"]["name"].string)
        try cluster.remove("Pod", name)
        #expect(try death() == Failure(.benchmark, "Pod benchmark/\(name): it is gone"))
    }

    @Test func aPodThatGetsReadyAgainIsForgiven() throws {
        let now = Moment.now
        try cluster.set(["pods": ["falco": ["ready": "never"]]])
        try cluster.await("an unready pod") { try pod("falco")?["status"]["conditions"][2]["status"] == "False" }
        try watch.check(now: now)
        try watch.check(now: now + 9000)
        try cluster.set(["pods": ["falco": ["ready": 0]]])
        try awaitReady("falco")
        try watch.check(now: now + 10_000)
        try cluster.set(["pods": ["falco": ["ready": "never"]]])
        try cluster.await("an unready pod") { try pod("falco")?["status"]["conditions"][2]["status"] == "False" }
        try watch.check(now: now + 20_000)
        let error = #expect(throws: Failure.self) { try watch.check(now: now + 30_000) }
        #expect(error?.message.contains("it is not ready any more: ContainersNotReady") == true)
    }

    @Test func aJobMayCompleteAndAFailedOneIsReported() throws {
        try cluster.set(["seconds": ["job": .number(0.2)]])
        let kubectl = cluster.kubectl()
        let path = try cluster.write(Self.workload("Job", "load"))
        try kubectl.run(["apply", "--validate=false", "-f", path])
        for _ in 0..<3 { try watch.check() }
        try cluster.await("its completion") { try pod("load")?["status"]["phase"] == "Succeeded" }
        try watch.check()
        try cluster.remove("Pod", "load")
        try watch.check()

        try cluster.set(["pods": ["bad": ["exit": ["after": .number(0.1), "code": 3, "log": ["no target"]]]]])
        let bad = try cluster.write(Self.workload("Job", "bad"))
        try kubectl.run(["apply", "--validate=false", "-f", bad])
        let failure = try death()
        #expect(failure.message.contains("container bad: Error, exit code 3; its last words: "))
        #expect(failure.message.hasSuffix("no target"))
    }

    @Test func anAPIServerThatIsAwayIsBorneForAWhile() throws {
        var kubectl = cluster.kubectl()
        kubectl.timeoutSeconds = 1
        let other = PodWatch(kubectl: kubectl, pods: [Self.all])
        other.resume(watch.picture)
        let now = Moment.now
        try cluster.goAway(seconds: 600)
        try other.check(now: now)
        try other.check(now: now + 1)
        try other.check(now: now + 119_000)
        let error = #expect(throws: Failure.self) { try other.check(now: now + 121_500) }
        #expect(error?.exit == .deploy)
    }

    @Test func aResumedRunKnowsThePodsOfTheFirst() throws {
        let resumed = PodWatch(kubectl: cluster.kubectl(), pods: [Self.all])
        resumed.resume(try JSON(parsing: watch.picture.line))
        try resumed.check(now: .now)
        // The DaemonSet makes another in its place.
        let uid = try #require(try pod("falco")?["metadata"]["uid"].string)
        try cluster.remove("Pod", "falco")
        try cluster.await("the next pod") {
            let next = try pod("falco")
            return next != nil && next?["metadata"]["uid"].string != uid
        }
        let error = #expect(throws: Failure.self) { try resumed.check(now: .now + 5000) }
        #expect(error?.exit == .benchmark && error?.message.hasSuffix("it is gone") == true)
    }
}
