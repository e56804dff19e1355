package import Documents

/// What a process that takes up a run does with it.
package enum Resumption: Equatable, Sendable {
    /// Nothing was done yet: from the start.
    case begin
    /// On with this step; if it was begun before it is done again, which does no harm.
    case proceed(Step)
    /// The window is open and nothing of it is lost: wait for its end.
    case waitOn
    /// What was measured cannot be trusted, for this reason: clean up.
    case invalid(String)
    /// Only what is left of cleanup, verify and unlock.
    case clear
    /// There is nothing left to do.
    case done

    /// Decides for a run by its journal.
    ///
    /// - Parameter complete: whether a window that has begun can still be measured as a whole, for example because the
    ///   agent has been running and counting all the time.
    /// - Parameter remembered: whether a window's end can still be measured when it lies in the past.
    package init(of journal: Journal, now: Moment, complete: Bool, remembered: Bool = false) {
        self =
            if journal.isOver {
                .done
            } else if journal.isUntouched {
                .begin
            } else if journal.isClearing {
                .clear
            } else if let step = Step.measuring.first(where: { !journal.isDone($0) }) {
                if step == .window, let window = journal.window {
                    Self.inside(window, now: now, complete: complete, remembered: remembered)
                } else {
                    .proceed(step)
                }
            } else {
                .clear
            }
    }

    private static func inside(_ window: (began: Moment, ends: Moment?), now: Moment, complete: Bool, remembered: Bool)
        -> Resumption
    {
        if let ends = window.ends, ends <= now, !remembered {
            return .invalid("the window ended at \(ends) and nobody was there to measure its end")
        }
        return complete ? .waitOn : .invalid("a part of the window since \(window.began) was not measured")
    }
}
