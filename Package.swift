// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// The agent uses neither tasks nor regular expressions, and does without the megabytes of their run-time libraries.
let lean: [SwiftSetting] = [
    .unsafeFlags(
        ["concurrency", "string-processing"].flatMap {
            ["-Xfrontend", "-disable-implicit-\($0)-module-import"]
        })
]

// No pointer compiles in a pure target without the word `unsafe`, and there is none.
let pure = strict + [.strictMemorySafety()]

let clusterEmulator =
    ["", "_api", "_conditions", "_flux", "_helm", "_kinds", "_kubelet", "_kustomize", "_processes"]
    .map { "cluster\($0).py" } + ["cluster_store.py", "cluster_workloads.py"]

let package = Package(
    name: "brahe",
    products: [
        .executable(name: "brahe-agent", targets: ["Agent"]),
        .executable(name: "brahe", targets: ["Pipeline"]),
    ],
    targets: [
        .target(
            name: "CAgent",
            linkerSettings: ["bpf", "elf", "z", "microhttpd", "gnutls", "crypt", "jansson"].map {
                .linkedLibrary($0)
            }),
        .target(name: "Attribution", path: "Sources/Agent/Attribution", swiftSettings: pure + lean),
        .target(name: "Exposition", path: "Sources/Agent/Exposition", swiftSettings: pure + lean),
        .target(
            name: "Node", dependencies: ["Attribution", "Exposition", "CAgent"],
            path: "Sources/Agent/Node",
            swiftSettings: strict + lean, plugins: ["CompileProbes"]),
        .systemLibrary(name: "CYAML", path: "Sources/Agent/CYAML"),
        .target(name: "YAML", dependencies: ["CYAML"], path: "Sources/Agent/YAML", swiftSettings: strict + lean),
        .executableTarget(
            name: "Agent", dependencies: ["Attribution", "Node", "CAgent", "YAML"], path: "Sources/Agent/Daemon",
            swiftSettings: strict + lean),
        .target(
            name: "CPipeline", path: "Sources/Pipeline/CPipeline",
            linkerSettings: ["curl", "gnutls", "yajl"].map { .linkedLibrary($0) }),
        .target(name: "Documents", path: "Sources/Pipeline/Documents", swiftSettings: strict),
        .target(
            name: "Registry", dependencies: ["Documents"], path: "Sources/Pipeline/Registry", swiftSettings: pure),
        .target(
            name: "Carbon", dependencies: ["Documents"], path: "Sources/Pipeline/Carbon",
            resources: [.embedInCode("Tables/ember.csv"), .embedInCode("Tables/electricitymaps.csv")],
            swiftSettings: pure),
        .target(
            name: "Samples", dependencies: ["Documents", "Exposition"], path: "Sources/Pipeline/Samples",
            swiftSettings: pure),
        .target(
            name: "Metering", dependencies: ["Documents", "Samples"], path: "Sources/Pipeline/Metering",
            swiftSettings: pure),
        .target(name: "Statistics", path: "Sources/Pipeline/Statistics", swiftSettings: pure),
        .target(
            name: "Results", dependencies: ["Carbon", "Documents", "Metering", "Samples", "Statistics"],
            path: "Sources/Pipeline/Results",
            // Of docs/, by links.
            resources: [.embedInCode("run.schema.json"), .embedInCode("compare.schema.json")], swiftSettings: pure),
        .target(
            name: "Grid", dependencies: ["Carbon", "Documents", "Host"], path: "Sources/Pipeline/Grid",
            swiftSettings: strict),
        .target(
            name: "Families", dependencies: ["Documents", "Exposition"], path: "Sources/Pipeline/Families",
            swiftSettings: pure),
        .target(
            name: "Archive", dependencies: ["Documents", "Exposition", "Results", "Samples", "Statistics"],
            path: "Sources/Pipeline/Archive", swiftSettings: pure),
        .target(
            name: "Plots", dependencies: ["Documents", "Results"], path: "Sources/Pipeline/Plots", swiftSettings: pure),
        .target(
            name: "Deployment", dependencies: ["Documents", "YAML"], path: "Sources/Pipeline/Deployment",
            swiftSettings: pure),
        .target(name: "Course", dependencies: ["Documents"], path: "Sources/Pipeline/Course", swiftSettings: pure),
        .target(
            name: "Host", dependencies: ["CPipeline", "Documents"], path: "Sources/Pipeline/Host",
            swiftSettings: strict),
        .target(
            name: "GitHub", dependencies: ["Registry", "Documents", "Host"], path: "Sources/Pipeline/GitHub",
            swiftSettings: strict),
        .target(
            name: "Cluster", dependencies: ["Deployment", "Documents", "Host"], path: "Sources/Pipeline/Cluster",
            swiftSettings: strict),
        .target(
            name: "Pages", dependencies: ["CPipeline", "Documents", "Exposition", "Host", "Samples"],
            path: "Sources/Pipeline/Pages", swiftSettings: strict),
        .systemLibrary(name: "CSQLite", path: "Sources/Pipeline/CSQLite"),
        .target(
            name: "Storage",
            dependencies: ["Archive", "CSQLite", "Documents", "Exposition", "Host", "Pages", "Results", "Samples"],
            path: "Sources/Pipeline/Storage", swiftSettings: strict),
        .target(
            name: "Runs", dependencies: ["Course", "Documents", "Host"], path: "Sources/Pipeline/Runs",
            swiftSettings: strict),
        .target(
            name: "Review", dependencies: ["Documents", "Exposition"], path: "Sources/Pipeline/Review",
            swiftSettings: pure),
        .target(
            name: "Reports",
            dependencies: [
                "Carbon", "Documents", "Families", "Grid", "Host", "Metering", "Pages", "Plots", "Results", "Samples",
            ],
            path: "Sources/Pipeline/Reports", swiftSettings: strict),
        .target(
            name: "Stages",
            dependencies: [
                "Carbon", "Cluster", "Course", "Deployment", "Documents", "Exposition", "Host", "Metering", "Pages",
                "Plots", "Registry", "Reports", "Results", "Runs", "Samples", "Storage",
            ],
            path: "Sources/Pipeline/Stages", swiftSettings: strict),
        .executableTarget(
            name: "Pipeline",
            dependencies: [
                "Archive", "Carbon", "Cluster", "Course", "CPipeline", "Deployment", "Documents", "Exposition",
                "GitHub",
                "Host", "Metering", "Pages", "Plots", "Registry", "Reports", "Results", "Review", "Runs", "Samples",
                "Stages",
                "Statistics", "Storage",
            ],
            path: "Sources/Pipeline/Command",
            swiftSettings: strict),
        .plugin(
            name: "CompileProbes", capability: .buildTool(), path: "bpf", sources: ["CompileProbes.swift"]
        ),
        .testTarget(name: "AttributionTests", dependencies: ["Attribution"], swiftSettings: strict),
        .testTarget(name: "ExpositionTests", dependencies: ["Exposition"], swiftSettings: strict),
        .testTarget(
            name: "ReviewTests", dependencies: ["Exposition", "Review"], swiftSettings: strict),
        // The pipeline's rules and its dealings with GitHub and a cluster, each against a stand-in.
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Carbon", "Cluster", "Course", "Deployment", "Documents", "GitHub", "Host", "Pages", "Registry", "Runs",
                "StandIns", "YAML",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MeteringTests", dependencies: ["Documents", "Exposition", "Metering", "Samples"],
            swiftSettings: strict),
        // Against a real Prometheus; a small server answers what no Prometheus can be made to.
        .testTarget(
            name: "PagesTests", dependencies: ["Documents", "Exposition", "Host", "Metering", "Pages", "Samples"],
            exclude: ["server.py"], swiftSettings: strict),
        // scipy, in a process of its own, is the second opinion.
        .testTarget(name: "StatisticsTests", dependencies: ["Documents", "Host", "Statistics"], swiftSettings: strict),
        .testTarget(
            name: "ResultsTests",
            dependencies: [
                "Carbon", "Documents", "Exposition", "Grid", "Host", "Metering", "Results", "Samples", "Statistics",
            ],
            exclude: ["grid.py", "upstream.json"], swiftSettings: strict),
        .testTarget(
            name: "PlotsTests", dependencies: ["Documents", "Host", "Plots", "Results"], exclude: ["Golden"],
            swiftSettings: strict),
        // Against a real Prometheus and a real VictoriaMetrics.
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Archive", "Documents", "Exposition", "Families", "Host", "Metering", "Pages", "Results", "Samples",
                "StandIns", "Statistics", "Storage",
            ],
            swiftSettings: strict),
        // What stands in for a cluster and for GitHub: programs of Python, and what starts them.
        .target(
            name: "StandIns", dependencies: ["Cluster", "Documents", "Host"], path: "Tests/StandIns",
            exclude: ["killer.c", "github.py", "kepler.py", "kepler_node.py"] + clusterEmulator, swiftSettings: strict),
        .testTarget(
            name: "NodeTests", dependencies: ["Attribution", "Exposition", "Node", "CAgent"],
            exclude: ["WholePage.txt"],
            swiftSettings: strict,
            plugins: ["CompileProbes"]),
        // Runs the two programs as a user would.
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "Agent", "Attribution", "Documents", "Exposition", "Host", "Node", "Pages", "Pipeline", "Rehearsal",
                "Reports", "Review", "StandIns", "YAML",
            ],
            exclude: ["manifest_fields.py"], swiftSettings: strict),
        // A run whose cluster is a folder of files, to be killed at every point.
        .executableTarget(
            name: "Rehearsal", dependencies: ["Course", "Documents", "Host", "Runs"], path: "Tests/Rehearsal",
            swiftSettings: strict),
        .target(name: "CBench", path: "Tests/CBench"),
        .executableTarget(
            name: "Bench", dependencies: ["Attribution", "Exposition", "Node", "CAgent", "CBench"],
            path: "Tests/Bench", swiftSettings: strict, plugins: ["CompileProbes"]),
    ],
    swiftLanguageModes: [.v6]
)
