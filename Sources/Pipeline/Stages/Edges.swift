package import Documents
internal import Exposition
package import Host
package import Pages
package import Runs

/// The pages at the edges of a run's windows: asked for once, and kept in its folder.
package struct Edges: Sendable {
    package let source: PageSource
    package let folder: RunFolder

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

    /// Reads the agent once more between two edges, where nobody else does.
    func poll() throws(Failure) {
        guard case .agent(let client) = source else { return }
        do throws(Failure) {
            try polls.keep(client.page(), at: .now, of: client.endpoint.address)
        } catch {
            // A disk that takes nothing ends the run; an agent that is away for a while does not.
            guard error.exit == .configuration else { throw error }
            try polls.keepDown(at: .now, of: client.endpoint.address)
        }
    }

    /// The two ends of a window.
    package enum End: String { case start, end }

    /// Takes the page that is now and keeps it as this end of a window.
    package func take(_ end: End, of window: String, _ context: Context) throws(Failure) {
        var told = false
        let page = try source.edge(
            say: { line in
                if !told { context.say(line) }
                told = true
            },
            wait: { () throws(Failure) in
                context.waits(for: "the next scrape of the agent")
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
            context.waits(for: "the first scrape of the agent after \(moment)")
            try context.pause(milliseconds: 500)
        }
        try keep(page, end, of: window)
    }

    private func keep(_ page: String, _ end: End, of window: String) throws(Failure) {
        let now = Moment.now
        if case .agent(let client) = source { try polls.keep(page, at: now, of: client.endpoint.address) }
        try Files.replace(folder.page("\(window)-\(end.rawValue)"), with: "\(Self.taken)\(now.milliseconds)\n\(page)")
    }

    /// Begins the line before a page that says when it was read.
    private static let taken = "# taken "

    /// When an edge's values were sampled, or its page was read where that says nothing of samples; nil if the edge was
    /// not taken.
    package func moment(_ end: End, of window: String) throws(Failure) -> Moment? {
        guard let page = try page(end, of: window) else { return nil }
        let sampled = "brahe_sample_timestamp_seconds"
        for line in page.split(separator: "\n") {
            if line.hasPrefix(Self.taken), !page.contains("\n\(sampled)") {
                return Int64(line.dropFirst(Self.taken.count)).map { Moment(milliseconds: $0) }
            }
            guard line.hasPrefix(sampled), let seconds = line.split(separator: " ").last.flatMap({ Double($0) }) else {
                continue
            }
            return Int64(exactly: (seconds * 1000).rounded()).map { Moment(milliseconds: $0) }
        }
        return nil
    }

    /// The page of an edge; nil if it was not taken.
    package func page(_ end: End, of window: String) throws(Failure) -> String? {
        let path = folder.page("\(window)-\(end.rawValue)")
        return Files.exists(path) ? try Files.read(path) : nil
    }

    /// Whether what counts now counted already when a window began: the same agent, never restarted; or a source that
    /// remembers.
    package func countsSince(startOf window: String) -> Bool {
        guard case .agent(let client) = source else { return true }
        guard let first = try? Scrape(Files.read(folder.page("\(window)-start"))), let now = try? Scrape(client.page())
        else { return false }
        let started = "process_start_time_seconds"
        let one = first.series(named: started).first?.value
        return one != nil && one == now.series(named: started).first?.value
    }
}
