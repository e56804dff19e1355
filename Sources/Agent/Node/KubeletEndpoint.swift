import Glibc

/// What is wrong with a kubelet's address, or kept its client from being made.
package struct KubeletError: Error, CustomStringConvertible {
    /// What was tried, on what, and why it failed.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Where a kubelet answers, and who we are to it.
package struct KubeletEndpoint: Sendable {
    /// `https://HOST:PORT`.
    package let url: String
    /// The file with the bearer token, read anew for each request, for tokens rotate; nil for none.
    package let tokenFile: String?
    /// The authorities that may vouch for the kubelet; nil for the system's. A kubelet that signed its own certificate
    /// is vouched for by /var/lib/kubelet/pki/kubelet.crt.
    package let caFile: String?
    /// For libcurl, what the host's name means: `HOST:PORT:ADDRESS,…`; nil where the host is a number.
    let addresses: String?

    /// Reads `https://HOST:PORT` (`http://` without a token only: the read-only port) and looks the host up, once,
    /// because looking up waits. Throws where the URL is none, or the host has no address.
    package init(url: String, tokenFile: String?, caFile: String?) throws(KubeletError) {
        let scheme = ["https://", "http://"].first { url.hasPrefix($0) }
        guard let scheme else { throw KubeletError("kubelet \(url): not an https:// URL") }
        if scheme == "http://", tokenFile != nil {
            throw KubeletError("kubelet \(url): a token is not sent in the clear, use https://")
        }
        var place = url.dropFirst(scheme.count)
        if place.last == "/" { place.removeLast() }
        guard let colon = place.lastIndex(of: ":"), UInt16(place[place.index(after: colon)...]) ?? 0 > 0,
            !place.contains("/"), !place.contains("@"), colon > place.startIndex
        else { throw KubeletError("kubelet \(url): not of the form https://HOST:PORT (a kubelet's port is 10250)") }
        self.url = scheme + place
        self.tokenFile = tokenFile
        self.caFile = caFile
        addresses = try Self.lookUp(String(place[..<colon]), port: String(place[place.index(after: colon)...]))
    }

    /// The corresponding C functions are `getaddrinfo` and `getnameinfo`.
    private static func lookUp(_ host: String, port: String) throws(KubeletError) -> String? {
        if host.hasPrefix("[") { return nil }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        if getaddrinfo(host, nil, &hints, &found) == 0 {
            freeaddrinfo(found)
            return nil
        }
        hints.ai_flags = 0
        let error = getaddrinfo(host, nil, &hints, &found)
        guard error == 0 else {
            throw KubeletError("look up the kubelet's host \(host): \(String(cString: gai_strerror(error)))")
        }
        defer { freeaddrinfo(found) }
        var numbers: [String] = []
        var next = found
        while let address = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(text.count)
            getnameinfo(address.pointee.ai_addr, address.pointee.ai_addrlen, &text, size, nil, 0, NI_NUMERICHOST)
            let number = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
            numbers.append(address.pointee.ai_family == AF_INET6 ? "[\(number)]" : number)
            next = address.pointee.ai_next
        }
        return "\(host):\(port):" + numbers.joined(separator: ",")
    }
}
