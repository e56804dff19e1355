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

let package = Package(
    name: "brahe",
    products: [
        .executable(name: "brahe-agent", targets: ["Agent"]),
        .executable(name: "brahe", targets: ["Pipeline"]),
    ],
    targets: [
        .target(
            name: "CAgent",
            linkerSettings: ["bpf", "elf", "z", "microhttpd", "gnutls", "crypt", "yaml", "jansson"].map {
                .linkedLibrary($0)
            }),
        .target(name: "Attribution", path: "Sources/Agent/Attribution", swiftSettings: pure + lean),
        .target(name: "Exposition", path: "Sources/Agent/Exposition", swiftSettings: pure + lean),
        .target(
            name: "Node", dependencies: ["Attribution", "Exposition", "CAgent"],
            path: "Sources/Agent/Node",
            swiftSettings: strict + lean, plugins: ["CompileProbes"]),
        .executableTarget(
            name: "Agent", dependencies: ["Attribution", "Node", "CAgent"], path: "Sources/Agent/Daemon",
            swiftSettings: strict + lean),
        .target(
            name: "CPipeline", path: "Sources/Pipeline/CPipeline",
            linkerSettings: [.linkedLibrary("curl")]),
        .target(
            name: "Review", dependencies: ["Exposition"], path: "Sources/Pipeline/Review",
            swiftSettings: pure),
        .executableTarget(
            name: "Pipeline", dependencies: ["Review", "Exposition", "CPipeline"],
            path: "Sources/Pipeline/Command",
            swiftSettings: strict),
        .plugin(
            name: "CompileProbes", capability: .buildTool(), path: "bpf", sources: ["CompileProbes.swift"]
        ),
        .testTarget(name: "AttributionTests", dependencies: ["Attribution"], swiftSettings: strict),
        .testTarget(name: "ExpositionTests", dependencies: ["Exposition"], swiftSettings: strict),
        .testTarget(
            name: "ReviewTests", dependencies: ["Exposition", "Review"], swiftSettings: strict),
        .testTarget(
            name: "NodeTests", dependencies: ["Attribution", "Exposition", "Node", "CAgent"],
            exclude: ["WholePage.txt"],
            swiftSettings: strict,
            plugins: ["CompileProbes"]),
        // Runs the two programs as a user would.
        .testTarget(
            name: "ProgramTests", dependencies: ["Agent", "Attribution", "Exposition", "Node", "Pipeline"],
            swiftSettings: strict),
        .target(name: "CBench", path: "Tests/CBench"),
        .executableTarget(
            name: "Bench", dependencies: ["Attribution", "Exposition", "Node", "CAgent", "CBench"],
            path: "Tests/Bench", swiftSettings: strict, plugins: ["CompileProbes"]),
    ],
    swiftLanguageModes: [.v6]
)
