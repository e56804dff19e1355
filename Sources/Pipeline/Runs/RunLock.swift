internal import Glibc
package import Host

/// The lock that only one run on this machine has at a time, and the queue before it.
///
/// Both are `flock`s, which the kernel takes back when their process ends, however it ends. Whoever wants the lock first
/// draws a ticket, a numbered file in a folder beside the lock that is locked while its owner waits, and only the owner
/// of the lowest one may take the lock: so runs come in the order in which they asked.
package final class RunLock {
    /// Where it is usually.
    package static var usual: String { Files.exists("/run/lock") ? "/run/lock/brahe.lock" : "/tmp/brahe.lock" }

    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock for a run.
    ///
    /// `wait` is called again and again, with the reason, while another has it, and should pause; without it that is a
    /// failure `locked` which names the other run.
    package convenience init(
        _ path: String, run: String, wait: ((String) throws(Failure) -> Void)? = nil
    ) throws(Failure) {
        let ticket = try Ticket(queue: path + ".queue", run: run)
        while true {
            var other = try ticket.predecessor()
            if other == nil {
                let descriptor = try Self.open(path)
                if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                    // Only for people to read: the lock itself is the kernel's.
                    if ftruncate(descriptor, 0) == 0 { write("\(run) \(getpid())\n", to: descriptor) }
                    self.init(descriptor: descriptor)
                    return
                }
                close(descriptor)
                other = Self.holder(of: path)
            }
            let reason = "\(other ?? "another run") has the lock \(path)"
            guard let wait else { throw Failure(.locked, "take the lock for \(run): \(reason)") }
            try wait(reason)
        }
    }

    /// `run R (process N)` from the lock's file; nil if it says nothing.
    private static func holder(of path: String) -> String? {
        guard let words = try? Files.read(path).split(whereSeparator: \.isWhitespace), words.count == 2 else {
            return nil
        }
        return "run \(words[0]) (process \(words[1]))"
    }

    fileprivate static func open(_ path: String) throws(Failure) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(.configuration, "open the lock \(path): \(errnoText())") }
        return descriptor
    }
}

/// A place in the queue before a lock, kept until it is let go.
private struct Ticket: ~Copyable {
    private let queue: String
    private let number: Int
    private let descriptor: Int32

    /// Draws the next number.
    init(queue: String, run: String) throws(Failure) {
        try Files.makeFolder(queue)
        let door = try Door(queue)
        let number = (Self.numbers(in: queue).last ?? 0) + 1
        let descriptor = try RunLock.open("\(queue)/\(number)")
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, write(run, to: descriptor) else {
            let reason = errnoText()
            close(descriptor)
            throw Failure(.configuration, "queue at \(queue): \(reason)")
        }
        _ = consume door
        self.queue = queue
        self.number = number
        self.descriptor = descriptor
    }

    deinit {
        unlink("\(queue)/\(number)")
        close(descriptor)
    }

    /// Who is to have the lock before this one, in words; removes tickets whose owners are gone.
    func predecessor() throws(Failure) -> String? {
        let door = try Door(queue)
        for other in Self.numbers(in: queue) where other < number {
            let path = "\(queue)/\(other)"
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                unlink(path)
            } else {
                let run = (try? Files.read(path)) ?? ""
                return "run \(run), which came before,"
            }
        }
        _ = consume door
        return nil
    }

    private static func numbers(in queue: String) -> [Int] { Files.names(in: queue).compactMap { Int($0) }.sorted() }

    /// Held for an instant, so that tickets are drawn and looked at one after another.
    private struct Door: ~Copyable {
        private let descriptor: Int32

        init(_ queue: String) throws(Failure) {
            let descriptor = try RunLock.open(queue + "/door")
            while flock(descriptor, LOCK_EX) != 0 {
                let reason = errno
                if reason == EINTR { continue }
                close(descriptor)
                throw Failure(.configuration, "lock \(queue)/door: \(errnoText(reason))")
            }
            self.descriptor = descriptor
        }

        deinit { close(descriptor) }
    }
}
