import Cluster
import Documents
import Foundation
import Host
import StandIns
import Testing

/// The lease against the emulated cluster, which refuses an instant without six digits as the real one does.
@Suite(.enabled(if: !Kubectls.all.isEmpty)) struct LeaseTests {
    private let start = Moment(milliseconds: 1_795_249_200_000)

    private func lease(_ cluster: EmulatedCluster, _ holder: String, _ program: String = Kubectls.all.last ?? "")
        -> Lease
    {
        Lease(kubectl: cluster.kubectl(program), namespace: "benchmark", holder: holder)
    }

    @Test(arguments: Kubectls.all) func oneRunHasItAndAnotherIsToldWho(_ program: String) throws {
        let cluster = try EmulatedCluster()
        let one = lease(cluster, "run-1", program)
        let other = lease(cluster, "run-2", program)
        #expect(try one.take(now: start) == .taken)
        guard case .heldByAnother(let holding) = try other.take(now: start + 1000) else {
            Issue.record("two runs have it")
            return
        }
        #expect(holding.holder == "run-1")
        #expect(holding.since == start)
        #expect(!holding.hasExpired(at: start + 60_000))
        #expect(holding.hasExpired(at: start + 60_001))
        let failure = holding.failure(namespace: "benchmark", now: start + 60_001)
        #expect(failure.exit == .locked)
        #expect(failure.message.contains("brahe resume run-1") && failure.message.contains("brahe cleanup run-1"))
        #expect(!holding.failure(namespace: "benchmark", now: start).message.contains("resume"))

        // Not before a third of its time is over.
        let before = try cluster.requests().count
        try one.renew(now: start + 19_999)
        #expect(try cluster.requests().count == before)
        try one.renew(now: start + 20_000)
        #expect(try other.holding()?.renewed == start + 20_000)
        #expect(try other.holding()?.since == start)

        #expect(try other.release() == false)
        #expect(try other.holding()?.holder == "run-1")
        #expect(try one.release())
        #expect(try other.holding() == nil)
        #expect(try one.release() == false)
        #expect(try other.take() == .taken)
    }

    @Test(arguments: Kubectls.all) func aResumedRunTakesItsOwnAgain(_ program: String) throws {
        let cluster = try EmulatedCluster()
        #expect(try lease(cluster, "run-1", program).take(now: start) == .taken)
        // Its first process is dead, and the lease has run out.
        let resumed = lease(cluster, "run-1", program)
        #expect(try resumed.take(now: start + 3_600_000) == .retaken)
        #expect(try resumed.holding()?.since == start)
        #expect(try resumed.holding()?.renewed == start + 3_600_000)
        #expect(try lease(cluster, "run-1", program).release())
    }

    @Test func aRunOfTheSameNameOnAnotherMachineIsAnotherRun() throws {
        let cluster = try EmulatedCluster()
        let one = lease(cluster, "run-1")
        #expect(try one.take(now: start, again: false) == .taken)
        guard case .heldByAnother(let holding) = try lease(cluster, "run-1").take(now: start, again: false) else {
            Issue.record("it was taken twice")
            return
        }
        #expect(holding.holder == "run-1" && holding.renewed == start)
    }

    @Test func anAPIServerThatIsAwayWhenItIsReleasedIsWaitedFor() throws {
        let cluster = try EmulatedCluster()
        let one = lease(cluster, "run-1")
        #expect(try one.take() == .taken)
        try cluster.goAway(seconds: 0.8)
        #expect(try one.release())
        #expect(try cluster.objects("Lease").isEmpty)
    }

    @Test func ofTwoAtOnceExactlyOneTakesIt() throws {
        let cluster = try EmulatedCluster()
        for round in 0..<3 {
            let outcomes = Outcomes()
            let kubectl = cluster.kubectl()
            DispatchQueue.concurrentPerform(iterations: 4) { index in
                let lease = Lease(kubectl: kubectl, namespace: "benchmark", holder: "run-\(round)-\(index)")
                outcomes.add((try? lease.take()).map { ($0, lease.holder) })
            }
            let winners = outcomes.all.filter { $0.0 == .taken }
            #expect(outcomes.all.count == 4)
            #expect(winners.count == 1)
            #expect(try lease(cluster, winners.first?.1 ?? "").release())
        }
    }

    @Test func whatChangedItsLabelsHasNotTakenIt() throws {
        let cluster = try EmulatedCluster()
        let one = lease(cluster, "run-1")
        #expect(try one.take(now: start) == .taken)
        try cluster.kubectl().run(["label", "leases", Lease.name, "--namespace", "benchmark", "seen=yes"])
        try one.renew(now: start + 20_000)
        try one.renew(now: start + 21_000)
        #expect(try one.holding()?.renewed == start + 21_000)

        try cluster.remove("Lease", Lease.name)
        #expect(
            throws: Failure(.locked, "renew the lease benchmark/brahe-pipeline: it is lost, somebody has deleted it")
        ) {
            try one.renew(now: start + 50_000)
        }
        #expect(!one.isHeld)
        #expect(try lease(cluster, "run-2").take() == .taken)
        #expect(try one.release() == false)
    }

    @Test func anAPIServerThatIsAwayIsBorneUntilItRunsOut() throws {
        let cluster = try EmulatedCluster()
        var kubectl = cluster.kubectl()
        kubectl.timeoutSeconds = 1
        let one = Lease(kubectl: kubectl, namespace: "benchmark", holder: "run-1")
        #expect(try one.take(now: start) == .taken)
        try cluster.goAway(seconds: 600)
        try one.renew(now: start + 30_000)
        #expect(one.isHeld)
        let error = #expect(throws: Failure.self) { try one.renew(now: start + 60_000) }
        #expect(error?.exit == .deploy)
    }

    @Test func whoMayNotHaveLeasesIsToldSo() throws {
        let cluster = try EmulatedCluster(["forbidden": ["leases.coordination.k8s.io"]])
        guard case .forbidden(let why) = try lease(cluster, "run-1").take() else {
            Issue.record("it was not forbidden")
            return
        }
        #expect(why.contains("(Forbidden)"))
        let nowhere = Lease(kubectl: cluster.kubectl(), namespace: "nowhere", holder: "run-1")
        try cluster.set(["forbidden": .null])
        let error = #expect(throws: Failure.self) { _ = try nowhere.take() }
        #expect(error == Failure(.configuration, "take the lease: the cluster has no namespace nowhere"))
    }
}

/// What threads found.
private final class Outcomes: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [(Lease.Taking, String)] = []

    func add(_ outcome: (Lease.Taking, String)?) {
        guard let outcome else { return }
        lock.withLock { found.append(outcome) }
    }

    var all: [(Lease.Taking, String)] { lock.withLock { found } }
}
