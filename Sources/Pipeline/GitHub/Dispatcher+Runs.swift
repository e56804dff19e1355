import Documents
import Host
import Registry

/// What is asked about runs, and how it is said.
extension Dispatcher {
    /// The newest runs at a path.
    func list(_ path: String) throws(Failure) -> [WorkflowRun] {
        let reply = try api.get(path)
        do {
            guard reply.status == 200 else {
                throw Misread(
                    "", reply.reason + (reply.status == 404 ? "; no such workflow, or the token cannot see it" : ""))
            }
            return try WorkflowRun.list(parsing: reply.body)
        } catch {
            throw Failure(.gitHub, "GET \(api.base)\(path): \(error)")
        }
    }

    /// One run; nil if GitHub does not show it (yet, or any more).
    func run(_ id: Int64) throws(Failure) -> WorkflowRun? {
        let path = workflow.run(id)
        let reply = try api.get(path)
        if reply.status == 404 { return nil }
        do {
            guard reply.status == 200 else { throw Misread("", reply.reason) }
            return try WorkflowRun(parsing: reply.body)
        } catch {
            throw Failure(.gitHub, "GET \(api.base)\(path): \(error)")
        }
    }

    /// Whether a machine has begun any of a run's jobs.
    func anyJobStarted(_ id: Int64) throws(Failure) -> Bool {
        let path = workflow.jobs(id)
        let reply = try api.get(path)
        do {
            guard reply.status == 200 else { throw Misread("", reply.reason) }
            return try WorkflowRun.anyJobStarted(parsing: reply.body)
        } catch {
            throw Failure(.gitHub, "GET \(api.base)\(path): \(error)")
        }
    }

    /// The last attempt that is measured or on its way.
    func lastInHand(_ target: Target) -> Attempt? {
        book.state.attempts.last { $0.target == target && $0.isInHand }
    }

    /// An attempt in words.
    func say(_ attempt: Attempt) -> String {
        let words = attempt.conclusion.map { "ended: \($0)" } ?? attempt.status.rawValue
        return words + (attempt.run.map { ", run \($0)" } ?? "") + page(attempt)
    }

    func page(_ attempt: Attempt) -> String { attempt.page.map { ", \($0)" } ?? "" }

    /// Why nothing is dispatched while a run may have started.
    func unclear(_ attempt: Attempt) -> Failure {
        let why = attempt.reason ?? "the trigger ended before it had an answer"
        return Failure(
            .gitHub,
            "a run may have started (\(why)); the next trigger after \(attempt.intended + api.times.quiet) looks again"
        )
    }
}
