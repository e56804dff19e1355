import Documents
import Foundation

/// The service of grid.py; it ends with this object.
final class GridService {
    let url: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var text = ""

    /// Starts one that answers by this script.
    init(_ script: JSON) throws {
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "grid.py").path
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", program]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data((script.line + "\n").utf8))
        while !text.contains("\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Unusable() }
            text += String(decoding: more, as: UTF8.self)
        }
        url = "http://127.0.0.1:\(text.prefix { $0 != "\n" })"
    }

    deinit { end() }

    /// What it was asked, in order; it ends with this.
    func requests() throws -> [JSON] {
        end()
        text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        return try text.split(separator: "\n").dropFirst().map { try JSON(parsing: String($0)) }
    }

    private func end() {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.waitUntilExit() }
    }

    private struct Unusable: Error {}
}
