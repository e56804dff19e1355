package import Documents
internal import Exposition
internal import Samples

/// A page of an exporter and the time that it belongs to.
package struct TimedPage: Equatable, Sendable {
    package let text: String
    /// When it was asked for, or scraped.
    package let read: Moment

    package init(_ text: String, read: Moment) {
        self.text = text
        self.read = read
    }

    /// When its values were counted: our agent says so itself, of others it is when they were asked.
    package var counted: Moment {
        guard let seconds = (try? Scrape(text))?.series(named: "brahe_sample_timestamp_seconds").first?.value,
            let time = Int64(exactly: (seconds * 1000).rounded())
        else { return read }
        return Moment(milliseconds: time)
    }
}
