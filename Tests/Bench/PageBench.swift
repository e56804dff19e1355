import Exposition
import Glibc
import Node

/// What a page costs in CPU time, bytes and allocations: for each generation, and for each group of families.
struct PageBench {
    private static let rounds = 15
    private static let levels: Levels = [.node, .container, .pod, .vm]
    private static let allLevels: Levels = [.node, .container, .pod, .vm, .process]

    /// Whole pages, the agent's defaults but for what the name says.
    private static let pages: [(name: String, content: PageContent)] = [
        ("0.9", PageContent(generations: .ebpf)), ("0.11", PageContent(generations: .current)),
        ("0.3", PageContent(generations: .first)), ("default", PageContent()),
        ("default_without_created", PageContent(created: false)),
        ("cadvisor", PageContent(cadvisor: true)),
        ("processes", PageContent(levels: allLevels)),
        ("everything", PageContent(generations: [.ebpf, .current, .first], levels: allLevels, cadvisor: true)),
    ]

    /// Groups of families: what a page with them has more than one of `bare`.
    private static let groups: [(name: String, content: PageContent)] = [
        ("cgroups", PageContent(generations: [], levels: [])),
        ("0.9_node", group(.ebpf, .node)), ("0.9_container", group(.ebpf, .container)),
        ("0.9_process", group(.ebpf, .process)),
        ("0.11_node", group(.current, .node)), ("0.11_container", group(.current, .container)),
        ("0.11_pod", group(.current, .pod)), ("0.11_process", group(.current, .process)),
        ("0.3_pod_and_node", group(.first, [])),
        ("cadvisor", PageContent(generations: [], levels: [], cgroups: false, cadvisor: true)),
    ]
    /// The agent's account of itself, and the lists that all pages are made from.
    private static let bare = PageContent(generations: [], levels: [], cgroups: false)

    private static func group(_ generation: Generations, _ level: Levels) -> PageContent {
        PageContent(generations: generation, levels: level, cgroups: false)
    }

    private let workplace: Workplace

    /// A bench in a workplace.
    init(_ workplace: Workplace) { self.workplace = workplace }

    /// Measures all contents in turn, round for round, so that what else the machine does falls on all alike.
    func run() throws -> JSON {
        var sysfs = try workplace.syntheticSysfs()
        let subject = try Subject(workplace, processes: true)
        let unmetered = try Subject(workplace, isMetered: false, processes: true)
        let pages = Self.pages.map { RenderedPage(subject, $0.content, gzip: true) }
        let groups = ([Self.bare] + Self.groups.map(\.content)).map { RenderedPage(subject, $0) }
        let times = ([Self.bare] + Self.groups.map(\.content)).map { RenderedPage(unmetered, $0) }
        // Goes before them, for the first after the big pages finds the caches full of those.
        let first = RenderedPage(subject, Self.bare)
        var sample = Cost()
        for round in -5..<Self.rounds {
            usleep(SampleBench.interval)
            try sysfs.advance()
            let members = subject.members
            let sampled = Cost.of(isSteady: round >= 0) { subject.sampler.sample() }
            unmetered.sampler.sample()
            let isSteady = subject.members == members
            if round >= 0 { sample.add(sampled, isSteady: isSteady) }
            for format in [PageFormat.text, .openMetrics] {
                for page in pages {
                    page.warmUp(subject, format)
                    if round >= 0 { page.measure(subject, format, isSteady: isSteady) }
                }
            }
            first.warmUp(subject, .text)
            for (page, subject) in groups.map({ ($0, subject) }) + times.map({ ($0, unmetered) }) {
                page.warmUp(subject, .text)
                if round >= 0 { page.measure(subject, .text, isSteady: isSteady) }
            }
        }
        let everything = pages[Self.pages.count - 1]
        return .object([
            ("named_containers", .count(UInt64(subject.named))),
            ("known_cgroups", .count(UInt64(subject.members.cgroups))),
            ("known_processes", .count(UInt64(subject.members.processes))),
            ("sample_with_processes", sample.described),
            ("pages", .object(zip(Self.pages, pages).map { ($0.name, $1.described) })),
            ("groups", Self.describe(groups, times)),
            ("bytes_of_families", Self.families(everything, subject)),
        ])
    }

    private static func families(_ page: RenderedPage, _ subject: Subject) -> JSON {
        page.warmUp(subject, .text)
        return page.families
    }

    /// Bytes and microseconds of each group more than of `bare`, and how much of it is CPU time's: those are what a node
    /// without energy has too.
    private static func describe(_ groups: [RenderedPage], _ times: [RenderedPage]) -> JSON {
        func less(_ page: RenderedPage, _ base: RenderedPage) -> [(String, JSON)] {
            [
                ("bytes", .number(Double(page.text.bytes - base.text.bytes))),
                ("cpu_us", .number((page.text.nanoseconds - base.text.nanoseconds) / 1000)),
            ]
        }
        var described: [(String, JSON)] = [
            (
                "self_and_lists",
                .object([
                    ("bytes", .count(UInt64(groups[0].text.bytes))),
                    ("cpu_us", .number(groups[0].text.nanoseconds / 1000)),
                ])
            )
        ]
        for (index, group) in Self.groups.enumerated() {
            described.append(
                (
                    group.name,
                    .object(
                        less(groups[index + 1], groups[0]) + [
                            ("of_it_without_energy", .object(less(times[index + 1], times[0])))
                        ])
                ))
        }
        return .object(described)
    }
}
