package import Course
package import Documents
package import Host

/// The work of one step of a run.
///
/// It may be done again by a later process that does not know how far the first one came, so it must come to the same
/// when a part or all of it was done already. What takes the lock is the exception in that it must take all of it or
/// nothing: a run that could not have it is not cleaned up.
package protocol Stage {
    var step: Step { get }
    /// Does the work; returns an object with what later steps, and a later process, must know.
    func perform(_ context: Context) throws(Failure) -> JSON
    /// The requests and commands it would make, one a line.
    func plan() throws(Failure) -> [String]
}

extension Stage {
    package func plan() throws(Failure) -> [String] { [] }
}

/// What is to be done every so often while the lock is had, such as renewing the lease.
package struct Duty {
    /// The time between two, in milliseconds.
    package let every: Int64
    /// What it does; a failure fails the step under way, but no cleanup.
    package let perform: () throws(Failure) -> Void

    package init(every: Int64, perform: @escaping () throws(Failure) -> Void) {
        self.every = every
        self.perform = perform
    }
}

/// What a stage knows of its run, and how it waits.
package final class Context {
    package let folder: RunFolder
    package let step: Step
    private let conductor: Conductor

    init(_ conductor: Conductor, step: Step) {
        folder = conductor.folder
        self.step = step
        self.conductor = conductor
    }

    /// What a step found and noted, in this process or one before it; an empty object if it did nothing yet.
    package func detail(of step: Step) -> JSON { conductor.journal.detail(of: step) }
    /// What this step noted so far, also before a crash.
    package var noted: JSON { detail(of: step) }
    /// The run as it stands.
    package var journal: Journal { conductor.journal }
    /// Why the run has failed; nil while it has not.
    package var failure: Journal.Setback? { conductor.journal.failure }
    package var time: Timepiece { conductor.time }

    /// Writes down members of an object that must outlive a crash, at once.
    package func note(_ members: JSON) throws(Failure) { try conductor.note(members, of: step) }
    /// Says what the step waits for and why, in few words.
    package func waits(for what: String) { conductor.progress.waits(for: what) }
    /// Says something about the run that does not change what it waits for.
    package func say(_ line: String) { conductor.progress.say(line) }
    /// To be called at least every second of work: sees signals and does the run's duties.
    package func tick() throws(Failure) { try conductor.pause(milliseconds: 0) }
    /// Sleeps, ticking.
    package func pause(milliseconds: Int64) throws(Failure) { try conductor.pause(milliseconds: milliseconds) }
}
