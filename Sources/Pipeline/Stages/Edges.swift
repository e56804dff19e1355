package import Documents
internal import Exposition
package import Host
package import Pages
package import Review
package import Runs

/// The pages at the edges of a run's windows: asked for once, and kept in its folder.
package struct Edges: Sendable {
    package let source: PageSource
    package let folder: RunFolder

    package init(_ pages: Request.Pages, in folder: RunFolder) {
        source =
            if let prometheus = pages.prometheus {
                .prometheus(PrometheusClient(url: prometheus, instance: pages.instance))
            } else {
                .agent(AgentClient(url: pages.agent ?? Request.Pages.usualAgent))
            }
        self.folder = folder
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
        try Files.replace(folder.page("\(window)-\(end.rawValue)"), with: page)
    }

    /// A window whose two pages are kept; nil if it was left out.
    package func window(_ name: String) throws(Failure) -> Window? {
        let paths = [End.start, .end].map { folder.page("\(name)-\($0.rawValue)") }
        guard paths.allSatisfy(Files.exists) else { return nil }
        return try Window(from: Files.read(paths[0]), to: Files.read(paths[1]), of: source.url)
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
