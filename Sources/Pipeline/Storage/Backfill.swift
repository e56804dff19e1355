internal import Archive
internal import Documents
internal import Glibc
package import Host
package import Samples

/// A Prometheus' folder of data, into which promtool makes blocks of samples of any age.
///
/// `promtool tsdb create-blocks-from openmetrics`; https://prometheus.io/docs/prometheus/latest/storage/. A Prometheus that
/// runs over the folder finds new blocks within a minute or so, and deletes them if they are older than its retention.
package struct Backfill: Sendable {
    package let folder: String
    /// Whether a Prometheus may be running over the folder.
    package var isLive = true
    /// The program, found along PATH.
    package var promtool = "promtool"
    /// What is younger may be in the head of a Prometheus that runs, which blocks must not touch, in milliseconds.
    private static let head: Int64 = 3 * 3_600_000

    package init(folder: String) { self.folder = folder }

    /// Makes blocks of the samples, without those that are NaN; returns how many samples there are.
    ///
    /// The text goes through a file in memory. Throws exit 3 where promtool is not there or the samples are too young for a
    /// folder that is in use, exit 8 where promtool fails.
    package func add(_ series: [Series]) throws(Failure) -> Int {
        var recording = Recording()
        for one in series {
            do {
                let storable = try one.storable()
                recording.append(storable.samples, to: storable.identity)
            } catch {
                throw Failure(.dataMissing, "backfill \(folder): \(error)")
            }
        }
        guard let last = recording.series.compactMap(\.samples.last?.time).max() else { return 0 }
        guard !isLive || Moment.now.milliseconds - last > Self.head else {
            throw Failure(
                .configuration,
                "backfill \(folder): a sample is of \(Moment(milliseconds: last)), and the last 3 hours belong to the "
                    + "Prometheus that runs over the folder; write to it remotely instead")
        }
        guard Tool([promtool]).isThere else {
            throw Failure(.configuration, "backfill \(folder): \(promtool) is not there; it comes with Prometheus")
        }
        let file = try Capture()
        try recording.eachPart { part throws(Failure) in
            guard write(part, to: file.descriptor) else {
                throw Failure(.dataMissing, "backfill \(folder): write a file in memory: \(errnoText())")
            }
        }
        let path = "/proc/\(getpid())/fd/\(file.descriptor)"
        let tool = Tool([promtool, "tsdb", "create-blocks-from", "openmetrics", path, folder])
        let outcome = try tool.run(within: 600_000)
        guard outcome.code == 0 else {
            throw Failure(.dataMissing, "backfill \(folder) with \(promtool): \(outcome.lastWords)")
        }
        return recording.series.reduce(0) { $0 + $1.samples.count }
    }
}
