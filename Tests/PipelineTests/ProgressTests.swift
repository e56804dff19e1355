import Course
import Documents
import Host
import Runs
import Testing

struct ProgressTests {
    private let clock = StoppedClock()

    /// What is said when a step waits for one thing, then for another, and is done after a minute and a half.
    private func said(_ format: Progress.Format) -> String {
        var text = ""
        let progress = Progress(format, time: clock.time) { text += $0 }
        progress.begin(.ready)
        progress.waits(for: "Kustomization benchmark/falco: no artifact yet")
        for _ in 0..<3 {
            clock.advance(1000)
            progress.refresh()
        }
        progress.waits(for: "3 pods\nof 4")
        clock.advance(3000)
        progress.refresh()
        clock.advance(84_500)
        progress.refresh()
        progress.say("the lease is not ours to take")
        progress.done()
        return text
    }

    @Test func aLogGetsALineWhenWhatIsWaitedForChanges() {
        #expect(
            said(.plain) == """
                [5/14] ready: begun
                [5/14] ready: waits for Kustomization benchmark/falco: no artifact yet (0.0 s)
                [5/14] ready: waits for 3 pods of 4 (6.0 s)
                [5/14] ready: waits for 3 pods of 4 (1 min 30 s)
                brahe: the lease is not ours to take
                [5/14] ready: done in 1 min 30 s

                """)
    }

    @Test func aTerminalHasOneLineThatNeverWraps() {
        let text = said(.terminal(columns: 50))
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        let drawn = text.split(separator: "\r\u{1b}[K").map { $0.filter { $0 != "\n" } }
        #expect(drawn.allSatisfy { $0.count < 50 }, "\(drawn)")
        #expect(drawn.contains("[5/14] ready: 3.0 s, waits for 3 pods of 4"))
        #expect(drawn.contains("brahe: the lease is not ours to take"))
        #expect(drawn.last == "[5/14] ready: done in 1 min 30 s")
        #expect(drawn.contains { $0.hasSuffix("benchmark/fa…") || $0.hasSuffix("…") })
    }

    @Test func aProgramGetsOneObjectALine() throws {
        let events = try said(.json).split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(events.map { $0["event"].string } == ["begin", "wait", "wait", "wait", "message", "done"])
        #expect(events[2]["waits_for"].string == "3 pods of 4")
        #expect(events[2]["seconds"].number == 6)
        #expect(events[5]["step"].string == "ready" && events[5]["number"].integer == 5)
    }

    @Test(arguments: [
        (-5, "0.0 s"), (440, "0.4 s"), (12_900, "12 s"), (185_000, "3 min 05 s"), (7_620_000, "2 h 07 min"),
        (273_600_000, "3 d 04 h"),
    ])
    func spansAreRead(_ milliseconds: Int64, _ text: String) {
        #expect(Span(milliseconds: milliseconds).description == text)
    }

    @Test func anUnknownFormatIsRefused() {
        #expect(throws: Failure.self) { try Progress.usual(format: "xml") }
    }
}
