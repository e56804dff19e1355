package import Documents
internal import Exposition
package import Host
package import Samples

/// Records what agents, or other exporters, say of themselves, without a Prometheus.
///
/// Each look at them is a sample of all: an agent is told to sample, and one that takes no such order is read as it is.
/// All series of one look have one time, taken between the orders and the pages.
package struct AgentRecorder {
    /// What was recorded so far; whoever writes it down may take it out.
    package var recording = Recording()
    private var sources: [Source]
    private let tell: (String) -> Void

    private struct Source {
        let client: AgentClient
        let instance: String
        /// Whether it takes orders to sample; nil until that is known.
        var takesOrders: Bool?
        var isDown = false
    }

    /// A recorder of these; `tell` is told, once each, what a reader should know.
    package init(_ clients: [AgentClient], tell: @escaping (String) -> Void) {
        sources = clients.map { Source(client: $0, instance: $0.endpoint.address) }
        self.tell = tell
    }

    /// Looks at all of them and returns the look's time: exactly what was counted until then is in it, as far as they take
    /// orders to sample. Throws where one of them cannot be read: without it a window has no edge.
    @discardableResult
    package mutating func edge(now: () -> Moment = { .now }) throws(Failure) -> Moment {
        var failures: [Failure] = []
        let moment = look(now, &failures)
        // Whoever catches it says it.
        if let failure = failures.first { throw failure }
        return moment
    }

    /// Looks at all of them; one that cannot be read is recorded as down and said once. Returns the look's time.
    @discardableResult
    package mutating func poll(now: () -> Moment = { .now }) -> Moment {
        var failures: [Failure] = []
        let known = sources.filter(\.isDown).map(\.client.url)
        let moment = look(now, &failures)
        for (source, failure) in zip(sources.filter(\.isDown), failures) where !known.contains(source.client.url) {
            tell(failure.message)
        }
        return moment
    }

    private mutating func look(_ now: () -> Moment, _ failures: inout [Failure]) -> Moment {
        for index in sources.indices where sources[index].takesOrders != false { order(index) }
        let moment = now()
        for index in sources.indices {
            do {
                let page = try sources[index].client.page()
                recording.append(
                    page: try Self.scrape(page, of: sources[index].client.url), at: moment.milliseconds,
                    instance: sources[index].instance)
                if sources[index].isDown { tell("\(sources[index].client.url) answers again") }
                sources[index].isDown = false
            } catch {
                recording.append(up: false, at: moment.milliseconds, instance: sources[index].instance)
                sources[index].isDown = true
                failures.append(error)
            }
        }
        return moment
    }

    /// Tells one to sample; remembers one that takes no orders.
    private mutating func order(_ index: Int) {
        switch sources[index].client.order() {
        case .obeyed: sources[index].takesOrders = true
        case .refused(let failure):
            sources[index].takesOrders = false
            tell(Self.refused(failure))
        // Whatever it is, the page will show it too.
        case .failed: break
        }
    }

    /// What a reader should know of an exporter that takes no orders.
    static func refused(_ failure: Failure) -> String { "\(failure.message); reading its latest sample instead" }

    private static func scrape(_ page: String, of url: String) throws(Failure) -> Scrape {
        do {
            return try Scrape(page)
        } catch {
            throw Failure(.dataMissing, "read \(url)/metrics: \(error)")
        }
    }
}
