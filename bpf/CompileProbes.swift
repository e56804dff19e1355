import Foundation
import PackagePlugin

/// Runs `bpf/Makefile`, so that `swift build` compiles the probes and embeds them in the target that asks.
@main
struct CompileProbes: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let bpf = context.package.directoryURL.appending(path: "bpf")
        // The agent's target gets the probe; the bench and the tests get the programs they hold it against.
        let probe = target.name == "Node" ? "sched" : "yardstick"
        let output = context.pluginWorkDirectoryURL.appending(path: "\(probe)Object.swift")
        let headers = ["kernel.h", "sched.h", "slots.h", "cgroup.h", "process.h"]
        let inputs = ["Makefile", "\(probe).bpf.c", "object.swift.in"] + headers
        return [
            .buildCommand(
                displayName: "Compiling \(probe).bpf.c",
                executable: URL(filePath: "/usr/bin/make"),
                arguments: [
                    "--no-print-directory", "-C", bpf.path, output.path,
                    "OUT=\(context.pluginWorkDirectoryURL.path)",
                    "CLANG=\(try context.tool(named: "clang").url.path)",
                ],
                inputFiles: inputs.map { bpf.appending(path: $0) },
                outputFiles: [output])
        ]
    }
}
