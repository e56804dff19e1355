import CAgent
import Glibc

/// Lets in those who know a password, without letting those who guess hold up the thread that samples.
///
/// A bcrypt check takes tens of milliseconds and more. A right credential is therefore checked once and remembered by a
/// digest, as are the last wrong ones; after a wrong one no other is looked at for a second, and for three from the same
/// address. Only those who know a password go unhindered, and they are as many as there are users.
struct BasicAuth {
    /// What to do with a request.
    enum Verdict: Equatable {
        case allowed
        case denied
        /// Not looked at: to be asked again after so many seconds.
        case later(seconds: Int)
    }

    private let users: [(name: [UInt8], hash: String)]
    private var right: DigestList
    private var wrong = DigestList(limit: 32)
    private var gate: Gate

    /// The hash that unknown users are checked against, so that their answer takes as long.
    private static let nobody = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"

    /// Checks against these users; nobody is remembered, but the waiting times of `previous` go on.
    init(users: [(name: String, hash: String)], after previous: BasicAuth? = nil) {
        self.users = users.map { (Array($0.name.utf8), $0.hash) }
        right = DigestList(limit: users.count)
        gate = previous?.gate ?? Gate()
    }

    /// Judges the header `Authorization` of a request from `peer`. `clock` is monotonic, in nanoseconds.
    mutating func judge(_ header: UnsafePointer<CChar>?, peer: UInt64, clock: () -> UInt64) -> Verdict {
        guard let header else { return .denied }
        guard let digest = Self.digest(header) else { return .denied }
        if right.contains(digest) { return .allowed }
        if wrong.contains(digest) { return .denied }
        guard let (name, password) = Self.credential(header) else { return .denied }
        let began = clock()
        let wait = gate.wait(peer: peer, at: began)
        guard wait == 0 else { return .later(seconds: wait) }
        let user = users.first { $0.name == name }
        let isRight = password_matches(password, user?.hash ?? Self.nobody) && user != nil
        guard isRight else {
            gate.close(at: clock(), after: began, wrongPeer: peer)
            wrong.note(digest)
            return .denied
        }
        right.note(digest)
        return .allowed
    }

    /// What is remembered of a header; nil where GnuTLS fails.
    private static func digest(_ header: UnsafePointer<CChar>) -> Digest? {
        var digest = Digest(repeating: 0)
        var span = digest.mutableSpan
        let isMade = span.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { credential_digest(header, strlen(header), $0) } ?? false
        }
        return isMade ? digest : nil
    }

    /// Name and password of `Basic BASE64`, the password ended by NUL; nil where the header is nothing of the kind.
    private static func credential(_ header: UnsafePointer<CChar>) -> (name: [UInt8], password: [CChar])? {
        guard strncasecmp(header, "basic ", 6) == 0 else { return nil }
        let text = header + 6 + strspn(header + 6, " ")
        let decoded = [UInt8](unsafeUninitializedCapacity: strlen(text)) { bytes, count in
            count = bytes.baseAddress.map { credential_decode(text, $0, bytes.count) } ?? 0
        }
        guard let colon = decoded.firstIndex(of: UInt8(ascii: ":")), !decoded.contains(0) else { return nil }
        return (Array(decoded[..<colon]), decoded[(colon + 1)...].map { CChar(bitPattern: $0) } + [0])
    }
}

/// When the next unknown credential is checked.
private struct Gate {
    private var opens: UInt64 = 0
    private var wrongPeers: [(peer: UInt64, until: UInt64)] = []

    private static let second: UInt64 = 1_000_000_000
    private static let patience = 3 * second
    private static let peers = 64

    /// Whole seconds that `peer` has to wait; 0 when it is its turn.
    func wait(peer: UInt64, at now: UInt64) -> Int {
        let own = wrongPeers.first { $0.peer == peer }?.until ?? 0
        let open = max(opens, own)
        return open > now ? Int((open - now + Self.second - 1) / Self.second) : 0
    }

    /// Notes a check that failed: the next comes a second later, or later still where checks take so long that guesses
    /// would use more than a tenth of the time.
    mutating func close(at now: UInt64, after began: UInt64, wrongPeer: UInt64) {
        opens = now + max(Self.second, 9 * (now - began))
        wrongPeers.removeAll { $0.until <= now || $0.peer == wrongPeer }
        if wrongPeers.count == Self.peers { wrongPeers.removeFirst() }
        wrongPeers.append((wrongPeer, now + Self.patience))
    }
}

/// What is remembered of a credential.
private typealias Digest = InlineArray<32, UInt8>

/// The last few digests.
private struct DigestList {
    private let limit: Int
    private var digests: [Digest] = []

    init(limit: Int) { self.limit = limit }

    func contains(_ digest: Digest) -> Bool {
        var found = false
        for known in digests {
            let isEqual = known.span.withUnsafeBufferPointer { known in
                digest.span.withUnsafeBufferPointer { digest in
                    guard let a = known.baseAddress, let b = digest.baseAddress else { return false }
                    return credential_digests_equal(a, b)
                }
            }
            found = found || isEqual
        }
        return found
    }

    mutating func note(_ digest: Digest) {
        if digests.count == limit { digests.removeFirst() }
        digests.append(digest)
    }
}
