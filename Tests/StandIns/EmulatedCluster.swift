package import Cluster
package import Documents
internal import Foundation
internal import Glibc
internal import Host

/// The emulated cluster of StandIns/cluster.py, which says what its switches and its orders are. It ends with this object.
package final class EmulatedCluster {
    /// The address of its API server.
    package let url: String
    /// A folder of this cluster's own, removed with it.
    package let folder: String
    /// The file with the address and made-up credentials.
    package var kubeconfig: String { folder + "/kubeconfig" }
    private let process = Process()

    /// Starts one with these switches; `processes` makes containers real, with their logs below `folder`.
    package init(_ switches: JSON = [:], processes: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "brahe-cluster-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/log", withIntermediateDirectories: true)
        var members = switches.object
        if processes {
            members["processes"] = true
            members["logs"] = .string(folder + "/log")
        }
        try JSON.object(members).page.write(toFile: folder + "/switches.json", atomically: false, encoding: .utf8)
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", Self.script, "--config", folder + "/switches.json", "--parent",
            "\(ProcessInfo.processInfo.processIdentifier)",
        ]
        process.standardOutput = output
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Unusable(what: "the emulated cluster did not start") }
            line += String(decoding: more, as: UTF8.self)
        }
        url = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
        let document: JSON = [
            "apiVersion": "v1", "kind": "Config", "current-context": "emulated",
            "clusters": [["name": "emulated", "cluster": ["server": .string(url)]]],
            "users": [["name": "pipeline", "user": ["token": "made-up"]]],
            "contexts": [["name": "emulated", "context": ["cluster": "emulated", "user": "pipeline"]]],
        ]
        try document.page.write(toFile: kubeconfig, atomically: false, encoding: .utf8)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Ends it, and the processes of its containers.
    package func stop() {
        if process.isRunning {
            process.terminate()
            for _ in 0..<500 where process.isRunning { usleep(10_000) }
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    /// Changes switches from now on; null removes one.
    package func set(_ switches: JSON) throws { try order(["switches": switches]) }

    /// Any orders, as POST /emulator takes them.
    package func order(_ orders: JSON) throws {
        var request = HTTPRequest("POST", url + "/emulator")
        request.body = orders.line
        let answer = request.answer()
        guard answer.status == 200 else { throw Unusable(what: answer.reason) }
    }

    /// Answers nothing for so long.
    package func goAway(seconds: Double) throws { try order(["away": .number(seconds)]) }

    /// Takes objects away whose names begin so, finalizers or not.
    package func remove(_ kind: String, _ name: String, namespace: String = "benchmark") throws {
        try order(["delete": [["kind": .string(kind), "namespace": .string(namespace), "name": .string(name)]]])
    }

    /// All objects of a kind, as they are.
    package func objects(_ kind: String) throws -> [JSON] {
        try view["objects"].array.filter { $0["kind"].string == kind }
    }

    /// The requests so far: method and path with the query, like `GET /version`.
    package func requests() throws -> [String] {
        try view["requests"].array.map { ($0["method"].string ?? "") + " " + ($0["path"].string ?? "") }
    }

    /// Of each container that is a process: `pod`, `namespace`, `uid`, `container`, `id`, `pid`, `cgroup`.
    package func processes() throws -> [JSON] { try view["processes"].array }

    private var view: JSON {
        get throws {
            let answer = HTTPRequest("GET", url + "/emulator").answer()
            guard answer.status == 200 else { throw Unusable(what: answer.reason) }
            return try JSON(parsing: answer.body)
        }
    }

    /// Something that a test needs does not work.
    package struct Unusable: Error {
        package let what: String

        package init(what: String) { self.what = what }
    }

    private static var script: String {
        URL(filePath: #filePath).deletingLastPathComponent().path + "/cluster.py"
    }
}

extension EmulatedCluster {
    /// One of the machine's kubectls, talking to this cluster.
    package func kubectl(_ program: String = Kubectls.all.last ?? "kubectl") -> Kubectl {
        var kubectl = Kubectl(kubeconfig: kubeconfig)
        kubectl.program = program
        // Another cluster may have had the same port.
        kubectl.cacheFolder = folder + "/cache"
        return kubectl
    }

    /// Writes a manifest into the folder; returns its path.
    package func write(_ text: String, to name: String = "manifest.yaml") throws -> String {
        try text.write(toFile: folder + "/" + name, atomically: false, encoding: .utf8)
        return folder + "/" + name
    }

    /// Waits until something holds, for ten seconds at most.
    package func await(_ what: String, _ condition: () throws -> Bool) throws {
        for _ in 0..<500 {
            if try condition() { return }
            usleep(20_000)
        }
        throw Unusable(what: what)
    }
}

/// The releases of kubectl that are on this machine: they differ in their words.
package enum Kubectls {
    /// Their paths: the one unpacked from Debian, and one installed.
    package static let all: [String] = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let candidates = [
            checkout + "/.build/kubernetes-client/usr/bin/kubectl", "/usr/lib/google-cloud-sdk/bin/kubectl.1.33",
            "/usr/bin/kubectl", "/usr/local/bin/kubectl",
        ]
        let found = candidates.filter { access($0, X_OK) == 0 }
        // Two are enough, and the first two are the furthest apart.
        return Array(found.prefix(2))
    }()
}
