import Statistics
import Testing

@Suite struct LawTests {
    /// Holm's own example, and that the order of the p's does not matter.
    @Test func holmCorrectsStepByStep() {
        #expect(Holm.adjusted([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
        #expect(Holm.adjusted([0.6, 0.9]) == [1, 1])
        #expect(Holm.adjusted([]) == [])
    }

    /// The least p that an order can have: why three runs an arm are too few.
    @Test func theLeastProbabilityOfAnOrder() {
        let least = [3, 4, 5].map { n in
            MannWhitney((0..<n).map(Double.init), (n..<2 * n).map(Double.init)).p
        }
        #expect(zip(least, [0.1, 2.0 / 70, 2.0 / 252]).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    /// Of independent numbers the bootstrap's deviation of the mean is the formula's; of a slow wave, in blocks, it is
    /// several times that of single numbers.
    @Test func theBootstrapSeesThatNeighboursAreAlike() throws {
        var generator = Generator(seed: 3)
        let independent = (0..<600).map { _ in generator.normal() }
        let ones = [Double](repeating: 1, count: 600)
        let expected = try #require(Descriptive.deviation(independent)) / 600.0.squareRoot()
        let single = try #require(Bootstrap.meanDeviation(of: independent, weights: ones, block: 1))
        let blocks = try #require(Bootstrap.meanDeviation(of: independent, weights: ones, block: 10))
        #expect(abs(single / expected - 1) < 0.1)
        #expect(abs(blocks / expected - 1) < 0.2)
        // Waves whose mean has the deviation 1 / (1 - 0.9) / sqrt(600): the mean of what is found in 40 of them.
        var (naive, honest) = (0.0, 0.0)
        var wave = ones
        for _ in 0..<40 {
            var value = 0.0
            wave = wave.map { _ in
                value = 0.9 * value + generator.normal()
                return value
            }
            naive += try #require(Bootstrap.meanDeviation(of: wave, weights: ones, block: 1, resamples: 100)) / 40
            honest += try #require(Bootstrap.meanDeviation(of: wave, weights: ones, block: 60, resamples: 100)) / 40
        }
        let truth = 10 / 600.0.squareRoot()
        #expect((0.8...1.1).contains(honest / truth))
        #expect(naive / truth < 0.3)
        #expect(Bootstrap.meanDeviation(of: wave, weights: ones, block: 301) == nil)
        #expect(Bootstrap.meanDeviation(of: [5, 5, 5, 5], weights: [1, 2, 3, 4], block: 2) == 0)
    }

    /// Where Welch's test alone decides, the simulation is the textbook's formula: 2.02 standard deviations for five
    /// values a group, 1.33 for ten (non-central t, two-sided 0.05, power 0.8).
    @Test(arguments: [(5, 2.024), (10, 1.325)])
    func theDetectableIncreaseIsTheFormulasWhereTheSpreadIsKnown(count: Int, formula: Double) throws {
        let group = Detectable.Group(deviation: 1, count: count)
        let freedom = Double(2 * count - 2)
        // The shift at which the t of two groups exceeds its limit with a probability of 0.8.
        let t = StudentT(freedom)
        let shift = formula / (2 / Double(count)).squareRoot()
        #expect(abs(1 - t.below(t.exceeded(with: 0.025), shift: shift) - 0.8) < 1e-3)
        let known = try #require(
            Detectable.increase(
                of: group, to: group, freedom: 2000, mean: 0, alpha: 0.05, agreement: 1, repetitions: 800))
        #expect((1.0...1.12).contains(known / formula))
    }

    /// The interval that order statistics give needs six numbers; numbers that are all one have no outliers.
    @Test func edgesOfFewNumbers() {
        #expect(Interval.median([1, 2, 3, 4, 5]) == nil)
        #expect(Interval.median([6, 1, 2, 5, 3, 4]) == Interval(3.5, from: 1, to: 6))
        #expect(Descriptive.outliers([2, 2, 2]) == [false, false, false])
        #expect(Descriptive.outliers([10, 10.1, 9.9, 10, 12]) == [false, false, false, false, true])
        #expect(Welch([1], [2, 3])?.p == nil)
        #expect(Welch([1, 1], [2, 2])?.p == 0)
        #expect(Welch([1, 1], [1, 1])?.equivalence(margin: 0.02) == 0)
        #expect(Effect.hedges([1, 1], [1, 1]) == nil)
    }
}
