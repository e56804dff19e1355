/// How long things may take, in milliseconds.
package struct Times: Sendable {
    /// For one request and its answer; GitHub itself ends after 10 s.
    package var request: Int64 = 15_000
    /// For GitHub to accept requests again, when it has had too many.
    package var limit: Int64 = 15 * 60_000
    /// Between two requests that change something.
    package var write: Int64 = 1000
    /// Before the first repetition of a question that found no answer; it doubles.
    package var retry: Int64 = 1000
    /// After too many requests at once, if GitHub does not say how long; it doubles.
    package var silence: Int64 = 60_000
    /// Between two looks at a run.
    package var poll: Int64 = 10_000
    /// For a run to appear that a request may have started.
    package var look: Int64 = 30_000
    /// After that much time a run that has not appeared was never started.
    package var quiet: Int64 = 10 * 60_000
    /// For a run to begin.
    package var start: Int64 = 2 * 3_600_000
    /// For a run to end once it has begun.
    package var run: Int64 = 6 * 3_600_000

    package init() {}
}
