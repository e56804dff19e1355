package import Course
package import Documents
internal import Glibc
package import Host

/// The journal of a run on the disk, open for the one process that works on the run.
///
/// The corresponding C functions are `fsync` and `flock`.
package final class JournalFile {
    package private(set) var journal: Journal
    /// False if not all that was done could be written down, in this attempt or an earlier one.
    package private(set) var isWhole: Bool
    private let path: String
    private let descriptor: Int32
    /// How long the file is when it ends with a whole line.
    private var length: off_t
    /// Lines that the disk did not take yet.
    private var backlog = ""

    /// Opens a run's journal, or begins it; cuts off a last line that has no end.
    ///
    /// Throws `locked` if another process works on the run.
    package init(_ folder: RunFolder) throws(Failure) {
        path = folder.journal
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.dataMissing, "open \(path): \(errnoText())") }
        guard RunFolder.lock(descriptor) else {
            close(descriptor)
            throw Failure(.locked, "work on run \(folder.id): another brahe is at it")
        }
        do throws(Failure) {
            let text = try Files.read(path)
            journal = try folder.readJournal()
            length = off_t(text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8[...$0].count } ?? 0)
            isWhole = journal.entries.isEmpty || Files.exists(Self.mark(path))
            guard ftruncate(descriptor, length) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
                throw Failure(.dataMissing, "cut off the torn end of \(path): \(errnoText())")
            }
            if journal.entries.isEmpty { try Self.makeMark(path) }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// A file that is there while the journal has everything: it can be taken away when nothing can be written.
    private static func mark(_ path: String) -> String { path + ".whole" }

    private static func makeMark(_ path: String) throws(Failure) { try Files.replace(mark(path), with: "") }

    /// Adds a line and returns when it is on the disk.
    ///
    /// Throws if the disk does not take it. The journal in memory goes on all the same, and what is missing is tried
    /// again with each further line. Whoever opens the file before it is there finds it not whole.
    package func append(_ step: Step, _ phase: Entry.Phase, _ detail: JSON = [:], attempt: Int, at: Moment)
        throws(Failure)
    {
        let entry = Entry(
            sequence: journal.entries.count + 1, at: at, attempt: attempt, step: step, phase: phase, detail: detail)
        do {
            try journal.append(entry)
        } catch {
            throw Failure(.dataMissing, "write \(path): \(error)")
        }
        backlog += entry.json.line + "\n"
        guard write(backlog, to: descriptor), fsync(descriptor) == 0 else {
            let reason = errnoText()
            isWhole = false
            unlink(Self.mark(path))
            try? Files.syncFolder(of: path)
            // Half a line must not come before the next one.
            _ = ftruncate(descriptor, length)
            lseek(descriptor, length, SEEK_SET)
            throw Failure(.dataMissing, "write \(path): \(reason)")
        }
        length += off_t(backlog.utf8.count)
        backlog = ""
        // What was lost can do no harm once the journal says that the run came to nothing, or never began.
        guard !isWhole, journal.isClearing || journal.isUntouched else { return }
        try Self.makeMark(path)
        isWhole = true
    }
}

extension RunFolder {
    /// Whether a process works on the run just now.
    package var isAlive: Bool {
        let descriptor = open(journal, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Takes the journal's lock; `isAlive` of another process may hold it for an instant.
    fileprivate static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(5000)
        }
        return false
    }
}
