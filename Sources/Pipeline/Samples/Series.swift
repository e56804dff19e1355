package import Exposition

/// The samples of one series, in the order of time.
package struct Series: Equatable, Sendable {
    /// Its name and its labels.
    package let identity: Scrape.Identity
    /// Its samples; no two at one time.
    package var samples: [Sample]

    /// A series; the samples are in the order of time.
    package init(_ identity: Scrape.Identity, samples: [Sample] = []) {
        self.identity = identity
        self.samples = samples
    }

    /// The metric's name.
    package var name: String { identity.name }
    /// The labels.
    package var labels: [String: String] { identity.labels }
}
