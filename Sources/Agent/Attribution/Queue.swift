/// First in, first out; takes no more room than about twice what is waiting.
struct Queue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var head = 0

    /// How many wait.
    var count: Int { elements.count - head }
    /// Who has waited longest.
    var first: Element? { head < elements.count ? elements[head] : nil }

    /// Lets one in.
    mutating func append(_ element: Element) { elements.append(element) }

    /// Lets the first one go, who must be there.
    mutating func removeFirst() {
        head += 1
        // In whole halves, so that each is moved but a few times.
        guard head * 2 >= elements.count else { return }
        elements.removeFirst(head)
        head = 0
    }
}
