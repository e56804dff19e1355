package import Documents

/// What the trigger remembers from one day to the next: the releases it saw, and every run it asked for.
///
/// As JSON: `{"schema": "brahe.trigger/1", "releases": {REQUEST: {"etag", "tag", "seen"}}, "attempts": [{"project",
/// "config", "version", "ref", "status", "intended", "changed", "after", "run", "page", "conclusion", "reason"}]}`.
package struct TriggerState: Equatable, Sendable {
    package static let schema = "brahe.trigger/1"

    /// The newest release of a repository when it was last asked.
    package struct Seen: Equatable, Sendable {
        /// What GitHub marked its answer with, verbatim.
        package let etag: String?
        package let tag: String
        package let seen: Moment

        package init(etag: String?, tag: String, seen: Moment) {
            self.etag = etag
            self.tag = tag
            self.seen = seen
        }
    }

    /// By what was asked of which repository.
    package var releases: [String: Seen] = [:]
    /// In the order of their intents.
    package private(set) var attempts: [Attempt] = []

    package init() {}

    package init(parsing text: String) throws(Misread) {
        let document = try Field.document(text)
        let schema = try document["schema"].string()
        guard schema == Self.schema else { throw Misread("schema", "is \(schema) and not \(Self.schema)") }
        for name in document["releases"].value.object.keys {
            let field = document["releases"][name]
            releases[name] = Seen(
                etag: try field["etag"].given?.string(), tag: try field["tag"].string(),
                seen: try Attempt.moment(field["seen"]))
        }
        for element in try document["attempts"].elements() { attempts.append(try Attempt(element)) }
    }

    /// The document, indented.
    package var page: String {
        let seen = releases.mapValues { seen in
            var members: [String: JSON] = ["tag": .string(seen.tag), "seen": .string("\(seen.seen)")]
            members["etag"] = seen.etag.map { .string($0) }
            return JSON.object(members)
        }
        let document: JSON = [
            "schema": .string(Self.schema), "releases": .object(seen), "attempts": .array(attempts.map(\.json)),
        ]
        return document.page
    }

    /// How many attempts at older versions are kept for each configuration: a ConfigMap holds no more than 1 MiB.
    private static let kept = 50

    /// Writes an intent down; what was refused before says nothing more, and old versions are forgotten one day.
    /// Returns where it is.
    package mutating func intend(_ target: Target, after: Int64, now: Moment) -> Int {
        attempts.removeAll { $0.target == target && $0.status == .refused }
        let older = attempts.indices.filter { index in
            let other = attempts[index].target
            return other.version != target.version && !attempts[index].isOpen && other.project == target.project
                && other.configuration == target.configuration && other.ref == target.ref
        }
        for index in older.dropLast(Self.kept).reversed() { attempts.remove(at: index) }
        attempts.append(Attempt(target, after: after, now: now))
        return attempts.count - 1
    }

    /// Changes one attempt.
    package mutating func change(_ index: Int, _ body: (inout Attempt) -> Void) {
        guard attempts.indices.contains(index) else { return }
        body(&attempts[index])
    }

    /// Where the attempts for a target are.
    package func indices(of target: Target) -> [Int] { attempts.indices.filter { attempts[$0].target == target } }

    /// How many runs of a target are measured or on their way.
    package func inHand(_ target: Target) -> Int {
        attempts.count { $0.target == target && $0.isInHand }
    }

    /// What is to be done for a target.
    package enum Next: Equatable, Sendable {
        case dispatch
        /// There are as many runs as wanted.
        case enough
        /// An attempt may have started a run: nothing may be dispatched before that is known.
        case unclear(Int)
        /// The last so many runs failed or were dropped.
        case givenUp(String)
    }

    /// Decides from what is known.
    ///
    /// - `wanted`: how many runs of the target there should be.
    /// - `begun`: when this trigger began: a run dropped since then is asked for again.
    /// - `tries`: how many may fail one after another, over all triggers, or be dropped, by one.
    /// - `forgiving`: whether failures of earlier triggers do not count.
    package func next(for target: Target, wanted: Int, begun: Moment, tries: Int, forgiving: Bool) -> Next {
        let mine = indices(of: target)
        if let index = mine.first(where: { attempts[$0].isUnclear }) { return .unclear(index) }
        if inHand(target) >= wanted { return .enough }
        let dropped = mine.count { attempts[$0].intended >= begun && attempts[$0].status == .dropped }
        if dropped >= tries { return .givenUp("GitHub dropped \(dropped) runs before they began") }
        let failed =
            mine.reversed().map { attempts[$0] }
            .filter { $0.status == .completed }
            .prefix { $0.conclusion != "success" }
        if !forgiving, failed.count >= tries {
            let last = failed.first
            return .givenUp(
                "\(failed.count) runs failed, the last one with \(last?.conclusion ?? "")"
                    + (last?.page.map { ", \($0)" } ?? "") + "; --force tries again")
        }
        return .dispatch
    }
}
