import Statistics
import Testing

@Suite struct InterleavingTests {
    @Test(arguments: 1...6, [1, 2, 5, 10])
    func everyBlockHasEachArmOnceAndPairsOfBlocksAreBalanced(arms: Int, repeats: Int) {
        let order = Interleaving.order(arms: arms, repeats: repeats)
        #expect(order.count == arms * repeats)
        for block in 0..<repeats {
            #expect(order[(block * arms)..<((block + 1) * arms)].sorted() == Array(0..<arms))
        }
        // A drift that is even in time adds the same to each arm.
        let paired = order.prefix(repeats / 2 * 2 * arms)
        let sums = (0..<arms).map { arm in paired.enumerated().reduce(0) { $0 + ($1.element == arm ? $1.offset : 0) } }
        #expect(Set(sums).count <= 1)
    }

    @Test func itIsTheSameForOneSeedAndNotAlwaysOneOrder() {
        #expect(Interleaving.order(arms: 2, repeats: 2) == [0, 1, 1, 0])
        #expect(Interleaving.order(arms: 3, repeats: 10) == Interleaving.order(arms: 3, repeats: 10))
        let order = Interleaving.order(arms: 2, repeats: 20)
        let blocks = Set((0..<10).map { Array(order[($0 * 4)..<($0 * 4 + 4)]) })
        #expect(blocks == [[0, 1, 1, 0], [1, 0, 0, 1]])
        #expect(Interleaving.order(arms: 0, repeats: 3) == [])
    }
}
