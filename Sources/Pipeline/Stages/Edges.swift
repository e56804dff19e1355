package import Documents
internal import Exposition
package import Host
package import Pages
package import Runs
internal import Synchronization

/// The edges of a run's windows: a page at each, asked for once and kept in the run's folder, with the time that it counts
/// for. What an agent shows between them is kept too; a Prometheus remembers that itself.
package struct Edges: Sendable {
    package let source: PageSource
    package let folder: RunFolder
    private let remarks = Remarks()

    package init(_ pages: Request.Pages, in folder: RunFolder) {
        source =
            if let prometheus = pages.prometheus {
                .prometheus(PrometheusClient(Endpoint(prometheus, pages.credentials), instance: pages.instance))
            } else {
                .agent(AgentClient(Endpoint(pages.agent ?? Request.Pages.usualAgent, pages.credentials)))
            }
        self.folder = folder
    }

    /// What the agent showed between the edges, and at them.
    var polls: Polls { Polls(path: folder.polls) }

    /// Reads the agent once more between two edges, where nobody else does; one that cannot be read is kept as down and said
    /// once. Throws where the disk takes nothing.
    func poll(say: (String) -> Void) throws(Failure) {
        guard case .agent(let client) = source else { return }
        let now = Moment.now
        let page: TimedPage
        do throws(Failure) {
            page = TimedPage(try client.page(), read: now)
            try check(page)
        } catch {
            remarks.make(error.message, say)
            return try polls.keepDown(at: now, of: client.endpoint.address)
        }
        try polls.keep(page, of: client.endpoint.address)
    }

    /// The two ends of a window.
    package enum End: String { case start, end }

    /// Takes the page that is now and keeps it as this end of a window.
    package func take(_ end: End, of window: String, _ context: Context) throws(Failure) {
        let page = try source.edge(
            say: { remarks.make($0, context.say) },
            wait: { () throws(Failure) in
                context.waits(for: "the next scrape of \(source.url)")
                try context.pause(milliseconds: 500)
            })
        try keep(page, end, of: window)
    }

    /// Takes the page of a moment that may lie in the past, where the source remembers it.
    package func take(
        _ end: End, of window: String, at moment: Moment, _ context: Context
    ) throws(Failure) {
        guard case .prometheus(let client) = source else { return try take(end, of: window, context) }
        let page = try client.page(from: moment) { () throws(Failure) in
            context.waits(for: "the first scrape of \(source.url) after \(moment)")
            try context.pause(milliseconds: 500)
        }
        try keep(page, end, of: window)
    }

    /// The edge's own file comes last: a crash before it takes the edge again, and one poll more does no harm.
    private func keep(_ page: TimedPage, _ end: End, of window: String) throws(Failure) {
        try check(page)
        if case .agent(let client) = source { try polls.keep(page, of: client.endpoint.address) }
        try Files.replace(path(end, of: window), with: "\(Self.counted)\(page.counted.milliseconds)\n\(page.text)")
    }

    private func check(_ page: TimedPage) throws(Failure) {
        do {
            _ = try Scrape(page.text)
        } catch {
            throw Failure(.configuration, "read the page of \(source.url): \(error)")
        }
    }

    /// Begins the line before a kept page that says when it was counted.
    private static let counted = "# counted "

    private func path(_ end: End, of window: String) -> String { folder.page("\(window)-\(end.rawValue)") }

    /// When the values of an edge were counted; nil if it was not taken.
    package func moment(_ end: End, of window: String) throws(Failure) -> Moment? {
        guard let kept = try kept(end, of: window), kept.hasPrefix(Self.counted) else { return nil }
        return Int64(kept.dropFirst(Self.counted.count).prefix { $0 != "\n" }).map { Moment(milliseconds: $0) }
    }

    /// The page of an edge, as it came; nil if it was not taken.
    package func page(_ end: End, of window: String) throws(Failure) -> String? {
        try kept(end, of: window).map { kept in
            kept.hasPrefix(Self.counted) ? String(kept.drop { $0 != "\n" }.dropFirst()) : kept
        }
    }

    private func kept(_ end: End, of window: String) throws(Failure) -> String? {
        Files.exists(path(end, of: window)) ? try Files.read(path(end, of: window)) : nil
    }

    /// Why what counts now may not have counted all the time since a window began; nil if it has: the same agent, never
    /// restarted, or a source that remembers.
    package func doubt(sinceStartOf window: String) -> String? {
        guard case .agent(let client) = source else { return nil }
        let name = "process_start_time_seconds"
        func started(_ page: String?) -> Double? {
            page.flatMap { try? Scrape($0) }?.series(named: name).first?.value
        }
        do throws(Failure) {
            guard let first = started(try page(.start, of: window)), let last = started(try client.page()) else {
                return "\(client.url) does not say since when it counts: its page has no \(name)"
            }
            return first == last ? nil : "\(client.url) has begun anew"
        } catch {
            return error.message
        }
    }
}

/// What was said of a source, so that nothing is said twice.
private final class Remarks: Sendable {
    private let made = Mutex<Set<String>>([])

    func make(_ line: String, _ say: (String) -> Void) {
        if made.withLock({ $0.insert(line).inserted }) { say(line) }
    }
}
