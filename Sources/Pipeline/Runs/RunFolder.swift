package import Course
package import Documents
internal import Glibc
package import Host

/// The folder of one run: everything that was asked, done and found.
package struct RunFolder: Equatable, Sendable {
    /// Where it is.
    package let path: String

    package init(path: String) { self.path = path }

    /// The run's name, which is the folder's.
    package var id: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The folder of all runs that it is in.
    package var runs: String { String(path.dropLast(id.count + 1)) }

    /// What was asked, all of it resolved.
    package var request: String { path + "/request.json" }
    package var journal: String { path + "/journal.jsonl" }
    /// The project's objects, exactly as they were applied.
    package var rendered: String { path + "/rendered.yaml" }
    /// The benchmark's objects, exactly as they were applied.
    package var benchmark: String { path + "/benchmark.yaml" }
    /// One page of the agent.
    package func page(_ name: String) -> String { path + "/pages/\(name).txt" }
    /// What the agent showed from time to time.
    package var polls: String { path + "/polls.txt" }
    package var report: String { path + "/run.json" }
    package var reportText: String { path + "/report.txt" }

    /// Makes the folder of a new run below the runs' folder, with a name that no other has, and writes `request.json` with
    /// what `asked` makes of the name.
    package static func create(
        in runs: String, _ identifier: RunIdentifier, asked: (String) -> JSON
    ) throws(Failure) -> RunFolder {
        try Files.makeFolder(runs)
        for number in 1...9999 {
            let folder = RunFolder(path: "\(runs)/\(identifier.name(number: number))")
            guard mkdir(folder.path, 0o755) == 0 else {
                if errno == EEXIST { continue }
                throw Failure(.configuration, "make the folder \(folder.path): \(errnoText())")
            }
            do throws(Failure) {
                try Files.makeFolder(folder.path + "/pages")
                try Files.replace(folder.request, with: asked(folder.id).page)
                try Files.syncFolder(of: folder.path)
            } catch {
                for path in [folder.path + "/pages", folder.path] { rmdir(path) }
                throw error
            }
            return folder
        }
        throw Failure(.configuration, "make a folder for the run in \(runs): 9999 of this name are there")
    }

    /// All runs in a folder, the oldest first; none if it is not there.
    package static func all(in runs: String) -> [RunFolder] {
        Files.names(in: runs).map { RunFolder(path: "\(runs)/\($0)") }
            .filter { Files.exists($0.request) || Files.exists($0.journal) }
    }

    /// The run of this name, or the only one whose name begins so.
    package static func find(_ name: String, in runs: String) throws(Failure) -> RunFolder {
        let all = all(in: runs)
        let found = all.filter { $0.id == name }
        let candidates = found.isEmpty ? all.filter { $0.id.hasPrefix(name) } : found
        guard let run = candidates.first else {
            throw Failure(.configuration, "find run \(name) in \(runs): there is none; see brahe status")
        }
        guard candidates.count == 1 else {
            let names = candidates.map(\.id).joined(separator: ", ")
            throw Failure(.configuration, "find run \(name) in \(runs): it may be any of \(names)")
        }
        return run
    }

    /// What was asked, as `create` wrote it.
    package func asked() throws(Failure) -> JSON {
        let text = try Files.read(request)
        do {
            return try JSON(parsing: text)
        } catch {
            throw Failure(.configuration, "read \(request): \(error)")
        }
    }

    /// The journal as it is on the disk, also while another process writes it; empty if there is none yet.
    package func readJournal() throws(Failure) -> Journal {
        guard Files.exists(journal) else { return Journal() }
        let text = try Files.read(journal)
        do {
            return try Journal(text)
        } catch {
            throw Failure(.configuration, "read \(journal): \(error)")
        }
    }

    /// Throws if a run in the folder, other than this one, may have left something in the cluster; asked by who has the
    /// lock.
    package static func refuseUnclean(in runs: String, except own: String) throws(Failure) {
        for run in all(in: runs) where run.id != own {
            guard try run.readJournal().mayBeInCluster else { continue }
            guard !run.isAlive else { throw Failure(.locked, "run \(run.id) is under way; see brahe status") }
            throw Failure(.locked, "run \(run.id) ended without cleaning up: \(run.remedies)")
        }
    }

    /// The commands that bring an unfinished run to its end.
    package var remedies: String { "brahe resume \(id), or brahe cleanup \(id)" }
}
