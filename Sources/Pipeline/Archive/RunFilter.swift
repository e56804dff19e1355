package import Documents

/// Which runs are wanted; what is nil is not asked for.
package struct RunFilter: Equatable, Sendable {
    package var project: String?
    package var configuration: String?
    package var version: String?
    package var status: String?
    /// Runs whose window ended before this are not wanted, nor those without a window that were made before it.
    package var since: Moment?

    package init() {}

    /// Whether a run is one of them.
    package func takes(_ record: RunRecord) -> Bool {
        guard project == nil || record.project == project, version == nil || record.version == version,
            configuration == nil || record.configuration == configuration, status == nil || record.status == status
        else { return false }
        guard let since else { return true }
        // A run without any time is shown rather than hidden.
        return record.time.map { $0 >= since } ?? true
    }
}

extension RunRecord {
    /// When its window ended; without one when the run was made, which its name begins with. Nil if neither is known.
    package var time: Moment? {
        if let end { return end }
        let digits = run.prefix(16)
        guard digits.utf8.count == 16, digits.hasSuffix("Z"), digits.dropFirst(8).hasPrefix("T") else { return nil }
        let (day, clock) = (digits.prefix(8), digits.dropFirst(9).dropLast())
        let date = [day.prefix(4), day.dropFirst(4).prefix(2), day.dropFirst(6)].joined(separator: "-")
        let time = [clock.prefix(2), clock.dropFirst(2).prefix(2), clock.dropFirst(4)].joined(separator: ":")
        return Moment("\(date)T\(time)Z")
    }
}
