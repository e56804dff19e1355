internal import Samples

extension Unroller {
    /// One sample with what is known of it.
    struct Reading {
        let time: Int64
        let value: UInt64
        let station: Int
        /// The last scrape that brought it.
        var scrape: Int
        let isExact: Bool
        /// Whether the exporter says that this value is the last.
        let isFinal: Bool
    }

    /// Reads the samples of some series in the order of time.
    mutating func read(_ raw: [(series: Series, station: Int)], scale: Double) {
        readings.removeAll(keepingCapacity: true)
        for one in raw { read(one.series, one.station, scale) }
        if raw.count > 1 { join() }
    }

    private mutating func read(_ series: Series, _ place: Int, _ scale: Double) {
        let station = stations[place]
        let isFinal = series.labels["state"] == "terminated"
        var scrape = 0
        for sample in series.samples {
            guard let value = UInt64(exactly: (sample.value * scale).rounded()) else { continue }
            // Most often the sample is of the next scrape.
            if scrape < station.scrapes.count, station.scrapes[scrape] < sample.time {
                scrape += 1
                if scrape < station.scrapes.count, station.scrapes[scrape] < sample.time {
                    scrape = station.scrapes.firstIndex(notBefore: sample.time)
                }
            }
            let isExact = scrape < station.scrapes.count && station.scrapes[scrape] == sample.time
            readings.append(
                Reading(
                    time: isExact ? station.times[scrape] : Instant.microseconds(sample.time), value: value,
                    station: place, scrape: scrape, isExact: isExact, isFinal: isFinal))
        }
    }

    /// Puts the readings of several series in order; of one time the highest counts, for a series that ends and its
    /// successor show the same counter.
    private mutating func join() {
        readings.sort { ($0.time, $1.value, $1.scrape) < ($1.time, $0.value, $0.scrape) }
        var kept = 0
        for reading in readings {
            if kept > 0, readings[kept - 1].time == reading.time {
                if readings[kept - 1].station == reading.station {
                    readings[kept - 1].scrape = max(readings[kept - 1].scrape, reading.scrape)
                }
                continue
            }
            readings[kept] = reading
            kept += 1
        }
        readings.removeLast(readings.count - kept)
    }
}

extension Station {
    /// When the values were taken that were shown before a reading; nil if it is the first that is known.
    func time(before first: Unroller.Reading) -> Int64? {
        var scrape = min(first.scrape, times.count)
        while scrape > 0 {
            scrape -= 1
            if times[scrape] < first.time { return times[scrape] }
        }
        return nil
    }
}
