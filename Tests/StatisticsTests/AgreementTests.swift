import Statistics
import Testing

/// What is computed here, scipy computes too.
@Suite struct AgreementTests {
    /// Cases and our answers to them.
    private struct Questions {
        var generator = Generator(seed: 20_261_121)
        var cases: [(expression: String, x: [Double], y: [Double], p: [Double])] = []
        var ours: [(answer: [Double], tolerance: Double)] = []

        mutating func ask(
            _ expression: String, _ x: [Double] = [], _ y: [Double] = [], p: [Double] = [], tolerance: Double = 1e-9,
            is answer: [Double?]
        ) {
            cases.append((expression, x, y, p))
            ours.append((answer.map { $0 ?? .nan }, tolerance))
        }

        /// Numbers of some kind: normal, skewed, with ties.
        mutating func group(_ kind: Int, _ count: Int) -> [Double] {
            let place = 5 + 20 * generator.uniform()
            return (0..<count).map { _ in
                let z = generator.normal()
                return switch kind % 3 {
                case 0: place + z
                case 1: place + z * z * z
                default: (place + 2 * z).rounded()
                }
            }
        }
    }

    @Test func withScipyOnRandomInput() throws {
        var questions = Questions()
        for kind in 0..<120 {
            let (m, n) = (4 + Int(17 * questions.generator.uniform()), 4 + Int(17 * questions.generator.uniform()))
            let (x, y) = (questions.group(kind, m), questions.group(kind, n))
            describe(x, &questions)
            compare(x, y, &questions)
        }
        for _ in 0..<150 { distributions(&questions) }
        // Far out, where a tail computed as 1 - p would have no digit left.
        questions.ask("stats.norm.sf([5, 20, 37])", is: [5, 20, 37].map { Normal.above($0) })
        questions.ask("stats.t.sf([50, 1e4], 7)", is: [50, 1e4].map { StudentT(7).above($0) })
        questions.ask("stats.norm.ppf(1e-12)", is: [Normal.quantile(1e-12)])
        let theirs = try Scipy.answers(questions.cases)
        try #require(theirs.count == questions.ours.count)
        for (index, (ours, their)) in zip(questions.ours, theirs).enumerated() {
            let agree =
                ours.answer.count == their.count
                && zip(ours.answer, their).allSatisfy {
                    $0.isNear($1, ours.tolerance)
                }
            #expect(agree, "\(questions.cases[index]): \(ours.answer) here, \(their) there")
        }
    }

    private func describe(_ x: [Double], _ questions: inout Questions) {
        questions.ask(
            "[x.mean(), x.std(ddof=1), stats.variation(x, ddof=1), np.median(x), stats.median_abs_deviation(x)]", x,
            is: [
                Descriptive.mean(x), Descriptive.deviation(x), Descriptive.variation(x), Descriptive.median(x),
                Descriptive.absoluteDeviation(x),
            ])
        let part = questions.generator.uniform()
        questions.ask("np.quantile(x, p[0])", x, p: [part], is: [Descriptive.quantile(x, part)])
        let mean = Interval.mean(x)
        questions.ask(
            "x.mean() + np.array([-1, 1]) * isf(.025, len(x)-1) * stats.sem(x)", x, is: [mean?.lower, mean?.upper])
        let spread = Interval.deviation(x)
        questions.ask(
            "[x.std(ddof=1) * ((len(x)-1) / stats.chi2.ppf(q, len(x)-1))**.5 for q in (.975, .025)]", x,
            is: [spread?.lower, spread?.upper])
        if x.count >= 6 {
            let median = Interval.median(x)
            questions.ask(
                "(lambda k, s: [s[k-1], s[-k]])(int(stats.binom.ppf(.025, len(x), .5)), np.sort(x))", x,
                is: [median?.lower, median?.upper])
        } else {
            #expect(Interval.median(x) == nil)
        }
        let slope = Descriptive.slope(x)
        questions.ask(
            "(lambda r: [r.slope, r.stderr])(stats.linregress(np.arange(len(x)), x))", x, tolerance: 1e-7,
            is: [slope?.slope, slope?.deviation])
    }

    private func compare(_ x: [Double], _ y: [Double], _ questions: inout Questions) {
        guard let welch = Welch(x, y) else {
            Issue.record("no comparison of \(x) and \(y)")
            return
        }
        questions.ask("stats.ttest_ind(y, x, equal_var=False).pvalue", x, y, is: [welch.p])
        let difference = welch.difference()
        questions.ask(
            "welch(x, y)", x, y, is: [welch.freedom, difference.value, difference.lower, difference.upper])
        questions.ask("tost(x, y, .1)", x, y, is: [welch.equivalence(margin: 0.1)])
        if let ratio = welch.ratio() {
            questions.ask("np.exp(welch(np.log(x), np.log(y))[1:])", x, y, is: [ratio.value, ratio.lower, ratio.upper])
        }
        let order = MannWhitney(x, y)
        questions.ask(
            "(lambda r: [r.statistic, r.pvalue])(stats.mannwhitneyu(y, x, method='asymptotic'))", x, y,
            is: [order.u, order.approximateP])
        if Set(x + y).count == x.count + y.count {
            questions.ask("stats.mannwhitneyu(y, x, method='exact').pvalue", x, y, is: [order.exactP])
        }
        questions.ask("np.median(np.subtract.outer(y, x))", x, y, is: [MannWhitney.shift(x, y)])
        if let g = Effect.hedges(x, y) {
            questions.ask("hedges(x, y)", x, y, is: [g.value])
            // scipy's non-central t at our ends leaves 2.5 % on each side.
            questions.ask("tails(x, y, *p)", x, y, p: [g.lower, g.upper], tolerance: 1e-8, is: [0.975, 0.025])
        }
    }

    private func distributions(_ questions: inout Questions) {
        let freedom = 0.5 + 60 * questions.generator.uniform()
        let t = 6 * questions.generator.normal()
        let q = questions.generator.uniform()
        questions.ask("stats.t.sf(p[1], p[0])", p: [freedom, t], is: [StudentT(freedom).above(t)])
        questions.ask("isf(p[1], p[0])", p: [freedom, q], is: [StudentT(freedom).exceeded(with: q)])
        questions.ask("stats.norm.ppf(p[0])", p: [q], is: [Normal.quantile(q)])
        questions.ask("stats.norm.cdf(p[0])", p: [t], is: [Normal.below(t)])
        questions.ask(
            "stats.chi2.cdf(p[1], p[0])", p: [freedom, abs(10 * t)], is: [ChiSquare(freedom).below(abs(10 * t))])
    }
}
