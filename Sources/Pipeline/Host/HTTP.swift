internal import CPipeline
internal import Glibc

/// A request over HTTP.
package struct HTTPRequest: Sendable {
    package var method = "GET"
    package var url: String
    /// Name and value, as they are sent.
    package var headers: [(name: String, value: String)] = []
    package var body: String?
    /// A body that is no text; it goes before `body`.
    package var bodyBytes: [UInt8]?
    /// For all of it: connecting, sending, the answer.
    package var timeoutMilliseconds = 10_000
    /// Follow redirects; another host is not sent our `Authorization`.
    package var follow = false
    /// Go through the proxy that the environment names, if it names one.
    package var proxy = false
    /// Who asks, and whom to trust.
    package var access = HTTPAccess()

    package init(_ method: String = "GET", _ url: String) {
        self.method = method
        self.url = url
    }

    /// Text as a part of a path, a query or a form: percent-encoded by RFC 3986, all but its unreserved characters.
    package static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { encoded, byte in
            let scalar = Unicode.Scalar(byte)
            let character = Character(scalar)
            if scalar.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
                encoded.append(character)
            } else {
                encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }

    /// Asks; any status is an answer.
    package func answer() -> HTTPAnswer { perform(nil, nil) }

    /// Asks, and hands over the body of an answer with status 200 as it comes, however long it is, until `sink` wants no
    /// more; the body of any other answer is kept.
    package func answer(to sink: (UnsafeBufferPointer<CChar>) -> Bool) -> HTTPAnswer {
        withoutActuallyEscaping(sink) { sink in
            var sink = sink
            return withUnsafeMutablePointer(to: &sink) { context in
                perform(
                    { context, bytes, size in
                        let sink = context?.assumingMemoryBound(to: ((UnsafeBufferPointer<CChar>) -> Bool).self)
                        return sink?.pointee(UnsafeBufferPointer(start: bytes, count: size)) ?? false
                    }, context)
            }
        }
    }

    private func perform(_ sink: cpipeline_sink?, _ context: UnsafeMutableRawPointer?) -> HTTPAnswer {
        var copies: [UnsafeMutablePointer<CChar>] = []
        defer { for copy in copies { free(copy) } }
        func copy(_ text: String?) -> UnsafePointer<CChar>? {
            guard let text, let copy = strdup(text) else { return nil }
            copies.append(copy)
            return UnsafePointer(copy)
        }
        var lines = headers.map { copy("\($0.name): \($0.value)") } + [nil]
        var answer = cpipeline_answer()
        let content = bodyBytes ?? body.map { Array($0.utf8) }
        guard let method = copy(method), let url = copy(url) else { return HTTPAnswer(error: errnoText()) }
        (content ?? []).withUnsafeBytes { bytes in
            lines.withUnsafeMutableBufferPointer { headers in
                var request = cpipeline_request(
                    method: method, url: url, headers: headers.baseAddress, body: nil,
                    body_size: bytes.count, timeout_ms: timeoutMilliseconds, follow: follow, proxy: proxy,
                    access: cpipeline_access(
                        ca_file: copy(access.caFile), cert_file: copy(access.certFile), key_file: copy(access.keyFile),
                        insecure: access.isInsecure, user: copy(access.user), password: copy(access.password)),
                    sink: sink, sink_context: context)
                if content != nil {
                    // An empty buffer may have no address, and no body at all is something else.
                    request.body =
                        bytes.isEmpty ? method : bytes.assumingMemoryBound(to: CChar.self).baseAddress
                }
                cpipeline_http(&request, &answer)
            }
        }
        defer { cpipeline_answer_free(&answer) }
        return HTTPAnswer(answer)
    }
}

/// Who asks over HTTP, and whom to trust; secrets, so never to be shown or written down.
package struct HTTPAccess: Sendable {
    /// PEM files: the authorities that are trusted instead of the system's, our certificate, its key.
    package var caFile: String?
    package var certFile: String?
    package var keyFile: String?
    /// Take any certificate of the server's.
    package var isInsecure = false
    /// For basic authentication.
    package var user: String?
    package var password: String?

    package init() {}
}

/// A status, headers and a body, or why there is none.
package struct HTTPAnswer: Sendable {
    /// 0 if there was no answer; `error` says why.
    package let status: Int
    /// False if the request certainly never reached a server.
    package let reached: Bool
    package let body: String
    package let error: String
    private let headers: [String: String]

    /// No answer, because nothing could be asked.
    package init(error: String) {
        status = 0
        reached = false
        body = ""
        self.error = error
        headers = [:]
    }

    fileprivate init(_ answer: cpipeline_answer) {
        func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
            String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
        }
        status = answer.status
        reached = answer.reached
        body = text(answer.body, answer.size)
        let words = withUnsafeBytes(of: answer.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        error = words.split(whereSeparator: \.isNewline).joined(separator: "; ")
        var headers: [String: String] = [:]
        for line in text(answer.headers, answer.headers_size).split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] =
                String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
        }
        self.headers = headers
    }

    /// The value of a header, whose name is given in lower case.
    package func header(_ name: String) -> String? { headers[name] }

    /// What came back instead of what was wanted, in words.
    package var reason: String {
        guard status > 0 else { return error }
        let first = body.split(separator: "\n").first ?? ""
        return first.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(first.prefix(200))"
    }
}
