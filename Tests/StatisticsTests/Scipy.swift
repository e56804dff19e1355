import Documents
import Host
import Testing

/// scipy in a process of its own, asked once with all cases.
enum Scipy {
    /// The answer to each case, in order: Python evaluates the expression with `x`, `y` and `p` of the case.
    static func answers(_ cases: [(expression: String, x: [Double], y: [Double], p: [Double])]) throws -> [[Double]] {
        let program = """
            import json, sys, numpy as np
            from scipy import stats
            from scipy.special import gammaln
            def isf(q, f):
                # scipy's own is good to 8 digits (1.10); two steps of Newton's make 15 of them.
                t = stats.t.isf(q, f)
                for _ in range(2):
                    t += (stats.t.sf(t, f) - q) / stats.t.pdf(t, f)
                return t
            def welch(x, y):
                a, b = x.var(ddof=1) / len(x), y.var(ddof=1) / len(y)
                f = (a + b)**2 / (a**2 / (len(x) - 1) + b**2 / (len(y) - 1))
                d, h = y.mean() - x.mean(), isf(.025, f) * (a + b)**.5
                return [f, d, d - h, d + h]
            def tost(x, y, margin):
                return max(
                    stats.ttest_ind(y, (1 + margin) * x, equal_var=False, alternative='less').pvalue,
                    stats.ttest_ind(y, (1 - margin) * x, equal_var=False, alternative='greater').pvalue)
            def small(f):
                return np.exp(gammaln(f / 2) - gammaln((f - 1) / 2)) / (f / 2)**.5
            def hedges(x, y):
                f = len(x) + len(y) - 2
                s = (((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / f)**.5
                return small(f) * (y.mean() - x.mean()) / s
            def tails(x, y, lower, upper):
                f, c = len(x) + len(y) - 2, (1 / len(x) + 1 / len(y))**.5
                return stats.nct.cdf(hedges(x, y) / small(f) / c, f, np.array([lower, upper]) / small(f) / c)
            def solve(case):
                names = {**globals(), **{k: np.array(case[k]) for k in 'xyp'}}
                return [float(v) for v in np.atleast_1d(eval(case['e'], names))]
            print(json.dumps([solve(case) for case in json.load(sys.stdin)]))
            """
        func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
        let input = JSON.array(
            cases.map { ["e": .string($0.expression), "x": numbers($0.x), "y": numbers($0.y), "p": numbers($0.p)] })
        // Debian's Python, for which python3-scipy is; another one may come first on the path.
        let outcome = try Tool(["/usr/bin/python3", "-W", "ignore", "-c", program])
            .run(input: input.line, within: 120_000)
        try #require(outcome.code == 0, "python3-scipy is needed: \(outcome.errors.suffix(500))")
        return try JSON(parsing: outcome.output).array.map { $0.array.compactMap(\.number) }
    }
}

extension Double {
    /// Whether two numbers agree to a part of the greater, or to that much absolutely below 1e-3.
    func isNear(_ other: Double, _ tolerance: Double = 1e-9) -> Bool {
        abs(self - other) <= tolerance * max(abs(self), abs(other), 1e-3)
    }
}
