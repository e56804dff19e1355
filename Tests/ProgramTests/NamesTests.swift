import Exposition
import Foundation
import Testing

/// Pods' and containers' names, as they come or do not come, on the pages of the real agent.
@Suite(.enabled(if: Here.canLoadProbe, "needs root and kernel BTF"), .serialized)
struct NamesTests {
    /// Joules of one busy second, beyond idle, which is what the estimator makes of a container's work.
    private let busyWatts = 2.76

    private func agent(_ options: [String]) throws -> AgentUnderTest {
        try AgentUnderTest(["--source", "estimator", "--interval", "100ms"] + options)
    }

    /// Whether all series of a container, of which there are some, say what it is called.
    private func say(_ page: Scrape, _ id: String, _ container: String, _ pod: TestPod) -> Bool {
        let series = page.series(of: id)
        return series.contains { $0.labels["pod_name"] != nil }
            && series.allSatisfy {
                $0.labels["container_name"] == container
                    && $0.labels["pod_name"] ?? pod.name == pod.name
                    && $0.labels["container_namespace"] ?? pod.namespace == pod.namespace
                    && $0.labels["pod_id"] ?? pod.uid == pod.uid
            }
    }

    /// A page has all the work of a container: its CPU time, and the energy for it in both generations.
    private func expectAll(_ page: Scrape, of cgroup: TestCgroup) throws {
        let due = try cgroup.usage() / 1e6
        let seconds = try #require(page.milliseconds(of: cgroup.id)) / 1000
        #expect(due > 0.01 && abs(seconds / due - 1) < 0.005, "\(seconds) s, cpu.stat \(due) s")
        for family in ["kepler_container_package_joules_total", "kepler_container_cpu_joules_total"] {
            let joules = page.sum(family, ["container_id": cgroup.id])
            #expect(abs(joules / (due * busyWatts) - 1) < 0.01, "\(family): \(joules) J for \(due) s")
        }
    }

    @Test func aSeriesCarriesItsNameFromItsFirstAppearance() throws {
        let logs = try PodLogTree()
        let pod = TestPod(name: "web-0", namespace: "shop")
        let agent = try agent(["--pod-logs", logs.path])
        let cgroup = try TestCgroup(pod: pod.uid)
        try logs.add(pod, container: "nginx", id: cgroup.id)
        let work = try cgroup.start("exec \(Here.program("brahe")) workload steady --seconds 1")
        _ = try agent.await("the container") { page in
            let isThere = !page.series(of: cgroup.id).isEmpty
            #expect(!isThere || say(page, cgroup.id, "nginx", pod))
            return isThere
        }
        #expect(work.wait() == 0)
        let page = try agent.scrape()
        #expect(say(page, cgroup.id, "nginx", pod))
        try expectAll(page, of: cgroup)
        let ofPod = page.all("kepler_pod_cpu_joules_total", ["pod_id": pod.uid])
        #expect(!ofPod.isEmpty)
        #expect(ofPod.allSatisfy { $0.labels["pod_name"] == "web-0" && $0.labels["pod_namespace"] == "shop" })
    }

    @Test func aNameThatComesLateBringsAllTheEnergyThatWasWithheld() throws {
        let logs = try PodLogTree()
        let pod = TestPod(name: "late-7d4b9", namespace: "shop")
        let agent = try agent(["--pod-logs", logs.path, "--name-wait", "60s"])
        let cgroup = try TestCgroup(pod: pod.uid)
        for _ in 0..<3 {
            try cgroup.work(milliseconds: 300)
            #expect(try !agent.request("GET", "/metrics").body.contains(cgroup.id), "the series is withheld")
        }
        // The pod's directory alone does not tell which of its containers this is.
        try logs.add(pod)
        let withheld = try agent.scrape()
        #expect(withheld.series(of: cgroup.id).isEmpty)
        #expect(try withheld.zonesEqualTheirTerms())
        try logs.add(pod, container: "app", id: cgroup.id)
        let page = try agent.scrape()
        #expect(say(page, cgroup.id, "app", pod), "one sample later it is there")
        try expectAll(page, of: cgroup)
        #expect(page.series(of: cgroup.id).allSatisfy { $0.name != "brahe_container_info" })
    }

    @Test func withoutANameASeriesWaitsNameWaitAndThenKeepsItsLabels() throws {
        let logs = try PodLogTree()
        let pod = TestPod(name: "slow-1", namespace: "shop")
        let agent = try agent(["--pod-logs", logs.path, "--name-wait", "2s"])
        let cgroup = try TestCgroup(pod: pod.uid)
        let began = Date()
        try cgroup.work(milliseconds: 500)
        let first = try agent.await("the container") { !$0.series(of: cgroup.id).isEmpty }
        let waited = Date().timeIntervalSince(began)
        #expect(waited > 2 && waited < 4, "\(waited) s")
        try expectAll(first, of: cgroup)
        #expect(say(first, cgroup.id, "", TestPod(name: "", namespace: "", uid: pod.uid)))

        try logs.add(pod, container: "app", id: cgroup.id)
        let after = try agent.scrape()
        #expect(labels(after, cgroup.id) == labels(first, cgroup.id))
        let info = after.all("brahe_container_info", ["container_id": cgroup.id])
        #expect(info.count == 1)
        #expect(
            info.first?.labels == [
                "container_id": cgroup.id, "pod_name": "slow-1", "container_name": "app",
                "container_namespace": "shop",
            ])
    }

    /// What tells a container's series apart, but for what was learned later.
    private func labels(_ page: Scrape, _ id: String) -> Set<[String: String]> {
        Set(
            page.series(of: id).filter { $0.name != "brahe_container_info" }
                .map { $0.labels.merging(["__name__": $0.name]) { $1 } })
    }

    @Test func withoutALogTreeNothingIsWithheld() throws {
        let nowhere = try Scratch()
        let agent = try agent(["--pod-logs", nowhere("log"), "--name-wait", "60s"])
        let cgroup = try TestCgroup(pod: Here.podUID())
        try cgroup.work(milliseconds: 200)
        try expectAll(agent.scrape(), of: cgroup)
    }

    @Test func staticPodsAndPauseContainersAreNamed() throws {
        let logs = try PodLogTree()
        let uid = Here.podUID().replacing("-", with: "")
        let pod = TestPod(name: "etcd-node1", namespace: "kube-system", uid: uid)
        let agent = try agent(["--pod-logs", logs.path, "--name-wait", "2s"])
        let (etcd, pause) = (try TestCgroup(pod: uid), try TestCgroup(pod: uid))
        try logs.add(pod, container: "etcd", id: etcd.id)
        try etcd.work(milliseconds: 200)
        try pause.work(milliseconds: 50)
        #expect(say(try agent.scrape(), etcd.id, "etcd", pod))
        // A sandbox has no log, so that it is told from a container whose link is late by the wait alone.
        let page = try agent.await("the pause container") { !$0.series(of: pause.id).isEmpty }
        #expect(say(page, pause.id, "", pod))
        #expect(page.all("kepler_pod_cpu_joules_total", ["pod_id": uid, "pod_name": "etcd-node1"]).count >= 1)
    }

    @Test func aKubeletTellsNamesWithinASampleAndARequest() throws {
        let kubelet = try TestKubelet()
        let nowhere = try Scratch()
        let pod = TestPod(name: "db-0", namespace: "shop")
        let agent = try agent(["--pod-logs", nowhere("log"), "--name-wait", "60s"] + kubelet.options)
        // The first list, at the start, has no pods: only the container's own appearance makes the agent ask again.
        usleep(1_500_000)
        let cgroup = try TestCgroup(pod: pod.uid)
        try kubelet.list(pod, container: "postgres", id: cgroup.id)
        let began = Date()
        let work = try cgroup.start("exec \(Here.program("brahe")) workload steady --seconds 1")
        let page = try agent.await("the container") { !$0.series(of: cgroup.id).isEmpty }
        #expect(Date().timeIntervalSince(began) < 2, "a sample of 0.1 s, and the request")
        #expect(say(page, cgroup.id, "postgres", pod), "\(page.series(of: cgroup.id))")
        #expect(work.wait() == 0)
        try expectAll(agent.scrape(), of: cgroup)
    }
}
