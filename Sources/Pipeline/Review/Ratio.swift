/// A quotient of two integers that becomes a decimal text in the last line of output and not before.
///
/// Microjoules over microseconds are watts, microjoules over 10^6 are joules: no energy passes floating point.
public struct Ratio: Sendable, Equatable {
    private let numerator: UInt64
    private let denominator: UInt64

    /// The quotient of two amounts; 0 as the denominator makes the ratio unknown, not a trap.
    public init(_ numerator: UInt64, per denominator: UInt64) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Microjoules as joules.
    public static func joules(_ microjoules: UInt64) -> Ratio { Ratio(microjoules, per: 1_000_000) }

    /// Microseconds as seconds.
    public static func seconds(_ microseconds: UInt64) -> Ratio { Ratio(microseconds, per: 1_000_000) }

    /// Microjoules as watt-hours; one is 3600 J.
    public static func wattHours(_ microjoules: UInt64) -> Ratio { Ratio(microjoules, per: 3_600_000_000) }

    /// The nearest `Double`, for JSON; 0 if the denominator is 0.
    public var value: Double {
        denominator == 0 ? 0 : Double(numerator) / Double(denominator)
    }

    /// The decimal text with so many decimals, halves rounded up; `-` if the denominator is 0.
    public func text(decimals: Int) -> String {
        guard denominator != 0 else { return "-" }
        let scale = (0..<decimals).reduce(UInt128(1)) { power, _ in power * 10 }
        let units = (UInt128(numerator) * scale + UInt128(denominator) / 2) / UInt128(denominator)
        guard decimals > 0 else { return String(units) }
        let fraction = String(units % scale)
        return "\(units / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// The ratio in percent, with one decimal: `12.5%`.
    public var percent: String {
        guard denominator != 0 else { return "-" }
        let thousandths = (UInt128(numerator) * 1000 + UInt128(denominator) / 2) / UInt128(denominator)
        return "\(thousandths / 10).\(thousandths % 10)%"
    }
}
