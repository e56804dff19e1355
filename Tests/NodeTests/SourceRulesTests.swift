import Testing

@testable import Node

@Suite struct SourceRulesTests {
    private static let sources =
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" } + "/Sources"

    @Test func theAgentDoesWithoutFoundation() {
        let files = Self.swiftFiles(Self.sources + "/Agent")
        #expect(!files.isEmpty)
        for file in files {
            for line in (Directory.text(file) ?? "").split(separator: "\n") {
                let words = line.split { " \t.".contains($0) }
                guard let word = words.firstIndex(of: "import") else { continue }
                #expect(!words[word...].contains { $0.hasPrefix("Foundation") }, "\(file)")
            }
        }
    }

    @Test func noFileIsLongerThanThreeHundredLines() {
        let files = Self.swiftFiles(Self.sources)
        #expect(!files.isEmpty)
        for file in files {
            let lines = (Directory.text(file) ?? "").split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 300, "\(file)")
        }
    }

    private static func swiftFiles(_ directory: String) -> [String] {
        (Directory.entries(directory) ?? []).flatMap { entry in
            let path = "\(directory)/\(entry.name)"
            if entry.isDirectory { return swiftFiles(path) }
            return path.hasSuffix(".swift") ? [path] : []
        }
    }
}
