import Documents
import Foundation
import Host
import StandIns
import Testing

/// What all manifests of deploy/ have to be, whatever they say.
@Suite(.enabled(if: !Kubectls.all.isEmpty, "needs kubectl"))
struct ManifestTests {
    /// Runs the check of fields; its exit code and its complaints.
    private func check(_ files: [String]) throws -> (code: Int32, complaints: String) {
        let done = try Tool(["/usr/bin/python3", Manifests.fields] + files).run(within: 60_000)
        return (done.code, done.output + done.errors)
    }

    @Test func brahesOwnReaderTakesEveryManifest() throws {
        let files = try Manifests.files()
        #expect(files.contains("daemonset.yaml") && files.count > 15)
        for file in files {
            #expect(try !Manifests.objects(files: [file]).isEmpty, "\(file)")
        }
    }

    @Test func everyKubectlBuildsTheSame() throws {
        let folders = try Manifests.folders()
        #expect(
            folders == [
                "base", "flux/monitoring", "grafana", "", "overlays/annotations", "overlays/benchmark-node",
                "overlays/podmonitor", "overlays/tls", "prometheus",
            ])
        for folder in folders {
            let results = try Kubectls.all.map { kubectl in
                Set(try Manifests.objects(Manifests.built(folder, by: kubectl)).map(\.line))
            }
            #expect(results.allSatisfy { $0 == results[0] && !$0.isEmpty }, "\(folder)")
        }
        #expect(try Manifests.built("") == Manifests.built("base"))
    }

    @Test func everyFieldIsOneThatItsKindHasAndOfItsType() throws {
        let scratch = try Scratch()
        let built = try Manifests.folders().map { folder in
            try scratch.write("built-\(folder.replacing("/", with: "-")).yaml", try Manifests.built(folder))
        }
        // What is not built is applied as it is.
        let asTheyAre = try Manifests.files().filter { $0.hasPrefix("flux/") && !$0.hasPrefix("flux/monitoring/") }
        let all = built + ["\(Manifests.deploy)/daemonset.yaml"] + asTheyAre.map { "\(Manifests.deploy)/\($0)" }
        let done = try check(all)
        #expect(done.code == 0 && done.complaints.isEmpty, "\(done.complaints)")
    }

    @Test(arguments: [
        ("readOnlyRootFilesystem", "readonlyRootFilesystem", "securityContext.readonlyRootFilesystem: unknown field"),
        ("periodSeconds: 10", "periodSeconds: 10s", "livenessProbe.periodSeconds: not of type int"),
        ("- name: cgroup", "- nam: cgroup", "volumeMounts[4].nam: unknown field"),
        ("honorLabels", "honourLabels", "podMetricsEndpoints[0].honourLabels: unknown field"),
        ("- sourceLabels", "- sourcelabels", "relabelings[0].sourcelabels: unknown field"),
    ])
    func aFieldThatIsMisspelledIsFound(_ change: (right: String, wrong: String, complaint: String)) throws {
        let scratch = try Scratch()
        let text = try Manifests.built("overlays/podmonitor")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // kustomize sorts a mapping's keys, so that a volume's name is not where its item begins.
        let swapped = lines.map { $0 == "          name: cgroup" ? "          nam: cgroup" : String($0) }
        let wrong =
            change.right == "- name: cgroup"
            ? swapped.joined(separator: "\n") : text.replacing(change.right, with: change.wrong)
        #expect(wrong != text)
        let done = try check([try scratch.write("wrong.yaml", wrong)])
        #expect(done.code == 1 && done.complaints.contains(change.complaint), "\(done.complaints)")
    }
}
