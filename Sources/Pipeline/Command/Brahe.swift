import Glibc
import Host

/// The program `brahe`.
@main
enum Brahe {
    /// The version of brahe.
    static let version = "0.1.0"

    static func main() {
        // A reader that went away must be an error of write, not the end of a measurement.
        signal(SIGPIPE, SIG_IGN)
        do {
            exit(try run(CommandLine.arguments.dropFirst()))
        } catch {
            say(error.message)
            exit(error.exit.rawValue)
        }
    }

    private static func run(_ arguments: ArraySlice<String>) throws(Failure) -> Int32 {
        guard let word = arguments.first else {
            throw Failure(.usage, "no command; see brahe --help")
        }
        if word == "--help" || word == "-h" || word == "help" {
            write(Subcommand.overview, to: STDOUT_FILENO)
            return 0
        }
        if word == "--version" {
            write("brahe \(version)\n", to: STDOUT_FILENO)
            return 0
        }
        guard let command = Subcommand.all.first(where: { $0.name == word }) else {
            throw Failure(.usage, "unknown \(word.hasPrefix("-") ? "option" : "command") \(word); see brahe --help")
        }
        let help = Option(name: "--help", value: nil, help: "")
        let options = try Options(arguments.dropFirst(), known: command.options + [help])
        guard options["--help"] == nil else {
            write(command.help, to: STDOUT_FILENO)
            return 0
        }
        return try command.run(options)
    }
}
