internal import Archive
package import Host
package import Pages
package import Results
package import Samples

/// A Prometheus, or an engine that speaks as it does, which keeps what came of runs for years.
package struct LongTermStorage: Sendable {
    package var write: RemoteWrite
    package var read: ReadBack

    /// An engine by the base of its API; `writing` is for one that takes remote write elsewhere than at `/api/v1/write` below
    /// it, and is the very place.
    package init(_ endpoint: Endpoint, writing: Endpoint? = nil) {
        write = writing.map { RemoteWrite($0, path: "") } ?? RemoteWrite(endpoint)
        read = ReadBack(endpoint)
    }

    /// Writes the gauges of a run, and before them its raw samples if they are given, reads all of it back and compares;
    /// returns how many samples there are.
    ///
    /// Whoever finds a run's gauges there thus finds its samples too. Storing the same again is no error: Prometheus
    /// refuses samples that are not younger than a series' last one, and then it counts whether they are there. Throws exit
    /// 8 where something was not stored or does not read back as it was written, exit 3 where nothing takes it.
    package func store(_ document: RunDocument, _ recording: Recording? = nil) throws(Failure) -> Int {
        try store(series(document, recording))
    }

    /// Writes samples, reads them back and compares; returns how many there are.
    package func store(_ series: [Series]) throws(Failure) -> Int {
        var count = 0
        for part in series.parts(of: write.batch) {
            do throws(Failure) {
                count += try write.push(part)
            } catch {
                guard error.exit == .dataMissing, isThere(part) else { throw error }
                count += part.reduce(0) { $0 + $1.samples.count }
            }
        }
        try read.compare(series)
        return count
    }

    /// Makes blocks of a run's gauges, and of its raw samples if they are given, in the folder of the Prometheus that answers
    /// here, and waits until they read back; returns how many samples there are.
    package func backfill(
        _ document: RunDocument, _ recording: Recording? = nil, into backfill: Backfill
    ) throws(Failure) -> Int {
        let series = try series(document, recording)
        let count = try backfill.add(series)
        var read = read
        // Prometheus looks for new blocks once a minute.
        read.patience = max(read.patience, 150_000)
        try read.compare(series)
        return count
    }

    /// What there is to store of a run, its gauges last.
    private func series(_ document: RunDocument, _ recording: Recording?) throws(Failure) -> [Series] {
        do {
            return (recording?.series ?? []) + (try History.series(of: document))
        } catch {
            throw Failure(.dataMissing, "store \(document.runId) in \(read.endpoint.url): \(error)")
        }
    }

    /// Whether an earlier attempt has stored just this.
    private func isThere(_ series: [Series]) -> Bool {
        var read = read
        read.patience = 0
        return (try? read.compare(series)) != nil
    }
}
