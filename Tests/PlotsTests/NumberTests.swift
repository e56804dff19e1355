import Testing

@testable import Plots

@Suite struct NumberTests {
    /// Numbers of every size and sign, and those that are none.
    private static func numbers(_ count: Int) -> [Double] {
        var random = SplitMix64(seed: 21)
        let special = [0, -0.0, .nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, 1, 9.99996, 999.99]
        return special
            + (0..<count).map { _ in
                let sign: Double = Bool.random(using: &random) ? 1 : -1
                return sign * .random(in: 1...10, using: &random)
                    * Double(sign: .plus, exponent: .random(in: -80...80, using: &random), significand: 1)
            }
    }

    @Test func ticksAreRoundRiseAndHoldTheDomain() throws {
        let numbers = Self.numbers(600).filter(\.isFinite)
        for (one, other) in zip(numbers, numbers.dropFirst().map { $0 * 1.5 }) {
            let domain = Scale(min(one, other), max(one, other), from: 0, to: 100).domain
            let ticks = Ticks(over: domain, about: 5)
            #expect(ticks.values.count >= 2 && ticks.values.count <= 11, "\(domain): \(ticks.values)")
            #expect(zip(ticks.values, ticks.values.dropFirst()).allSatisfy { $0 < $1 }, "\(domain): \(ticks.values)")
            let slack = ticks.step * 1e-6
            #expect(try #require(ticks.values.first) <= domain.lowerBound + slack, "\(domain)")
            #expect(try #require(ticks.values.last) >= domain.upperBound - slack, "\(domain)")
            let digit = Digits.significant(ticks.step, 1).first { ("1"..."9").contains($0) }
            #expect(["1", "2", "5"].contains(digit), "\(domain): \(ticks.step)")
        }
        #expect(Ticks(over: 0...87, about: 5).values == [0, 20, 40, 60, 80, 100])
        #expect(Ticks(over: 0...87, about: 5).labels("W") == ["0", "20 W", "40 W", "60 W", "80 W", "100 W"])
        #expect(Ticks(over: 0...1800, about: 4).labels("W") == ["0", "0.5 kW", "1.0 kW", "1.5 kW", "2.0 kW"])
        #expect(Ticks(over: 0...0.004, about: 2).labels("W") == ["0", "2 mW", "4 mW"])
    }

    @Test func aScaleIsFiniteAndInOrder() {
        let numbers = Self.numbers(300)
        for (low, high) in zip(numbers, numbers.reversed()) {
            let scale = Scale(low, high, from: 10, to: 90)
            #expect(scale.domain.lowerBound.isFinite && scale.domain.upperBound.isFinite)
            #expect(scale.domain.lowerBound < scale.domain.upperBound, "\(low) \(high)")
            for number in numbers.prefix(40) { #expect((10...90).contains(scale[number]), "\(low) \(high) \(number)") }
            #expect(scale[scale.domain.lowerBound] == 10 && abs(scale[scale.domain.upperBound] - 90) < 1e-6)
        }
    }

    @Test func clockTicksAreRoundAndFew() {
        let day = Fixtures.start
        #expect(TimeTicks(over: day...(day + 900), atMost: 5).labels == ["08:05", "08:10", "08:15", "08:20"])
        #expect(
            TimeTicks(over: day...(day + 40), atMost: 5).labels == [
                "08:05:00", "08:05:10", "08:05:20", "08:05:30", "08:05:40",
            ])
        #expect(TimeTicks(over: day...(day + 3 * 86_400), atMost: 5).labels.first == "2026-11-22")
        for length in [1e-3, 0.5, 7, 100, 5000, 1e6, 1e9, 1e12] {
            #expect(TimeTicks(over: day...(day + length), atMost: 6).values.count <= 6, "\(length)")
        }
    }

    @Test(
        arguments: [
            (7867.5075, "J", nil, nil, "7.868 kJ", nil),
            (7867.5075, "J", 7840.1, 7893.0, "7.868 kJ", "7.840..7.893 kJ"),
            (0.0123, "W", nil, nil, "12.30 mW", nil), (999.96, "W", nil, nil, "1.000 kW", nil),
            (0, "J", 0, 0, "0 J", nil),
            (412.7, "s", nil, nil, "412.7 s", nil),
            (4.16866, "gCO2eq per benchmark", nil, nil, "4.169 gCO\u{2082}eq per benchmark", nil),
            (268_435_456, "bytes", nil, nil, "256.0 MiB", nil), (3.5, "1", nil, nil, "3.500", nil),
            (0.018, "J", 0.0177, 30.02, "0.018 J", "0.018..30.0 J"), (-12.5, "J", nil, nil, "\u{2212}12.50 J", nil),
            (.nan, "J", nil, nil, "\u{2013} J", nil), (1e30, "J", nil, nil, "1.000e21 GJ", nil),
            (7867.5, "J", 7867.4, 7867.6, "7.86750 kJ", "7.86740..7.86760 kJ"),
        ] as [(Double, String, Double?, Double?, String, String?)])
    func aNumberHasTheDigitsThatSaySomething(
        _ value: Double, _ unit: String, _ lower: Double?, _ upper: Double?, _ text: String, _ range: String?
    ) {
        let reading = Unit.reading(value, unit, from: lower, to: upper)
        #expect(reading.text == text)
        #expect(reading.range == range)
    }

    @Test func everyNumberIsShort() {
        for number in Self.numbers(2000) {
            for unit in ["J", "W", "bytes", "1", "gCO2eq"] {
                let text = Unit.text(number, unit)
                #expect(text.count <= 24 && !text.contains("nan") && !text.contains("inf"), "\(number): \(text)")
            }
        }
        #expect(Unit.text(34_050, "J", orSo: 595) == "34.05 \u{B1} 0.60 kJ")
        #expect([0.0004, 0.1096, 1, 12.5].map { Unit.percent($0) } == ["< 0.1 %", "11.0 %", "100 %", "1250 %"])
        #expect(
            [0.4, 59.99, 60, 905, 7265].map(Clock.span) == [
                "400.0 ms", "59.99 s", "1 min", "15 min 05 s", "2 h 01 min",
            ])
        #expect([1.42, 0.00218542, 35_040, 78.81].map(Digits.plain) == ["1.42", "0.00218542", "35040", "78.81"])
    }
}
