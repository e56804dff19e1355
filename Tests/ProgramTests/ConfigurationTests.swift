import Attribution
import Foundation
import Node
import Testing

@testable import Agent

/// The options that take lists, the configuration file, and what `brahe-agent config` prints.
@Suite struct ConfigurationTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "brahe-\(UUID().uuidString).yaml").path

    private func read(
        _ arguments: [String] = [], _ environment: [String: String] = [:], file: String? = nil
    ) throws -> Options {
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard let file else { return try Options(arguments: arguments, environment: { environment[$0] }) }
        try file.write(toFile: path, atomically: true, encoding: .utf8)
        return try Options(arguments: arguments + ["--config", path], environment: { environment[$0] })
    }

    /// Every option, each with a value that is not its default.
    private static let everything = """
        sysfs: /host/sys
        cgroup: /host/cgroup
        cgroup-hierarchy: v1:cpu
        interval: 250ms
        source: estimator
        zones: [package, dram]
        idle: even
        idle-watts:
          - package-0=23.5
          - dram-0=4
          - package-1-die-1=0
          - psys=30
        estimator-idle-watts: 0.5
        estimator-busy-watts: 3
        compat:
          - 0.11
          - 0.3
        levels: node,process
        cgroups: off
        cadvisor: on
        created: "off"
        retain: 24h
        retain-max: 0
        node-name: "a: \\"node\\" # 1"
        pod-logs: /logs
        kubelet: https://127.0.0.1:10250
        kubelet-token-file: /token
        kubelet-ca-file: /ca.crt
        name-wait: 0s
        listen:
          - 127.0.0.1:1
          - "[::1]:2"
        web-config: /web.yaml
        web-path: /m
        log-level: debug
        log-format: json

        """

    @Test func theFileSaysEverything() throws {
        let options = try read(file: Self.everything)
        #expect(options.sysfs == "/host/sys" && options.cgroup == "/host/cgroup")
        #expect(options.cgroupHierarchy == .v1("cpu"))
        #expect(options.interval == 250_000_000)
        #expect(options.source == .estimator)
        #expect(options.zones == [.package, .dram])
        #expect(options.idle == .even)
        #expect(
            options.idleWatts == [
                .init(zone: "package-0", microwatts: 23_500_000), .init(zone: "dram-0", microwatts: 4_000_000),
                .init(zone: "package-1-die-1", microwatts: 0), .init(zone: "psys", microwatts: 30_000_000),
            ])
        #expect(options.estimatorIdleMicrowatts == 500_000 && options.estimatorBusyMicrowatts == 3_000_000)
        #expect(options.compat == [.current, .first])
        #expect(options.levels == [.node, .process])
        #expect(!options.cgroups && options.cadvisor && !options.created)
        #expect(options.retain == 86_400_000_000_000 && options.retainMax == 0)
        #expect(options.nodeName == "a: \"node\" # 1")
        #expect(options.podLogs == "/logs")
        #expect(options.kubelet == "https://127.0.0.1:10250")
        #expect(options.kubeletTokenFile == "/token" && options.kubeletCAFile == "/ca.crt")
        #expect(options.nameWait == 0)
        #expect(options.listen == [ListenAddress(host: "127.0.0.1", port: 1), ListenAddress(host: "::1", port: 2)])
        #expect(options.webConfig == "/web.yaml" && options.webPath == "/m")
        #expect(options.logLevel == .debug && options.logFormat == .json)
    }

    /// What `config` prints is a file that gives the same configuration, whatever characters the values have.
    @Test(arguments: [everything, "", "node-name: \"\\u2028 \\x07 \\N é : #\"\n"])
    func theEffectiveConfigurationIsAFile(file: String) throws {
        let before = try read(["config"], file: file)
        let again = try read(["config"], file: before.effective)
        let values = { (options: Options) in options.settings.dropLast().map { $0.given.map(\.text) } }
        #expect(values(again) == values(before))
        #expect(again.nodeName == before.nodeName)
        #expect(before.command == .config)
        #expect(Option.all.allSatisfy { before.effective.contains("\($0.name):") || $0.name == "config" })
    }

    @Test func theNearerLevelWinsAndIsNamed() throws {
        let file = "interval: 2s\nretain: 2m\nname-wait: 2s\n"
        let options = try read(
            ["--interval", "4s"], ["BRAHE_INTERVAL": "3s", "BRAHE_RETAIN": "3m", "NODE_NAME": "seven"], file: file)
        #expect(options.interval == 4_000_000_000)
        #expect(options.retain == 180_000_000_000)
        #expect(options.nameWait == 2_000_000_000)
        #expect(options.nodeName == "seven")
        let lines = options.effective.split(separator: "\n")
        #expect(lines.contains("interval: 4s  # flag --interval"))
        #expect(lines.contains("retain: 3m  # variable BRAHE_RETAIN"))
        #expect(lines.contains("name-wait: 2s  # \(path):3"))
        #expect(lines.contains("node-name: seven  # variable NODE_NAME"))
        #expect(lines.contains("web-path: /metrics  # default"))
        #expect(try read(["--node-name", "eight"], ["NODE_NAME": "seven"]).nodeName == "eight")
        #expect(try read([], ["NODE_NAME": "", "BRAHE_NODE_NAME": "nine"]).nodeName == "nine")
    }

    @Test func aListReplacesTheLowerLevelsList() throws {
        let file = "levels: [node, container]\nlisten:\n- 127.0.0.1:1\n- 127.0.0.1:2\n"
        let options = try read(
            ["--levels", "pod", "--levels=vm, process"], ["BRAHE_LISTEN": "127.0.0.1:3,127.0.0.1:4"], file: file)
        #expect(options.levels == [.pod, .vm, .process])
        #expect(options.listen.map(\.url) == ["http://127.0.0.1:3", "http://127.0.0.1:4"])
        #expect(try read(file: file).listen.map(\.url) == ["http://127.0.0.1:1", "http://127.0.0.1:2"])
    }

    @Test(arguments: [
        ("interval: 1s\nfrobnicate: 1\n", ":2: unknown key frobnicate"),
        ("\n\ninterval: fast\n", #":3: interval "fast": not a time between 100ms and 60s, such as 1s or 250ms"#),
        ("levels:\n- node\n- cluster\n", #":3: levels "cluster": not node, container, pod, process or vm"#),
        ("levels: []\n", ":1: levels needs a value"),
        ("levels:\n  - [node]\n", ":2: levels takes a sequence of values, not of others"),
        ("interval: [1s]\n", ":1: interval takes one value, not a sequence"),
        ("idle-watts:\n  package-0: 3\n", ":2: idle-watts takes a value, not a mapping"),
        ("interval:\n", #":1: interval "": not a time between 100ms and 60s, such as 1s or 250ms"#),
        ("config: other.yaml\n", ":1: config cannot be given in a configuration file"),
        ("- interval\n", ":1: not a mapping of option names to values"),
        ("log:\n  level: debug\n", ":2: unknown key log.level: here it is log-level"),
        (
            "kube:\n  enabled: true\n",
            ":2: unknown key kube.enabled: names come from the node itself, see --pod-logs and --kubelet"
        ),
    ])
    func whatIsWrongWithAFileIsNamedWithItsLine(file: String, message: String) {
        let error = #expect(throws: Options.Malformed.self) { try read(file: file) }
        #expect(error?.description == path + message)
    }

    @Test func aWrongValueIsNamedEvenWhereANearerLevelHasAGoodOne() {
        #expect(throws: Options.Malformed.self) { try read(["--interval", "1s"], file: "interval: fast\n") }
    }

    @Test func aFileThatCannotBeReadOrParsedIsNamed() throws {
        var error = #expect(throws: Options.Malformed.self) { try read(["--config", "/nowhere/brahe.yaml"]) }
        #expect(error?.description == "read the configuration /nowhere/brahe.yaml: No such file or directory")
        error = #expect(throws: Options.Malformed.self) { try read(file: "interval: 1s\nlisten: [\n") }
        #expect(error?.description.hasPrefix("read the configuration \(path):3: ") == true, "\(error as Any)")
        error = #expect(throws: Options.Malformed.self) { try read([], ["BRAHE_CONFIG": ""]) }
        #expect(error?.description == #"BRAHE_CONFIG "": not a path"#)
    }

    @Test(arguments: [
        ("idle-watts", "package=3"), ("idle-watts", "package-0=-3"), ("idle-watts", "package-x=3"),
        ("idle-watts", "cpu-0=3"), ("idle-watts", "package-0"), ("idle-watts", "package-0-die-=3"),
        ("idle-watts", "package-0-core-1=3"), ("idle-watts", "package-0=3,"), ("zones", ""), ("zones", "Package"),
        ("compat", "0.10"), ("retain", "25h"), ("retain", "10"), ("retain-max", "-1"), ("retain-max", "100001"),
        ("retain-max", "1.5"), ("retain-max", ""), ("name-wait", "11m"), ("kubelet", "127.0.0.1:10250"),
        ("kubelet", "https://"), ("web-path", "metrics"), ("web-path", "/"), ("web-path", "/healthz"),
        ("web-path", "/a?b"), ("cgroup-hierarchy", "v1"), ("cgroup-hierarchy", "v1:"), ("cadvisor", "yes"),
        ("idle", "requests"), ("log-level", "trace"), ("log-format", "text"), ("node-name", ""),
    ])
    func aMalformedValueIsNamedWithWhatIsWanted(option: String, text: String) throws {
        let error = #expect(throws: Options.Malformed.self) { try read(["--\(option)", text]) }
        let wanted = try #require(Option.all.first { $0.name == option }).wanted
        #expect(error?.description.hasSuffix("\": not \(wanted)") == true, "\(error as Any)")
        #expect(error?.description.hasPrefix("--\(option) \"") == true)
    }

    @Test(arguments: [
        ("--web.listen-address=:28282", "here it is --listen"), ("--host.sysfs", "here it is --sysfs"),
        ("--metrics", "here it is --levels"), ("--monitor.interval=5s", "here it is --interval"),
        ("--monitor.max-terminated", "here it is --retain-max"), ("--web.config-file", "here it is --web-config"),
        ("--log.level", "here it is --log-level"), ("--log.format", "here it is --log-format"),
        ("--config.file", "here it is --config"), ("-address", "here it is --listen"),
        ("-metrics-path", "here it is --web-path"), ("-enable-gpu=true", "there is no GPU meter"),
        ("--kube.enable", "names come from the node itself, see --pod-logs and --kubelet"),
    ])
    func oneOfKeplersFlagsIsToldWhatItIsHere(argument: String, hint: String) {
        let error = #expect(throws: Options.Malformed.self) { try read([argument]) }
        #expect(error?.description == "unknown option \(argument): \(hint), see --help")
    }
}
