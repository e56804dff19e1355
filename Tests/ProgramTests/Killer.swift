import Foundation
import Testing

/// Kills a program, or fills its disk, at one exact write to the journal of its run.
///
/// A library that is preloaded counts the writes, so the program needs nothing of its own for it; `StandIns/killer.c`
/// says how.
struct Killer {
    /// What happens at that write.
    enum When: String, CaseIterable {
        /// Killed before it, in the middle of it, after it.
        case before, half, after
        /// The disk takes half of it and nothing more, ever or for this write.
        case full, once
    }

    private let library: URL

    /// Builds the library.
    init() throws {
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "StandIns/killer.c")
        library = try URL(filePath: Here.program("Rehearsal")).deletingLastPathComponent().appending(path: "killer.so")
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["clang", "-shared", "-fPIC", "-o", library.path, source.path, "-ldl"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Missing(what: "clang, to build \(source.path)") }
    }

    /// For all tests of a process.
    static let shared = Result { try Killer() }

    /// The environment of a program to which it happens at its journal's write of this number, from 1.
    func environment(at number: Int, _ when: When) -> [String: String] {
        ["LD_PRELOAD": library.path, "KILLER_AT": "\(number)", "KILLER_WHEN": when.rawValue]
    }

    /// The environment of a program to which nothing happens, but a file gets the number of writes and of those that were
    /// on the disk before the next: `29 29`.
    func environment(countingIn file: URL) -> [String: String] {
        ["LD_PRELOAD": library.path, "KILLER_COUNT": file.path]
    }
}
