internal import Documents
package import Host
package import Registry

/// The trigger's state and its store: a change is saved before anything is done because of it.
package final class StateBook {
    package private(set) var state: TriggerState
    private let store: any StateStore

    package init(_ store: any StateStore) throws(Failure) {
        self.store = store
        state = try Self.parse(store.load())
    }

    /// The state of a saved text.
    package static func parse(_ text: String?) throws(Failure) -> TriggerState {
        guard let text else { return TriggerState() }
        do {
            return try TriggerState(parsing: text)
        } catch {
            throw Failure(.configuration, "read the trigger's state: \(error)")
        }
    }

    /// Changes the state and saves it; it stays as it was if it cannot be saved.
    @discardableResult
    package func change<Result>(_ body: (inout TriggerState) -> Result) throws(Failure) -> Result {
        var next = state
        let result = body(&next)
        guard next != state else { return result }
        try store.save(next.page)
        state = next
        return result
    }
}
