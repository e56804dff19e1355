import Documents
import Exposition
import Host
import Pages
import Results
import Samples
import Storage
import Testing

@Suite(.serialized) struct RemoteWriteTests {
    @Test(arguments: Engine.Kind.allCases)
    func whatIsStoredReadsBack(_ kind: Engine.Kind) throws {
        try #require(kind.isHere)
        let engine = try Engine(kind)
        let storage = LongTermStorage(Endpoint(engine.url + "/"))
        let now = Moment.now
        let document = aDocument(ending: now)
        let recording = counters(20, seconds: 900, ending: now)
        #expect(try storage.store(document, recording) == 20 * 61 + 10)
        // Once more, as after a run that was broken off.
        #expect(try storage.store(document, recording) == 20 * 61 + 10)
        // In parts that do not end with a series; and of what is there already, another value.
        var small = storage
        small.write.batch = 700
        let others = counters(50, seconds: 900, ending: now).series.dropFirst(20)
        #expect(try small.store(Array(others)) == 30 * 61)
        #expect(throws: Failure.self) { try small.store(aDocument(joules: 1, ending: now)) }
    }

    @Test(arguments: Engine.Kind.allCases)
    func whatIsNotThereOrIsAnotherValueIsExitEight(_ kind: Engine.Kind) throws {
        try #require(kind.isHere)
        let engine = try Engine(kind)
        var read = ReadBack(Endpoint(engine.url))
        let identity = Scrape.Identity(name: "green_review_energy_joules", labels: ["run_id": "r"])
        let now = Moment.now
        func series(_ value: Double, at time: Moment = now) -> [Series] {
            [Series(identity, samples: [Sample(time: time.milliseconds, value: value)])]
        }
        _ = try RemoteWrite(Endpoint(engine.url)).push(series(5))
        try read.compare(series(5))
        try read.compare(series(5 + 4e-9))
        #expect(
            throws: Failure(
                .dataMissing,
                "read back from \(engine.url): green_review_energy_joules{run_id=\"r\"} at \(now) is 5.0, and "
                    + "5.00000001 was written")
        ) { try read.compare(series(5.000_000_01)) }
        read.patience = 0
        #expect(
            throws: Failure(
                .dataMissing,
                "read back from \(engine.url): green_review_energy_joules{run_id=\"r\"} at \(now + 1) is not there")
        ) { try read.compare(series(5, at: now + 1)) }
    }

    @Test func prometheusSaysWhyItTakesNothing() throws {
        try #require(Engine.Kind.prometheus.isHere)
        let engine = try Engine(.prometheus)
        let write = RemoteWrite(Endpoint(engine.url))
        let now = Moment.now
        func push(_ value: Double, at time: Moment) throws -> Int {
            let identity = Scrape.Identity(name: "up", labels: ["a": "b"])
            return try write.push([Series(identity, samples: [Sample(time: time.milliseconds, value: value)])])
        }
        #expect(try push(1, at: now) == 1)
        #expect(
            throws: Failure(
                .dataMissing,
                "write to \(engine.url)/api/v1/write: HTTP 400: out of order sample: it has younger samples of the series already; "
                    + "backfill them")
        ) { try push(1, at: now + -1000) }
        #expect(
            throws: Failure(
                .dataMissing,
                "write to \(engine.url)/api/v1/write: HTTP 400: duplicate sample for timestamp: it has another value of the series at "
                    + "that time, and keeps it")
        ) { try push(2, at: now) }
        #expect(
            throws: Failure(
                .dataMissing,
                "write to \(engine.url)/api/v1/write: HTTP 400: out of bounds: the samples are older than it still takes; backfill "
                    + "them")
        ) { try push(1, at: now + -36_000_000) }
        #expect(throws: Failure(.dataMissing, "write to \(engine.url)/api/v1/write: \"9\" is no name of a metric")) {
            try write.push([Series(Scrape.Identity(name: "9", labels: [:]))])
        }
    }

    @Test func aReceiverThatIsOffOrGoneIsExitThree() throws {
        try #require(Engine.Kind.prometheus.isHere)
        let engine = try Engine(.prometheus, receiver: false)
        #expect {
            try LongTermStorage(Endpoint(engine.url)).store(aDocument())
        } throws: { error in
            let failure = error as? Failure
            return failure?.exit == .configuration
                && failure?.message.contains("--web.enable-remote-write-receiver") == true
                && failure?.message.contains("\n") == false
        }
        var gone = LongTermStorage(Endpoint("http://127.0.0.1:\(try freePort())"))
        gone.write.patience = 0
        #expect {
            try gone.store(aDocument())
        } throws: { ($0 as? Failure)?.exit == .configuration }
    }

    @Test func whoAsksIsSaidToBothEnds() throws {
        try #require(Engine.Kind.victoriaMetrics.isHere)
        let folder = try scratch()
        defer { remove(folder: folder) }
        let engine = try Engine(
            .victoriaMetrics, prefix: "/store", more: ["-httpAuth.username=brahe", "-httpAuth.password=tycho"])
        var credentials = Credentials()
        credentials.user = "brahe"
        credentials.passwordFile = folder + "/password"
        try Files.replace(folder + "/password", with: "tycho\n")
        #expect(try LongTermStorage(Endpoint(engine.url, credentials)).store(aDocument()) == 10)
        try Files.replace(folder + "/password", with: "kepler\n")
        #expect {
            try LongTermStorage(Endpoint(engine.url, credentials)).store(aDocument())
        } throws: { error in
            let failure = error as? Failure
            return failure?.exit == .configuration && failure?.message.hasSuffix("it wants other credentials") == true
        }
    }

    @Test func onlyWhatMayPassIsTriedAgain() throws {
        let sample = [Series(Scrape.Identity(name: "up", labels: [:]), samples: [Sample(time: 1, value: 1)])]
        let busy = try ScriptedReceiver([503, 429, 204])
        #expect(try RemoteWrite(Endpoint(busy.url)).push(sample) == 1)
        #expect(busy.times.count == 3)
        let polite = try ScriptedReceiver([429, 204], retryAfter: 1)
        #expect(try RemoteWrite(Endpoint(polite.url)).push(sample) == 1)
        #expect(polite.times.count == 2 && polite.times[1] - polite.times[0] >= 1)
        for status in [400, 404, 409, 301] {
            let stubborn = try ScriptedReceiver([status, 204])
            #expect(throws: Failure.self) { try RemoteWrite(Endpoint(stubborn.url)).push(sample) }
            #expect(stubborn.times.count == 1)
        }
        let down = try ScriptedReceiver([503], retryAfter: 3000)
        #expect(throws: Failure(.dataMissing, "write to \(down.url)/api/v1/write: HTTP 503")) {
            try RemoteWrite(Endpoint(down.url)).push(sample)
        }
        #expect(down.times.count == 1)
    }
}
