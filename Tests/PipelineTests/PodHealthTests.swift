import Deployment
import Documents
import Testing

struct PodHealthTests {
    /// A pod as the API server shows it: a container `falco` that runs, ready.
    private func pod(
        uid: String = "1", phase: String = "Running", ready: Bool = true, restarts: Int64 = 0, state: JSON? = nil,
        last: JSON = [:], policy: String = "Always", status: [String: JSON] = [:], deleted: Bool = false
    ) -> JSON {
        var metadata: [String: JSON] = ["namespace": "benchmark", "name": "falco-x", "uid": .string(uid)]
        if deleted { metadata["deletionTimestamp"] = "2026-11-21T08:05:00Z" }
        let container: JSON = [
            "name": "falco", "restartCount": .integer(restarts), "lastState": last,
            "state": state ?? ["running": ["startedAt": "2026-11-21T08:00:00Z"]],
        ]
        let all: [String: JSON] = [
            "phase": .string(phase), "containerStatuses": [container],
            "conditions": [["type": "Ready", "status": .string(ready ? "True" : "False")]],
        ]
        return [
            "metadata": .object(metadata), "spec": ["restartPolicy": .string(policy)],
            "status": .object(all.merging(status) { $1 }),
        ]
    }

    /// What becomes of a pod that was well.
    private func words(_ now: JSON..., before: JSON? = nil) -> [String] {
        PodHealth.deaths(since: [PodHealth(before ?? pod())], now: now).map(\.words)
    }

    @Test func whatRunsOnIsNotDead() {
        #expect(words(pod()) == [])
        // It was started anew before anybody looked.
        #expect(words(pod(restarts: 3), before: pod(restarts: 3)) == [])
        // It was not ready then either.
        #expect(words(pod(ready: false), before: pod(ready: false)) == [])
    }

    @Test func whatEndedIsNamedWithItsReason() {
        let killed: JSON = ["terminated": ["reason": "OOMKilled", "exitCode": 137]]
        let why = "Pod benchmark/falco-x: container falco: OOMKilled, exit code 137"
        #expect(words(pod(restarts: 1, last: killed)) == [why])
        #expect(words(pod(ready: false, state: killed)) == [why])
        let backoff: JSON = ["waiting": ["reason": "CrashLoopBackOff"]]
        #expect(words(pod(ready: false, state: backoff, last: killed)) == [why])
        #expect(
            words(pod(phase: "Failed", status: ["reason": "Evicted", "containerStatuses": []]))
                == ["Pod benchmark/falco-x: it has failed: Evicted"])
    }

    @Test func aPodThatIsGoneOrAnotherIsDead() {
        #expect(words() == ["Pod benchmark/falco-x: it is gone"])
        #expect(words(pod(deleted: true)) == ["Pod benchmark/falco-x: it is being deleted"])
        // A StatefulSet gives the name to the next one.
        #expect(words(pod(uid: "2")) == ["Pod benchmark/falco-x: it is gone"])
        let crashed: JSON = ["terminated": ["reason": "Error", "exitCode": 1]]
        #expect(
            words(pod(), pod(uid: "2", restarts: 1, last: crashed))
                == ["Pod benchmark/falco-x: container falco: Error, exit code 1"])
    }

    @Test func whatWasOverBeforeIsNoDeath() {
        let going = pod(uid: "2", deleted: true)
        #expect(words(going, before: going) == [])
        #expect(words(before: going) == [])
        #expect(words(pod(), going) == [])
        let evicted = pod(uid: "2", phase: "Failed", ready: false, status: ["containerStatuses": []])
        #expect(words(evicted, before: evicted) == [])
        #expect(words(pod(), evicted) == ["Pod benchmark/falco-x: it has failed"])
    }

    @Test func aPodThatIsOnlyNotReadyMayGetReady() throws {
        let deaths = PodHealth.deaths(since: [PodHealth(pod())], now: [pod(ready: false)])
        #expect(try #require(deaths.first).mayPass)
        #expect(try #require(deaths.first).words == "Pod benchmark/falco-x: it is not ready any more")
    }

    @Test func aCompletedJobsPodIsNotDead() {
        let ended: JSON = ["terminated": ["reason": "Completed", "exitCode": 0]]
        let done = pod(phase: "Succeeded", ready: false, state: ended, policy: "Never")
        #expect(words(done, before: pod(policy: "Never")) == [])
        // Its Job takes it away some time later.
        #expect(words(before: done) == [])
        // One of its two containers is done.
        #expect(words(pod(ready: true, state: ended, policy: "Never"), before: pod(policy: "Never")) == [])
        let failed: JSON = ["terminated": ["reason": "Error", "exitCode": 3]]
        #expect(
            words(pod(phase: "Failed", ready: false, state: failed, policy: "Never"), before: pod(policy: "Never"))
                == ["Pod benchmark/falco-x: container falco: Error, exit code 3"])
    }

    @Test func itIsReadBackFromAJournal() throws {
        for one in [pod(restarts: 2), pod(phase: "Succeeded", ready: false)] {
            let health = PodHealth(one)
            #expect(PodHealth(json: try JSON(parsing: health.json.line)) == health)
        }
        #expect(PodHealth(json: "a pod") == nil)
    }
}
