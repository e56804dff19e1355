import Documents
import Exposition
import Host
import Pages
import Samples
import Testing

@Suite struct PollsTests {
    private let folder: Scratch
    private let polls: Polls

    init() throws {
        folder = try Scratch()
        polls = Polls(path: folder("polls.txt"))
    }

    private static let energy = "kepler_container_joules_total"

    private func page(_ joules: Int, at time: Int64) -> TimedPage {
        TimedPage(
            "# HELP x y\n\(Self.energy){container_id=\"a # whole\"} \(joules)\ngo_goroutines 9\n",
            read: Moment(milliseconds: time))
    }

    private func add(_ text: String) throws { try Files.append(text, to: polls.path) }

    @Test func whatWasKeptComesBackAsItWasRecorded() throws {
        #expect(try polls.recording() == Recording())
        var recording = Recording()
        for time in 1...3 {
            let page = page(10 * time, at: Int64(time) * 1000)
            try polls.keep(page, of: "n:1")
            recording.append(page: try Scrape(page.text), at: page.read.milliseconds, instance: "n:1")
        }
        try polls.keepDown(at: Moment(milliseconds: 4000), of: "n:1")
        recording.append(up: false, at: 4000, instance: "n:1")
        #expect(try polls.recording() == recording)
        #expect(recording.metrics == [Self.energy, "up"])
    }

    /// A crash or a full disk cuts the last part off anywhere; what comes after it counts, and only that.
    @Test func aPartThatWasCutOffDoesNotCountWhereverThatWas() throws {
        try polls.keep(page(10, at: 1000), of: "n:1")
        let first = try Files.read(polls.path)
        try polls.keep(page(20, at: 2000), of: "n:1")
        let second = try Files.read(polls.path).dropFirst(first.count)
        for count in 0..<second.count - 1 {
            try Files.replace(polls.path, with: first + second.prefix(count))
            try polls.keep(page(30, at: 3000), of: "n:1")
            try polls.keepDown(at: Moment(milliseconds: 4000), of: "n:1")
            // Without its last line's end the part is whole.
            let isWhole = second.prefix(count).hasSuffix("\n# whole")
            let recording = try polls.recording()
            #expect(
                recording[Self.energy].map { $0.samples.map(\.value) } == [isWhole ? [10, 20, 30] : [10, 30]],
                "\(count)")
            #expect(
                recording["up"].map { $0.samples.map(\.time) } == [
                    isWhole ? [1000, 2000, 3000, 4000] : [1000, 3000, 4000]
                ])
        }
    }

    @Test func aClockThatWasSetBackLeavesOutWhatIsNotYounger() throws {
        for (joules, time) in [(10, 5000), (20, 2000), (30, 5000), (40, 6000)] {
            try polls.keep(page(joules, at: Int64(time)), of: "n:1")
        }
        #expect(try polls.recording()[Self.energy].map { $0.samples.map(\.value) } == [[10, 40]])
    }

    @Test func aPageThatIsNoneIsSaidWithItsTime() throws {
        try add("\n# page 1000 n:1\n\(Self.energy) what\n# whole\n")
        let failure = #expect(throws: Failure.self) { _ = try polls.recording() }
        #expect(failure?.message.hasPrefix("read \(polls.path), the page at 1970-01-01T00:00:01") == true)
    }

    /// Lines may be longer than what is read at once, and fall on any place of it.
    @Test func linesOfAnyLength() throws {
        let lines = [0, 1, 65_535, 65_536, 65_537, 200_000, 0, 3].map { String(repeating: "x", count: $0) }
        for end in ["", "\n"] {
            let path = try folder.write("lines", lines.joined(separator: "\n") + end)
            var read: [Int] = []
            try Files.eachLine(of: path) { line throws(Failure) in read.append(line.count) }
            #expect(read == lines.map(\.count))
        }
    }
}
