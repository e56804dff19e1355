package import Documents

/// One try to have a target measured, from the intent to its end.
package struct Attempt: Equatable, Sendable {
    /// How far it came.
    package enum Status: String, Sendable {
        /// Written down before the request is sent: whether it was sent is not known.
        case intended
        /// The request was sent and no run was found: one may have started.
        case unknown
        /// GitHub has a run, which waits.
        case dispatched
        /// The run runs, here or there.
        case started
        /// The run ended, as the conclusion says.
        case completed
        /// There never was a run, or GitHub took it from its queue before it began.
        case dropped
        /// The request was refused.
        case refused
    }

    package let target: Target
    package var status: Status
    /// When it was written down.
    package let intended: Moment
    /// When the status became what it is.
    package var changed: Moment
    /// The newest run of the workflow before: ours is newer.
    package let after: Int64
    /// The number of its run.
    package var run: Int64?
    /// The run's page for people.
    package var page: String?
    /// `success`, or how else it ended.
    package var conclusion: String?
    /// Why it is where it is, if that needs words.
    package var reason: String?

    package init(_ target: Target, after: Int64, now: Moment) {
        self.target = target
        self.after = after
        status = .intended
        intended = now
        changed = now
    }

    /// Whether it may still start a run, or has: another one for the same purpose would be one too many.
    package var isInHand: Bool {
        switch status {
        case .intended, .unknown, .dispatched, .started: true
        case .completed: conclusion == "success"
        case .dropped, .refused: false
        }
    }

    /// Whether what became of it has to be asked.
    package var isOpen: Bool {
        switch status {
        case .intended, .unknown, .dispatched, .started: true
        case .completed, .dropped, .refused: false
        }
    }

    /// Whether nobody knows if there is a run.
    package var isUnclear: Bool { status == .intended || status == .unknown }

    package mutating func become(_ status: Status, now: Moment, reason: String? = nil) {
        self.status = status
        self.reason = reason
        changed = now
    }
}

extension Attempt {
    init(_ field: Field) throws(Misread) {
        let status = try field["status"].string()
        guard let known = Status(rawValue: status) else {
            throw Misread(field["status"].path, "\(status) is no status")
        }
        target = Target(
            project: try field["project"].string(), configuration: try field["config"].given?.string(),
            version: try field["version"].string(), ref: field["ref"].value.string ?? "")
        self.status = known
        intended = try Self.moment(field["intended"])
        changed = try Self.moment(field["changed"])
        after = try field["after"].integer(in: 0...Int64.max)
        run = try field["run"].given?.integer(in: 1...Int64.max)
        page = try field["page"].given?.string()
        conclusion = try field["conclusion"].given?.string()
        reason = try field["reason"].given?.string()
    }

    static func moment(_ field: Field) throws(Misread) -> Moment {
        let text = try field.string()
        guard let moment = Moment(text) else { throw Misread(field.path, "\(text) is no date") }
        return moment
    }

    var json: JSON {
        var members: [String: JSON] = [
            "project": .string(target.project), "version": .string(target.version), "ref": .string(target.ref),
            "status": .string(status.rawValue), "intended": .string("\(intended)"), "changed": .string("\(changed)"),
            "after": .integer(after),
        ]
        members["config"] = target.configuration.map { .string($0) }
        members["run"] = run.map { .integer($0) }
        members["page"] = page.map { .string($0) }
        members["conclusion"] = conclusion.map { .string($0) }
        members["reason"] = reason.map { .string($0) }
        return .object(members)
    }
}
