import Documents
import Registry
import Testing

/// What is dispatched, and what an answer or a list of runs means.
struct TriggerRulesTests {
    private let target = Target(project: "falco", configuration: "kmod", version: "1.0", ref: "main")
    private let now = Moment(milliseconds: 1_795_248_000_000)

    /// A state with attempts for the target that ended so.
    private func state(_ ends: [(Attempt.Status, String?)]) -> TriggerState {
        var state = TriggerState()
        for (status, conclusion) in ends {
            let index = state.intend(target, after: 5, now: now)
            state.change(index) { attempt in
                attempt.become(status, now: now + 1)
                attempt.conclusion = conclusion
                attempt.run = 7
            }
        }
        return state
    }

    private func next(_ state: TriggerState, wanted: Int = 1, forgiving: Bool = false) -> TriggerState.Next {
        state.next(for: target, wanted: wanted, begun: now, tries: 2, forgiving: forgiving)
    }

    @Test func aStateIsReadBackAsItWasWritten() throws {
        var state = state([(.completed, "success"), (.unknown, nil)])
        state.releases["falcosecurity/falco v*"] = TriggerState.Seen(etag: "W/\"a\"", tag: "v1", seen: now)
        #expect(try TriggerState(parsing: state.page) == state)
        #expect(throws: Misread.self) { try TriggerState(parsing: #"{"schema": "brahe.trigger/2", "attempts": []}"#) }
        #expect(throws: Misread.self) { try TriggerState(parsing: "") }
    }

    @Test func nothingIsDispatchedTwiceForOnePurpose() {
        #expect(next(state([])) == .dispatch)
        #expect(next(state([(.completed, "success")])) == .enough)
        #expect(next(state([(.started, nil)])) == .enough)
        #expect(next(state([(.completed, "success")]), wanted: 2) == .dispatch)
        #expect(next(state([(.completed, "success"), (.dispatched, nil)]), wanted: 2) == .enough)
        #expect(next(state([(.unknown, nil)]), wanted: 9, forgiving: true) == .unclear(0))
        #expect(next(state([(.refused, nil)])) == .dispatch)
        let other = Target(project: "falco", configuration: "kmod", version: "1.0", ref: "v2")
        #expect(
            state([(.completed, "success")]).next(for: other, wanted: 1, begun: now, tries: 2, forgiving: false)
                == .dispatch)
    }

    @Test func oldVersionsAreForgottenAndThisOneIsNot() {
        var state = TriggerState()
        for number in 0..<200 {
            let version = Target(project: "falco", configuration: "kmod", version: "0.\(number)", ref: "main")
            let index = state.intend(version, after: 0, now: now)
            state.change(index) { $0.become(.completed, now: now) }
        }
        #expect(state.attempts.count == 51)
        #expect(state.attempts.last?.target.version == "0.199")
        for _ in 0..<200 { state.change(state.intend(target, after: 0, now: now)) { $0.become(.completed, now: now) } }
        #expect(state.indices(of: target).count == 200)
        #expect(state.attempts.count == 250)
    }

    @Test func failuresInARowEndTheTrying() {
        #expect(next(state([(.completed, "failure")])) == .dispatch)
        guard case .givenUp = next(state([(.completed, "failure"), (.completed, "timed_out")])) else {
            Issue.record("not given up")
            return
        }
        #expect(next(state([(.completed, "failure"), (.completed, "failure")]), forgiving: true) == .dispatch)
        #expect(
            next(state([(.completed, "failure"), (.completed, "success"), (.completed, "failure")]), wanted: 2)
                == .dispatch)
        guard case .givenUp = next(state([(.dropped, nil), (.dropped, nil)]), forgiving: true) else {
            Issue.record("not given up")
            return
        }
    }

    @Test func aRunIsKnownByItsTitleOrByBeingTheOnlyNewOne() {
        func run(_ id: Int64, _ title: String) -> WorkflowRun { WorkflowRun(id: id, status: "queued", title: title) }
        func found(_ runs: [WorkflowRun], configuration: String? = "kmod") -> Int64? {
            let target = Target(project: "falco", configuration: configuration, version: "1.0", ref: "main")
            return WorkflowRun.started(by: target, among: runs, after: 10, others: ["falco ebpf 1.0"])?.id
        }
        #expect(found([run(12, "falco kmod 1.0"), run(11, "x")]) == 12)
        #expect(found([run(10, "falco kmod 1.0")]) == nil)
        #expect(found([run(11, "Benchmark pipeline")]) == 11)
        #expect(found([run(11, "Benchmark pipeline"), run(12, "Benchmark pipeline")]) == nil)
        #expect(found([run(11, "falco ebpf 1.0")]) == nil)
        #expect(found([run(11, "falco  1.0"), run(12, "x")], configuration: nil) == 11)
        #expect(found([]) == nil)
    }

    @Test(arguments: [
        (#"{"jobs": []}"#, false), (#"{"jobs": [{"conclusion": "cancelled", "runner_id": null, "steps": []}]}"#, false),
        (#"{"jobs": [{"conclusion": "cancelled", "runner_id": 7, "steps": []}]}"#, true),
        (#"{"jobs": [{"conclusion": "skipped"}, {"conclusion": "success"}]}"#, true),
    ])
    func aDroppedRunHasNoJobThatAMachineBegan(text: String, began: Bool) throws {
        #expect(try WorkflowRun.anyJobStarted(parsing: text) == began)
    }

    @Test func theLatestReleaseIsByTheDateOfItsCommit() throws {
        let releases = try Release.list(
            parsing: """
                [{"tag_name": "v1.9.1", "created_at": "2026-03-03T00:00:00Z", "published_at": "2026-05-01T00:00:00Z"},
                 {"tag_name": "v2.1-rc1", "prerelease": true, "created_at": "2026-03-05T00:00:00Z"},
                 {"tag_name": "v3", "draft": true, "created_at": "2026-03-06T00:00:00Z"},
                 {"tag_name": "v2.0", "created_at": "2026-03-04T00:00:00Z"}]
                """)
        #expect(Release.latest(of: releases, by: ReleasePolicy())?.tag == "v2.0")
        #expect(Release.latest(of: releases, by: ReleasePolicy(prereleases: true))?.tag == "v2.1-rc1")
        #expect(Release.latest(of: releases, by: ReleasePolicy(tagPattern: "v1.*"))?.tag == "v1.9.1")
        #expect(Release.latest(of: releases, by: ReleasePolicy(tagPattern: "w*")) == nil)
        for text in [#"[{"created_at": "2026-03-03T00:00:00Z"}]"#, #"[{"tag_name": "", "created_at": "x"}]"#, "{}"] {
            #expect(throws: Misread.self) { try Release.list(parsing: text) }
        }
    }

    @Test func anAnswerWithoutAHeaderIsStillUnderstood() {
        func answer(_ status: Int, _ body: String = "", reached: Bool = true) -> DispatchAnswer {
            DispatchAnswer(Reply(status: status, reached: reached, body: body), withDetails: true)
        }
        #expect(answer(0, reached: false) == .unsent("no answer"))
        #expect(answer(0) == .ambiguous("no answer"))
        #expect(answer(504) == .ambiguous("HTTP 504"))
        #expect(answer(429) == .limited(.secondary(seconds: nil)))
        #expect(
            answer(403, #"{"message": "You have exceeded a secondary rate limit."}"#)
                == .limited(.secondary(seconds: nil)))
        #expect(answer(200, "not JSON") == .accepted(run: nil, page: nil))
        #expect(answer(307) == .refused("HTTP 307"))
        #expect(
            DispatchAnswer(Reply(status: 422, body: "return_run_details"), withDetails: false)
                == .refused("HTTP 422: return_run_details"))
    }
}
