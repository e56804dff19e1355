import Documents
import Registry
import Testing

/// projects.json and what its keys mean.
struct RegistryTests {
    @Test func upstreamsFileIsReadAsItIs() throws {
        let list = try ProjectList(
            parsing: """
                {"projects": [{"name": "falco", "organization": "falcosecurity",
                  "benchmark": {"k8s_manifest_url": "https://raw.githubusercontent.com/o/r/abc/b.yaml", "duration_mins": 15},
                  "configs": ["ebpf", "modern-ebpf", "kmod"]}]}
                """)
        let falco = try #require(list["falco"])
        #expect(list.warnings.isEmpty)
        #expect(falco.repository == "falco")
        #expect(falco.configurations == ["ebpf", "modern-ebpf", "kmod"])
        #expect(falco.benchmark?.minutes == 15)
        #expect(falco.benchmark?.isRemote == true)
        #expect(falco.benchmark?.until == .duration)
        #expect(falco.repeats == 1)
        #expect(falco.releases == ReleasePolicy())
    }

    @Test func ourKeysAreReadAndOthersAreWarnedOf() throws {
        let digest = String(repeating: "aB", count: 32)
        let list = try ProjectList(
            parsing: """
                {"comment": 1, "projects": [{"name": "p", "organization": "o", "repository": "r", "config": ["x"],
                  "namespace": "n", "tag_pattern": "v*", "prereleases": true, "version_template": "${TAG#v}-debian",
                  "repeat": 3, "scope": ["app=p"], "functional_unit": {"name": "event", "value": 1000}, "colour": "red",
                  "metrics": [{"name": "events", "promql": "sum(events_total)", "unit": "events", "aggregation": "increase"}],
                  "factors": {"region": "FRA"},
                  "benchmark": {"k8s_manifest_file": "b.yaml", "sha256": "\(digest)", "warmup_seconds": 5,
                    "until": {"metric": "events_total", "labels": {"job": "p"}, "target": 5000}}}]}
                """)
        #expect(list.warnings == ["comment: not known, ignored", "projects[0].colour: not known, ignored"])
        let project = try #require(list.projects.first)
        #expect(
            project
                == Project(
                    name: "p", organization: "o", repository: "r", configurations: ["x"], namespace: "n",
                    releases: ReleasePolicy(tagPattern: "v*", prereleases: true, versionTemplate: "${TAG#v}-debian"),
                    benchmark: Project.Benchmark(
                        manifest: "b.yaml", sha256: digest.lowercased(), minutes: nil, warmupSeconds: 5,
                        until: .metric("events_total", labels: ["job": "p"], target: 5000)),
                    functionalUnit: Project.FunctionalUnit(name: "event", .count(1000)), repeats: 3, scope: ["app=p"],
                    metrics: [
                        Project.Metric(
                            name: "events", promql: "sum(events_total)", unit: "events", aggregation: .increase)
                    ], factors: ["region": "FRA"]))
        #expect(try project.releases.version(ofTag: "v1.2.3") == "1.2.3-debian")
    }

    @Test(arguments: [
        (#"{"projects": 1}"#, "projects: is not an array"),
        (#"{}"#, "projects: is missing; it is an array"),
        (#"{"projects": [{"organization": "o"}]}"#, "projects[0].name: is missing; it is a string"),
        (#"{"projects": [{"name": "a/b", "organization": "o"}]}"#, #"projects[0].name: "a/b" contains a slash"#),
        (#"{"projects": [{"name": "..", "organization": "o"}]}"#, #"projects[0].name: ".." begins with ."#),
        (#"{"projects": [{"name": "", "organization": "o"}]}"#, "projects[0].name: is empty"),
        (
            #"{"projects": [{"name": "a", "organization": "o/p"}]}"#,
            #"projects[0].organization: "o/p" is no name on GitHub"#
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "configs": ["x", "x"]}]}"#,
            "projects[0].configs[1]: x is there twice"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "configs": ["x"], "config": ["y"]}]}"#,
            "projects[0]: has configs and config; one of them says it"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o"}, {"name": "a", "organization": "o"}]}"#,
            "projects[1].name: a is there twice"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "version_template": "${REF}"}]}"#,
            #"projects[0].version_template: "${REF}" is no template like "${TAG}" or "${TAG#v}""#
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "benchmark": {"k8s_manifest_file": "b"}}]}"#,
            "projects[0].benchmark.duration_mins: is missing; it is a number of minutes"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "benchmark": {"duration_mins": "15"}}]}"#,
            "projects[0].benchmark: has no k8s_manifest_url or k8s_manifest_file"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "repeat": 0}]}"#,
            "projects[0].repeat: is not a whole number from 1 to 1000"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "functional_unit": {"name": "u", "value": 0}}]}"#,
            "projects[0].functional_unit.value: is not a number from 1e-09 to 1000000000000000.0"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "functional_unit": {"name": "u"}}]}"#,
            "projects[0].functional_unit: wants one of value, metric and seconds"
        ),
        (
            #"{"projects": [{"name": "a", "organization": "o", "metrics": [{"name": "m", "promql": "x", "unit": "B", "aggregation": "median"}]}]}"#,
            "projects[0].metrics[0].aggregation: median is none of increase, mean, max, min, sum, p95, last"
        ),
    ])
    func mistakesAreNamedWithTheirPlace(text: String, reason: String) {
        #expect(throws: Misread.self) {
            do {
                _ = try ProjectList(parsing: text)
            } catch {
                #expect("\(error)" == reason)
                throw error
            }
        }
    }

    @Test(arguments: [
        ("v*", "v1.0", true), ("v*", "1.0", false), ("falco-*", "falco-0.1", true), ("*", "", true),
        ("?.*.0", "1.22.0", true), ("?.*.0", "1.22.1", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false),
        ("1.0", "1.0", true), ("1.0", "1x0", false),
    ])
    func tagsMatchAsAShellMatchesNames(pattern: String, tag: String, matches: Bool) {
        #expect(ReleasePolicy(tagPattern: pattern).accepts(tag: tag) == matches)
    }

    @Test func aTagThatGivesNoVersionIsAnError() {
        #expect(throws: Misread.self) { try ReleasePolicy(versionTemplate: "${TAG#v}").version(ofTag: "v") }
        #expect(throws: Misread.self) { try ReleasePolicy().version(ofTag: "1.0\nkind: Pod") }
        #expect(throws: Misread.self) { try ReleasePolicy(versionTemplate: "latest").version(ofTag: "1.0") }
    }
}
