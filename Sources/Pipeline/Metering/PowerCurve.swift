package import Documents

/// Energy over time, from scrape to scrape.
package struct PowerCurve: Equatable, Sendable {
    /// The ends of the steps, one more than there are steps; empty if there are none.
    package let times: [Moment]
    /// The energy of each step in microjoules; nil where nothing was measured.
    package let energies: [UInt64?]

    /// Steps and their energies.
    package init(times: [Moment], energies: [UInt64?]) {
        self.times = times
        self.energies = energies
    }

    /// The mean power of each step, in watts.
    package var watts: [Double?] {
        energies.indices.map { index in
            let milliseconds = times[index + 1] - times[index]
            return energies[index].map { Double($0) / 1000 / Double(milliseconds) }
        }
    }

    /// The greatest mean power of a step, in watts; nil if nothing was measured.
    package var peak: Double? { watts.compactMap { $0 }.max() }

    /// All of it, in microjoules.
    package var total: UInt64 { energies.reduce(0) { $0.addingOrFull($1 ?? 0) } }
}

extension Meter {
    /// The energy of all consumers that pass, step by step; a `Use` that is asked about has its level and labels only.
    ///
    /// Consumers of several levels overlap: ask for those of one. The steps are the scrapes of the node that was scraped
    /// most often, and the two edges.
    package func curve(of passes: (Use) -> Bool, from start: Moment, to end: Moment) -> PowerCurve {
        let indices = indices(of: passes, \.energy)
        let selected = indices.map { counters[$0] }
        let homes = Set(indices.map { self.homes[places[$0]] })
        let station = metered.map { stations[$0] }.filter {
            homes.contains($0.node)
        }
        .max { $0.times.count < $1.times.count }
        guard end > start, let station, !selected.isEmpty else { return PowerCurve(times: [], energies: []) }
        var ends = [start.milliseconds]
        for time in station.times {
            // Rounded once, so that a step's length and its energy are of the same time.
            let rounded = (time + 500) / 1000
            if rounded > ends[ends.count - 1], rounded < end.milliseconds { ends.append(rounded) }
        }
        ends.append(end.milliseconds)
        var energies = [UInt64?](repeating: nil, count: ends.count - 1)
        let micro = ends.map(Instant.microseconds)
        let reach = reach(of: homes)
        for counter in selected {
            var before = counter.total(at: micro[0])
            for step in energies.indices {
                let after = counter.total(at: micro[step + 1])
                if counter.isKnown(from: micro[step], to: micro[step + 1], within: reach) {
                    energies[step] = (energies[step] ?? 0).addingOrFull(after - before)
                }
                before = after
            }
        }
        return PowerCurve(times: ends.map { Moment(milliseconds: $0) }, energies: energies)
    }

    /// From the first scrape to the last of some nodes.
    private func reach(of homes: Set<String>) -> ClosedRange<Int64> {
        let reached = metered.map { stations[$0] }.filter { homes.contains($0.node) }
        let first = reached.compactMap(\.times.first).min() ?? .max
        return first...max(reached.compactMap(\.times.last).max() ?? first, first)
    }
}

extension Counter {
    /// Whether samples tell what it did in a span: it lies between the first and the last scrape, and the counter was not
    /// lost in it.
    fileprivate func isKnown(from start: Int64, to end: Int64, within reach: ClosedRange<Int64>) -> Bool {
        // The edges are milliseconds and the scrapes microseconds.
        guard end > reach.lowerBound, start < reach.upperBound, let first = times.first, let last = times.last else {
            return false
        }
        if !isBorn, end <= first || self.end == .open && start >= last { return false }
        let middle = start + (end - start) / 2
        let next = times.firstIndex(notBefore: middle)
        if case .unknown(let least) = rises[next] { return least > 0 }
        return true
    }
}
