import Documents
import Foundation
import Glibc
import Host
import StandIns
import Testing

/// `brahe plan` and `--dry-run`: they say what a run does, and do none of it.
@Suite(.enabled(if: Here.canLoadProbe && !Kubectls.all.isEmpty, "needs root, kernel BTF and kubectl"), .serialized)
struct PipelinePlanTests {
    @Test func aPlanNamesWhatARunThenDoesAndDoesNothing() throws {
        let pipeline = try PipelineUnderTest()
        // Whatever is asked of a kubectl is written down.
        let log = pipeline.folder("kubectl.log")
        let kubectl = try pipeline.folder.write(
            "kubectl", "#!/bin/sh\nprintf '%s\\n' \"$*\" >> '\(log)'\nexec '\(pipeline.kubectl)' \"$@\"\n")
        chmod(kubectl, 0o755)
        let options = ["--kubectl", kubectl, "--baseline", "100ms"]
        // A server in the agent's place shows each request to it.
        let port = try Here.freePort()
        let server = try Running("/usr/bin/python3", ["-m", "http.server", "--bind", "127.0.0.1", "\(port)"])
        try server.await("its port") { HTTPRequest("GET", "http://127.0.0.1:\(port)/").answer().status == 200 }
        let asked = server.errorText
        let before = try pipeline.cluster.requests()
        var plans: [String] = []
        for words in [["plan"], ["pipeline", "--dry-run"], ["deploy", "--dry-run"]] {
            let plan = pipeline.ends(
                try pipeline.start(
                    words[0], words.dropFirst() + options + ["--agent", "http://127.0.0.1:\(port)"]))
            #expect(plan.errorText.isEmpty, "\(plan.errorText)")
            plans.append(Self.nameless(plan.outputText))
        }
        #expect(try pipeline.cluster.requests() == before)
        #expect(server.errorText == asked)
        #expect(plans[0].contains("POST http://127.0.0.1:\(port)/sample\n"))
        #expect(!FileManager.default.fileExists(atPath: log))
        #expect(!FileManager.default.fileExists(atPath: pipeline.folder("runs")))
        #expect(!FileManager.default.fileExists(atPath: pipeline.folder("lock")))
        #expect(plans[1] == plans[0])
        kill(server.pid, SIGTERM)

        let plan = Self.nameless(pipeline.ends(try pipeline.start("plan", options)).outputText)
        pipeline.ends(try pipeline.start("pipeline", options))
        let done = Self.nameless(try String(contentsOfFile: log, encoding: .utf8)).split(separator: "\n")
        // Every command that changes something, in its order. Its first words are the credentials'.
        let planned = plan.split(separator: "\n").compactMap { line -> String? in
            guard let command = line.split(separator: "\(kubectl) ").last, line.contains("\(kubectl) ") else {
                return nil
            }
            return String(command.split(separator: "  # ").first ?? "")
        }
        for command in planned where Self.changes(command) {
            #expect(done.contains { $0.hasPrefix(command) }, "\(command) of \(done)")
        }
        let verbs = { (lines: [String]) in
            lines.filter(Self.changes).compactMap { line in
                ["create", "apply", "delete"].first { line.contains(" \($0) ") }
            }
        }
        #expect(verbs(planned).prefix(3) == ["create", "apply", "apply"])
        #expect(Set(verbs(done.map(String.init))) == ["create", "apply", "delete"])

        // And the cluster saw these changes, and no others but the lease's renewals.
        let writes = try pipeline.cluster.requests().dropFirst(before.count).filter {
            !$0.hasPrefix("GET ") && !$0.hasPrefix("PUT ")
        }
        let shown = writes.map { line in
            line.split(separator: "?").first.map(String.init)?.replacing("/namespaces/benchmark", with: "") ?? ""
        }
        #expect(
            shown == [
                "POST /apis/coordination.k8s.io/v1/leases", "POST /apis/source.toolkit.fluxcd.io/v1/ocirepositories",
                "POST /apis/kustomize.toolkit.fluxcd.io/v1/kustomizations", "POST /apis/apps/v1/deployments",
                "DELETE /apis/apps/v1/deployments/load",
                "DELETE /apis/kustomize.toolkit.fluxcd.io/v1/kustomizations/shop",
                "DELETE /apis/source.toolkit.fluxcd.io/v1/ocirepositories/shop",
                "DELETE /apis/coordination.k8s.io/v1/leases/brahe-pipeline",
            ], "\(shown)")
    }

    /// A text without the names of runs, which tell the time, and without the limits of requests.
    private static func nameless(_ text: String) -> String {
        text.replacing(/\d{8}T\d{6}Z-[A-Za-z0-9._-]+-\d\d/, with: "RUN").replacing(
            #/--request-timeout \d+s /#, with: "")
    }

    private static func changes(_ command: String) -> Bool {
        [" create ", " apply ", " delete ", " patch ", " replace "].contains { command.contains($0) }
    }
}
