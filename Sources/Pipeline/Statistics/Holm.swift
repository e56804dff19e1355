/// The correction of several p for being several.
package enum Holm {
    /// Each p as it counts among all of them: below alpha for a true one with a probability of at most alpha, however
    /// many there are and however they hang together (Holm, Scandinavian Journal of Statistics 6, 1979).
    package static func adjusted(_ probabilities: [Double]) -> [Double] {
        var adjusted = probabilities
        var least = 0.0
        for (rank, index) in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] }).enumerated() {
            least = max(least, min(probabilities[index] * Double(probabilities.count - rank), 1))
            adjusted[index] = least
        }
        return adjusted
    }
}
