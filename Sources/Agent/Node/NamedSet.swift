/// A set of things that options name, such as metric levels.
package protocol NamedSet: OptionSet {
    /// The members and their names, in the order in which they are listed.
    static var names: [(name: String, member: Self)] { get }
}

extension NamedSet {
    /// The member of this name; nil where there is none.
    package init?(name: String) {
        guard let found = Self.names.first(where: { $0.name == name }) else { return nil }
        self = found.member
    }
}
