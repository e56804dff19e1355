/// An amount of energy in whole microjoules, the unit of the kernel's `energy_uj`.
public struct Energy: Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// The amount in microjoules; 2^64 of them are 18 terajoules, 585 years at a kilowatt.
    public var microjoules: UInt64

    /// An amount of so many microjoules.
    @inlinable public init(microjoules: UInt64) { self.microjoules = microjoules }

    /// No energy.
    public static let zero = Energy(microjoules: 0)

    /// Orders by amount.
    @inlinable public static func < (a: Energy, b: Energy) -> Bool { a.microjoules < b.microjoules }

    /// The sum of two amounts.
    @inlinable public static func + (a: Energy, b: Energy) -> Energy {
        Energy(microjoules: a.microjoules + b.microjoules)
    }

    /// What is left of `a` without `b`, which must not be more than `a`.
    @inlinable public static func - (a: Energy, b: Energy) -> Energy {
        Energy(microjoules: a.microjoules - b.microjoules)
    }

    /// The share `part / whole` of this amount, rounded down; exact through 128 bits.
    ///
    /// `part` must not exceed `whole`, and `whole` must not be 0.
    @inlinable public func share(_ part: UInt64, of whole: UInt64) -> Energy {
        let product = microjoules.multipliedFullWidth(by: part)
        // Most of the time 64 bits are enough, and a division of 64 bits is one instruction.
        if product.high == 0 { return Energy(microjoules: product.low / whole) }
        // part <= whole keeps the quotient within `microjoules`; equality would overflow the divider's precondition
        // only for an amount of 2^64 - 1, which no counter reaches.
        return part == whole ? self : Energy(microjoules: whole.dividingFullWidth(product).quotient)
    }

    /// The mean power in microwatts of this amount spent over `nanoseconds`; 0 over no time at all.
    @inlinable public func microwatts(over nanoseconds: UInt64) -> UInt64 {
        let product = microjoules.multipliedFullWidth(by: 1_000_000_000)
        guard nanoseconds > product.high else { return 0 }
        if product.high == 0 { return product.low / nanoseconds }
        return nanoseconds.dividingFullWidth(product).quotient
    }

    /// What `microwatts` spend in `nanoseconds`, rounded down.
    @inlinable public init(microwatts: UInt64, over nanoseconds: UInt64) {
        let product = microwatts.multipliedFullWidth(by: nanoseconds)
        let second: UInt64 = 1_000_000_000
        self.init(microjoules: product.high < second ? second.dividingFullWidth(product).quotient : .max)
    }
}
