import Carbon
import Documents
import Host
import Registry

/// The daily loop without GitHub's scheduler.
struct TriggerWatch {
    private let time: TimeOfDay
    /// How much later than that a round may begin, in milliseconds.
    private let window: Int64
    private let forecast: String?
    private let header: String?
    private let duration: Int64

    /// Nil if the options ask for no loop.
    init?(_ options: Options) throws(Failure) {
        guard options["--watch"] != nil else {
            for name in ["--at", "--window", "--forecast", "--forecast-header", "--duration"] where options[name] != nil
            {
                throw Failure(.usage, "option \(name) wants --watch")
            }
            return nil
        }
        let text = options["--at"] ?? "08:00Z"
        guard let time = TimeOfDay(text) else {
            throw Failure(.usage, "option --at: \(text) is not a time in UTC like 08:00Z")
        }
        self.time = time
        window = Int64(try options.milliseconds("--window") ?? 0)
        forecast = options["--forecast"]
        header = options["--forecast-header"]
        duration = Int64(try options.milliseconds("--duration") ?? 20 * 60_000)
        guard (window > 0) == (forecast != nil) else {
            throw Failure(.usage, "--window and --forecast want each other")
        }
        guard window < 86_400_000 else { throw Failure(.usage, "option --window: a day has 24h") }
    }

    /// The loop in words, for a plan.
    var words: String {
        "every day at \(time)" + (forecast.map { ", or up to \(window / 1000) s later as \($0) says" } ?? "")
    }

    /// Does a round every day; ends by a signal only.
    func run(_ round: () throws(Failure) -> Int32) throws(Failure) -> Int32 {
        while true {
            let time = self.time.next(after: .now)
            say("the next round is at \(time)")
            try wait(until: time)
            if let start = start(from: time) { try wait(until: start) }
            do {
                let code = try round()
                if code != 0 { say("the round ended with \(code)") }
            } catch {
                switch error.exit {
                case .interrupted, .hungUp, .terminated: throw error
                default: say("the round ended with \(error.exit.rawValue): \(error.message)")
                }
            }
        }
    }

    /// When the intensity is lowest; nil, and said, if that cannot be known.
    private func start(from time: Moment) -> Moment? {
        guard let forecast else { return nil }
        do {
            guard let best = try read(forecast).best(from: time, within: window, lasting: duration) else {
                say("the forecast of \(forecast) does not cover the window; starting at once")
                return nil
            }
            let grams = Int64(best.intensity.rounded())
            say("the carbon intensity is lowest at \(best.start): \(grams) g/kWh by the forecast of \(forecast)")
            return best.start
        } catch {
            say("\(error.message); starting at once")
            return nil
        }
    }

    private func read(_ place: String) throws(Failure) -> Forecast {
        let text: String
        if place.hasPrefix("http://") || place.hasPrefix("https://") {
            var request = HTTPRequest("GET", place)
            request.headers = [("User-Agent", "brahe")]
            if let header {
                let line = try Files.read(header).split(whereSeparator: \.isNewline).first ?? ""
                guard let colon = line.firstIndex(of: ":") else {
                    throw Failure(.configuration, "read \(header): no header like auth-token: ...")
                }
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                request.headers.append((String(line[..<colon]), String(value)))
            }
            request.follow = true
            request.proxy = true
            let answer = request.answer()
            guard answer.status == 200 else { throw Failure(.configuration, "GET \(place): \(answer.reason)") }
            text = answer.body
        } else {
            text = try Files.read(place)
        }
        do {
            return try Forecast(parsing: text)
        } catch {
            throw Failure(.configuration, "read the forecast of \(place): \(error)")
        }
    }

    /// In short pauses: the clock may be set meanwhile, or the machine sleep.
    private func wait(until moment: Moment) throws(Failure) {
        while moment > .now {
            try Interruption.pause(milliseconds: UInt32(clamping: min(max(moment - .now, 1), 60_000)))
        }
    }
}
