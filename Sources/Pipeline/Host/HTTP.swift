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
    package func answer() -> HTTPAnswer {
        let lines = headers.map { strdup("\($0.name): \($0.value)") }
        defer { for line in lines { free(line) } }
        var pointers = lines.map { UnsafePointer<CChar>($0) } + [nil]
        var answer = cpipeline_answer()
        let content = bodyBytes ?? body.map { Array($0.utf8) }
        method.withCString { method in
            url.withCString { url in
                (content ?? []).withUnsafeBytes { bytes in
                    pointers.withUnsafeMutableBufferPointer { headers in
                        var request = cpipeline_request(
                            method: method, url: url, headers: headers.baseAddress, body: nil,
                            body_size: bytes.count, timeout_ms: timeoutMilliseconds, follow: follow, proxy: proxy)
                        if content != nil {
                            // An empty buffer may have no address, and no body at all is something else.
                            request.body =
                                bytes.isEmpty ? method : bytes.assumingMemoryBound(to: CChar.self).baseAddress
                        }
                        cpipeline_http(&request, &answer)
                    }
                }
            }
        }
        defer { cpipeline_answer_free(&answer) }
        return HTTPAnswer(answer)
    }
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

    fileprivate init(_ answer: cpipeline_answer) {
        func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
            String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
        }
        status = answer.status
        reached = answer.reached
        body = text(answer.body, answer.size)
        error = withUnsafeBytes(of: answer.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
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
