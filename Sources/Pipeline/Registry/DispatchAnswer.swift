internal import Documents

/// What an answer to `POST .../actions/workflows/FILE/dispatches` means.
package enum DispatchAnswer: Equatable, Sendable {
    /// A run is on its way; its number and page if GitHub said them.
    case accepted(run: Int64?, page: String?)
    /// An older GitHub does not know `return_run_details`: the same once more without it.
    case detailsNotKnown
    /// No run, and asking again would not help: what is wrong with the workflow, the inputs or the token.
    case refused(String)
    /// No run now: too many requests.
    case limited(Reply.Limit)
    /// No run: the request never left.
    case unsent(String)
    /// A run may be on its way or not: asking again might start a second one.
    case ambiguous(String)

    /// Reads an answer; `withDetails` says whether the request asked for `return_run_details`.
    package init(_ reply: Reply, withDetails: Bool) {
        if let limit = reply.limit {
            self = .limited(limit)
            return
        }
        switch reply.status {
        case 0:
            self = reply.reached ? .ambiguous(reply.reason) : .unsent(reply.reason)
        case 200...299:
            let body = try? JSON(parsing: reply.body)
            self = .accepted(run: body?["workflow_run_id"].integer, page: body?["html_url"].string)
        case 400, 422:
            let named = reply.body.contains("return_run_details")
            self = named && withDetails ? .detailsNotKnown : .refused(reply.reason)
        case 401:
            self = .refused("\(reply.reason); it takes a valid token")
        case 404:
            self = .refused("\(reply.reason); there is no such workflow, or the token cannot see it")
        case 408, 500...:
            self = .ambiguous(reply.reason)
        default:
            self = .refused(reply.reason)
        }
    }
}
