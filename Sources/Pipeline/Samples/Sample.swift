package import Documents

/// One value of one series at one instant.
package struct Sample: Equatable, Sendable {
    /// When it was taken, in milliseconds of Unix time.
    package let time: Int64
    /// In the metric's own unit; NaN and the infinities are values too.
    package let value: Double

    /// A value at an instant.
    package init(time: Int64, value: Double) {
        self.time = time
        self.value = value
    }

    /// When it was taken.
    package var moment: Moment { Moment(milliseconds: time) }

    /// The value in millionths of the metric's unit, so joules as microjoules and seconds as microseconds; nil if it is
    /// negative, not finite or too large. A `Double` holds every microjoule up to 9 GJ.
    package var microunits: UInt64? { UInt64(exactly: (value * 1_000_000).rounded()) }
}
