internal import Glibc
package import Host

/// Where the trigger's state outlives the trigger.
package protocol StateStore: AnyObject {
    /// What was saved last; nil if nothing was.
    func load() throws(Failure) -> String?
    /// Replaces what was saved, durably; a store that somebody else changed meanwhile throws.
    func save(_ text: String) throws(Failure)
}

/// A folder with the file `trigger.json`.
///
/// Its lock, in the file `lock`, is held for as long as this lives: two triggers do not interleave.
package final class StateFolder: StateStore {
    private let path: String
    private var descriptor: Int32 = -1

    /// Makes the folder if it is not there, and waits so many milliseconds for another trigger to end.
    package init(path: String, waiting milliseconds: Int64) throws(Failure) {
        self.path = path
        try Files.makeFolder(path)
        let file = path + "/lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.configuration, "open \(file): \(errnoText())") }
        var left = milliseconds
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else { throw Failure(.configuration, "lock \(file): \(errnoText())") }
            guard left > 0 else { throw Failure(.locked, "another trigger uses the state in \(path)") }
            try Interruption.pause(milliseconds: 100)
            left -= 100
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func load() throws(Failure) -> String? { try Self.load(path) }

    package func save(_ text: String) throws(Failure) { try Files.replace(Self.file(path), with: text) }

    /// What is saved in a folder, without its lock.
    package static func load(_ path: String) throws(Failure) -> String? {
        Files.exists(file(path)) ? try Files.read(file(path)) : nil
    }

    private static func file(_ path: String) -> String { path + "/trigger.json" }
}
