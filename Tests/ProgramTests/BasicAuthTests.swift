import Foundation
import Testing

@testable import Agent

/// Who is checked, remembered and made to wait, by a clock of our own.
@Suite struct BasicAuthTests {
    // Of the password `secret`, by libxcrypt.
    private static let hash = "$2a$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"
    private static let second: UInt64 = 1_000_000_000

    private func header(_ credential: String) -> String {
        "Basic " + Data(credential.utf8).base64EncodedString()
    }

    @Test func guessesWaitAndThoseWhoAreKnownDoNot() {
        var auth = BasicAuth(users: [("a", Self.hash), ("b", Self.hash)])
        var now: UInt64 = 0
        func ask(_ credential: String, peer: UInt64) -> BasicAuth.Verdict {
            auth.judge(header(credential), peer: peer, clock: { now })
        }
        #expect(ask("a:secret", peer: 1) == .allowed)
        #expect(ask("b:1", peer: 2) == .denied)
        #expect(ask("b:2", peer: 2) == .later(seconds: 3))
        #expect(ask("b:secret", peer: 3) == .later(seconds: 1))
        #expect(ask("b:1", peer: 3) == .denied, "remembered")
        #expect(ask("a:secret", peer: 2) == .allowed, "remembered")
        now = Self.second
        #expect(ask("b:2", peer: 2) == .later(seconds: 2))
        #expect(ask("b:secret", peer: 3) == .allowed)
        now = 3 * Self.second
        #expect(ask("b:2", peer: 2) == .denied)
        // New users begin with nobody known, and guesses go on waiting.
        auth = BasicAuth(users: [("a", Self.hash)], after: auth)
        #expect(ask("a:secret", peer: 1) == .later(seconds: 1))
        now += Self.second
        #expect(ask("a:secret", peer: 1) == .allowed)
    }

    @Test func aSlowCheckTakesATenthOfTheTimeAtMost() {
        var auth = BasicAuth(users: [("a", Self.hash)])
        var now: UInt64 = 0
        // Every look at the clock takes a second.
        func clock() -> UInt64 {
            now += Self.second
            return now
        }
        #expect(auth.judge(header("a:1"), peer: 1, clock: clock) == .denied)
        now = 2 * Self.second
        #expect(auth.judge(header("a:2"), peer: 2, clock: clock) == .later(seconds: 8))
    }

    @Test(arguments: [
        "", "Basic", "Basic ", "Basic a", "Basic YTpzZWNyZXQ=!", "Bearer YTpzZWNyZXQ=", "Basic YXNlY3JldA==",
        "YTpzZWNyZXQ=",
        "Basic YTpzZWNyZXQA",
    ])
    func whatIsNoCredentialIsDeniedWithoutACheck(header: String) {
        var auth = BasicAuth(users: [("a", Self.hash)])
        #expect(auth.judge(header, peer: 1, clock: { 0 }) == .denied)
        #expect(auth.judge("basic  YTpzZWNyZXQ=", peer: 1, clock: { 0 }) == .allowed)
        #expect(auth.judge(nil, peer: 1, clock: { 0 }) == .denied)
    }
}
