/// The order in which repeated runs of several arms are done, so that whatever drifts meanwhile, heat or load or the time
/// of day, does not fall on one arm alone.
package enum Interleaving {
    /// The arm of each run, by its number from 0: blocks that have each arm once, in pairs of a random order and its
    /// reverse. After every pair each arm has had the same sum of places, so a drift that is even in time weighs on all
    /// alike: A B B A for two. The same seed gives the same order.
    package static func order(arms: Int, repeats: Int, seed: UInt64 = 1) -> [Int] {
        guard arms > 0, repeats > 0 else { return [] }
        var generator = Generator(seed: seed)
        var order: [Int] = []
        var block = Array(0..<arms)
        for number in 0..<repeats {
            if number.isMultiple(of: 2) {
                // The first block is in the order that was asked for.
                if number > 0 { block.shuffle(using: &generator) }
            } else {
                block.reverse()
            }
            order += block
        }
        return order
    }
}
