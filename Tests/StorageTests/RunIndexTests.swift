import Archive
import Documents
import Glibc
import Host
import Results
import Storage
import Testing

@Suite struct RunIndexTests {
    /// A folder of runs, removed at the end.
    private final class Runs {
        let path: String
        var index: RunIndex { RunIndex(runs: path) }
        var book: String { path + "/.index.sqlite" }

        init() throws { path = try scratch() }
        deinit { remove(folder: path) }

        /// Writes a run's document.
        func write(_ run: String, _ document: RunDocument) throws {
            try Files.makeFolder("\(path)/\(run)")
            try Files.replace("\(path)/\(run)/run.json", with: JSON(exactly: document).page)
        }

        /// Names, states and energies as the index lists them.
        var listed: [String] {
            index.records().map { "\($0.run) \($0.status) \($0.energy()?.joules ?? 0)" }
        }

        /// Waits until the files are old enough: what has just changed is not kept in the index.
        func settle() { usleep(2_100_000) }
    }

    @Test func theFoldersAreTheTruthWhateverTheIndexSays() throws {
        let runs = try Runs()
        for number in 1...3 { try runs.write("r\(number)", aDocument(joules: Double(number))) }
        let all = ["r1 succeeded 1.0", "r2 succeeded 2.0", "r3 succeeded 3.0"]
        #expect(runs.listed == all)
        runs.settle()
        #expect(runs.listed == all)
        #expect(Files.exists(runs.book))
        #expect(runs.listed == all)
        // One changes, one goes, one comes; the text of r1 keeps its length.
        try runs.write("r1", aDocument(joules: 9))
        remove(folder: runs.path + "/r2")
        try runs.write("r4", aDocument(joules: 4))
        let now = ["r1 succeeded 9.0", "r3 succeeded 3.0", "r4 succeeded 4.0"]
        #expect(runs.listed == now)
        runs.settle()
        for _ in 0..<2 { #expect(runs.listed == now) }
        // Lost, damaged, of another format, not to be written.
        #expect(unlink(runs.book) == 0)
        #expect(runs.listed == now)
        try Files.replace(runs.book, with: String(repeating: "no index ", count: 4000))
        for _ in 0..<2 { #expect(runs.listed == now) }
        #expect(try Files.read(runs.book).hasPrefix("SQLite format 3"))
        #expect(unlink(runs.book) == 0)
        try Files.makeFolder(runs.book)
        #expect(runs.listed == now)
    }

    @Test func whatIsKeptIsWhatTheDocumentSays() throws {
        let runs = try Runs()
        var failed = aDocument("r1")
        failed.status = .failed
        failed.failure = "the benchmark failed:\n\"it\" said no"
        failed.cncfProject?.config = nil
        try runs.write("r1", failed)
        try runs.write("r2", aDocument("r2", joules: 0.1))
        try runs.write("r3", RunDocument(runId: "r3", status: .failed))
        runs.settle()
        let read = runs.index.records()
        #expect(runs.index.records() == read)
        #expect(read[0].reason == failed.failure)
        #expect(read[0].configuration == nil)
        #expect(read[1].energy(of: "node")?.joules == 0.4)
        #expect(read[1].sci == aDocument("r2", joules: 0.1).results?.sci?.value)
        #expect(read[2].energies.isEmpty)
    }

    @Test func aRunWithoutADocumentOrWithABrokenOneIsListedAsSuch() throws {
        let runs = try Runs()
        try runs.write("r1", aDocument(joules: 1))
        for (run, text) in [("r2", "{\"status\": "), ("r3", "[]"), ("r4", "{}")] {
            try Files.makeFolder("\(runs.path)/\(run)")
            try Files.replace("\(runs.path)/\(run)/run.json", with: text)
        }
        try Files.makeFolder(runs.path + "/r5")
        try Files.replace(runs.path + "/r5/journal.jsonl", with: "")
        try Files.makeFolder(runs.path + "/notes")
        let records = runs.index.records()
        #expect(records.map(\.status) == ["succeeded", "unreadable", "unreadable", "unreadable", "unreported"])
        #expect(records[3].reason == "no run: status is missing")
        #expect(
            records[1...3].allSatisfy { $0.reason?.hasPrefix("no run: ") == true && $0.reason?.contains("\n") == false }
        )
        #expect(RunIndex(runs: runs.path + "/nowhere").records().isEmpty)
    }

    @Test func manyAtOnceAgree() async throws {
        let runs = try Runs()
        for number in 100..<160 { try runs.write("r\(number)", aDocument(joules: Double(number))) }
        runs.settle()
        let expected = (100..<160).map { "r\($0) succeeded \(Double($0))" }
        let index = runs.index
        let lists = await withTaskGroup(of: [RunRecord].self) { group in
            for _ in 0..<6 { group.addTask { index.records() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for list in lists {
            #expect(list.map { "\($0.run) \($0.status) \($0.energy()?.joules ?? 0)" } == expected)
        }
        #expect(runs.listed == expected)
    }

    @Test func aFilterTakesWhatItIsAskedFor() throws {
        let end = try #require(Moment("2026-11-21T08:20:00.000Z"))
        let record = try RunRecord(run: "r", parsing: JSON(exactly: aDocument(ending: end)).page)
        func takes(_ change: (inout RunFilter) -> Void) -> Bool {
            var filter = RunFilter()
            change(&filter)
            return filter.takes(record)
        }
        #expect(
            takes {
                $0.project = "falco"
                $0.version = "0.41.1"
                $0.since = end
            })
        #expect(!takes { $0.project = "cilium" })
        #expect(!takes { $0.configuration = "ebpf" })
        #expect(!takes { $0.status = "failed" })
        #expect(!takes { $0.since = end + 1 })
        let begun = RunRecord(run: "20261121T080500Z-falco-01", status: "unreported").time
        #expect(begun == Moment("2026-11-21T08:05:00Z"))
        #expect(RunRecord(run: "20261121T0805\u{e9}\u{e9}Z-", status: "unreported").time == nil)
    }
}
