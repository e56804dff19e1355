import Attribution
import Node
import Testing

@testable import Agent

@Suite struct OptionsTests {
    private func read(_ arguments: [String], _ environment: [String: String] = [:]) throws(Options.Malformed) -> Options
    {
        try Options(arguments: arguments, environment: { environment[$0] })
    }

    @Test func nothingSaidIsTheDefaults() throws {
        let options = try read([])
        #expect(options.sysfs == "/sys")
        #expect(options.cgroup == nil)
        #expect(options.interval == 1_000_000_000)
        #expect(options.listen == [ListenAddress(host: "0.0.0.0", port: 9102)])
        #expect(options.source == .auto)
        #expect(options.estimatorIdleMicrowatts == 740_000)
        #expect(options.estimatorBusyMicrowatts == 2_760_000)
        #expect(options.cgroupHierarchy == .auto)
        #expect(options.zones == [.package, .core, .uncore, .dram, .psys, .other])
        #expect(options.compat == [.ebpf, .current])
        #expect(options.levels == [.node, .container, .pod, .vm])
        #expect(options.cgroups && !options.cadvisor && options.created)
        #expect(options.idle == .none && options.idleWatts.isEmpty)
        #expect(options.retain == 600_000_000_000 && options.retainMax == 1000)
        #expect(options.podLogs == "/var/log" && options.nameWait == 10_000_000_000)
        #expect(options.kubelet == nil && options.kubeletTokenFile == nil && options.kubeletCAFile == nil)
        #expect(options.nodeName == NodeFacts.hostName)
        #expect(options.webConfig == nil && options.webPath == "/metrics")
        #expect(options.logLevel == .info && options.logFormat == .logfmt)
        #expect(options.command == .run)
    }

    @Test(arguments: [
        [
            "--sysfs", "/host/sys", "--cgroup", "/host/cgroup", "--interval", "250ms", "--listen", "[::1]:0",
            "--source",
            "estimator", "--estimator-idle-watts", "0.5", "--estimator-busy-watts", "3",
        ],
        [
            "--sysfs=/host/sys", "--cgroup=/host/cgroup", "--interval=250ms", "--listen=[::1]:0", "--source=estimator",
            "--estimator-idle-watts=0.5", "--estimator-busy-watts=3",
        ],
    ])
    func theCommandLineIsReadInBothForms(arguments: [String]) throws { check(try read(arguments)) }

    @Test func theEnvironmentSaysTheSame() throws {
        check(
            try read(
                [],
                [
                    "BRAHE_SYSFS": "/host/sys", "BRAHE_CGROUP": "/host/cgroup", "BRAHE_INTERVAL": "250ms",
                    "BRAHE_LISTEN": "[::1]:0", "BRAHE_SOURCE": "estimator", "BRAHE_ESTIMATOR_IDLE_WATTS": "0.5",
                    "BRAHE_ESTIMATOR_BUSY_WATTS": "3",
                ]))
    }

    private func check(_ options: Options) {
        #expect(options.sysfs == "/host/sys")
        #expect(options.cgroup == "/host/cgroup")
        #expect(options.interval == 250_000_000)
        #expect(options.listen == [ListenAddress(host: "::1", port: 0)])
        #expect(options.source == .estimator)
        #expect(options.estimatorIdleMicrowatts == 500_000)
        #expect(options.estimatorBusyMicrowatts == 3_000_000)
    }

    @Test func theCommandLineWins() throws {
        let environment = ["BRAHE_INTERVAL": "2s", "BRAHE_SOURCE": "powercap"]
        let options = try read(["--interval", "3s", "--interval", "4s"], environment)
        #expect(options.interval == 4_000_000_000)
        #expect(options.source == .powercap)
    }

    @Test func aValueMayHoldAnEqualsSign() throws {
        #expect(try read(["--sysfs=/a=b"]).sysfs == "/a=b")
    }

    @Test(arguments: ["--help", "-h"]) func helpIsAskedFor(argument: String) throws {
        #expect(try read([argument]).command == .help)
    }

    @Test func theVersionIsAskedFor() throws { #expect(try read(["--version"]).command == .version) }

    @Test(
        arguments: [
            ("100ms", 100_000_000), ("1.5s", 1_500_000_000), ("60s", 60_000_000_000), ("1m", 60_000_000_000),
            ("60000ms", 60_000_000_000),
        ] as [(String, UInt64)])
    func intervalsHaveAUnit(text: String, nanoseconds: UInt64) throws {
        #expect(try read(["--interval", text]).interval == nanoseconds)
    }

    @Test(arguments: [
        "", "1", "s", "ms", "99ms", "61s", "2m", "-1s", "1h", "nans", "infs", "one s", "1 s", "1e300s",
    ])
    func aMalformedIntervalIsNamed(text: String) {
        expectMalformed(
            ["--interval", text], #"--interval "\#(text)": not a time between 100ms and 60s, such as 1s or 250ms"#)
    }

    @Test(arguments: ["", "rapl", "Auto", "auto "]) func aMalformedSourceIsNamed(text: String) {
        expectMalformed(["--source", text], #"--source "\#(text)": not auto, powercap or estimator"#)
    }

    @Test(arguments: ["", "9102", "host:", "0.0.0.0:65536", "0.0.0.0:-1", "0.0.0.0:http", "::1", "[::1]"])
    func aMalformedAddressIsNamed(text: String) {
        expectMalformed(
            ["--listen", text], #"--listen "\#(text)": not an address and port, such as 0.0.0.0:9102 or [::1]:9102"#)
    }

    @Test(arguments: ["estimator-idle-watts", "estimator-busy-watts"], ["", "-1", "10001", "nan", "inf", "1W"])
    func malformedWattsAreNamed(option: String, text: String) {
        expectMalformed(["--\(option)", text], #"--\#(option) "\#(text)": not watts between 0 and 10000"#)
    }

    @Test(arguments: ["sysfs", "cgroup"]) func anEmptyPathIsNamed(option: String) {
        expectMalformed(["--\(option)="], #"--\#(option) "": not a path"#)
    }

    @Test func aMalformedVariableIsNamed() {
        let error = #expect(throws: Options.Malformed.self) { try read([], ["BRAHE_ESTIMATOR_IDLE_WATTS": "much"]) }
        #expect(error?.description == #"BRAHE_ESTIMATOR_IDLE_WATTS "much": not watts between 0 and 10000"#)
    }

    @Test(arguments: ["sysfs", "cgroup", "interval", "listen", "source", "estimator-idle-watts"])
    func anOptionWithoutItsValueIsNamed(option: String) {
        expectMalformed(["--\(option)"], "option --\(option) needs a value, see --help")
    }

    @Test(arguments: ["--nonsense", "--nonsense=1", "-sysfs", "sysfs", "--", "", "--Sysfs", "---sysfs", "--help=1"])
    func anUnknownOptionIsNamed(argument: String) {
        expectMalformed([argument], "unknown option \(argument), see --help")
    }

    @Test func helpNamesEveryOptionAndKeepsToALinesWidth() {
        #expect(Option.all.count == 29)
        for option in Option.all { #expect(Options.help.contains("\n  --\(option.name) ")) }
        #expect(Options.help.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    private func expectMalformed(_ arguments: [String], _ message: String, at place: SourceLocation = #_sourceLocation)
    {
        let error = #expect(throws: Options.Malformed.self, sourceLocation: place) { try read(arguments) }
        #expect(error?.description == message, sourceLocation: place)
    }
}
