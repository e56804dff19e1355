internal import CYAML

/// The subset of YAML that configuration files and manifests are written in: mappings, sequences and scalars.
///
/// Anchors, aliases, tags and keys that are not scalars are refused. Every scalar is its text: `yes`, `5` and `"5"` are
/// strings here, and what they mean is the reader's matter; a key without a value has the empty one.
package enum YAML {
    /// One value of a document and where it begins.
    package struct Node: Sendable {
        /// What a node is.
        package enum Value: Sendable {
            case scalar(String)
            case sequence([Node])
            /// In the order of the file; no key comes twice, and every key is a scalar.
            case mapping([(key: Node, value: Node)])
        }

        /// The line in the file, from 1.
        package let line: Int
        /// True for a scalar without quotes, which may stand for a number, a truth value or nothing.
        package let plain: Bool
        package let value: Value

        package init(line: Int, plain: Bool, value: Value) {
            self.line = line
            self.plain = plain
            self.value = value
        }

        /// The text of a scalar; nil for others.
        package var text: String? {
            if case .scalar(let text) = value { text } else { nil }
        }
    }

    /// What is wrong with a file, and on which line; line 0 is the file as a whole.
    package struct Malformed: Error, CustomStringConvertible, Equatable {
        package let file: String
        package let line: Int
        package let reason: String

        package init(file: String, line: Int, reason: String) {
            self.file = file
            self.line = line
            self.reason = reason
        }

        /// `FILE:LINE: REASON`.
        package var description: String { line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)" }
    }

    /// Reads the one document of a text; `file` is for errors. Nothing at all is an empty mapping.
    package static func parse(_ bytes: [UInt8], file: String) throws(Malformed) -> Node {
        guard let root = try read(bytes, file: file, atMost: 1).first, root.text != "" else {
            return Node(line: 1, plain: false, value: .mapping([]))
        }
        return root
    }

    /// Reads all documents of a text; `file` is for errors.
    package static func documents(_ bytes: [UInt8], file: String) throws(Malformed) -> [Node] {
        try read(bytes, file: file, atMost: .max)
    }

    /// The corresponding C function is `yaml_parser_parse`.
    private static func read(_ bytes: [UInt8], file: String, atMost limit: Int) throws(Malformed) -> [Node] {
        // libyaml keeps the pointer, so all of the reading happens while it holds.
        try bytes.withUnsafeBufferPointer { input throws(Malformed) in
            var reader = YAMLReader(input, file: file)
            return try reader.documents(atMost: limit)
        }
    }
}

/// Builds nodes from libyaml's events.
private struct YAMLReader: ~Copyable {
    private let file: String
    /// Not a plain member, for libyaml keeps its address.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var event = yaml_event_t()
    private var depth = 0

    /// The deepest nesting; a configuration needs five.
    private static let deepest = 32

    init(_ input: UnsafeBufferPointer<UInt8>, file: String) {
        self.file = file
        parser = .allocate(capacity: 1)
        yaml_parser_initialize(parser)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        var event = event
        yaml_event_delete(&event)
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// All documents of the stream.
    mutating func documents(atMost limit: Int) throws(YAML.Malformed) -> [YAML.Node] {
        var documents: [YAML.Node] = []
        try next()
        try next()
        while event.type == YAML_DOCUMENT_START_EVENT {
            if documents.count == limit { throw malformed("a second document") }
            try next()
            documents.append(try node())
            try next()
            try next()
        }
        return documents
    }

    /// Goes on to the next event.
    private mutating func next() throws(YAML.Malformed) {
        yaml_event_delete(&event)
        guard yaml_parser_parse(parser, &event) == 0 else { return }
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "no YAML"
        throw YAML.Malformed(file: file, line: Int(parser.pointee.problem_mark.line) + 1, reason: problem)
    }

    /// The node that the current event begins; the current event is then its last.
    private mutating func node() throws(YAML.Malformed) -> YAML.Node {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw malformed("nested deeper than \(Self.deepest) levels") }
        let line = Int(event.start_mark.line) + 1
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            if bytes.contains(0) { throw malformed("a NUL character") }
            let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return YAML.Node(line: line, plain: plain, value: .scalar(String(decoding: bytes, as: UTF8.self)))
        case YAML_SEQUENCE_START_EVENT:
            try refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
            return YAML.Node(line: line, plain: false, value: .sequence(try sequence()))
        case YAML_MAPPING_START_EVENT:
            try refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
            return YAML.Node(line: line, plain: false, value: .mapping(try mapping()))
        default: throw malformed("an alias: write the value out")
        }
    }

    private mutating func sequence() throws(YAML.Malformed) -> [YAML.Node] {
        var items: [YAML.Node] = []
        try next()
        while event.type != YAML_SEQUENCE_END_EVENT {
            items.append(try node())
            try next()
        }
        return items
    }

    private mutating func mapping() throws(YAML.Malformed) -> [(key: YAML.Node, value: YAML.Node)] {
        var entries: [(key: YAML.Node, value: YAML.Node)] = []
        var lines: [String: Int] = [:]
        try next()
        while event.type != YAML_MAPPING_END_EVENT {
            let key = try node()
            guard let word = key.text else { throw malformed("a key that is not a word") }
            if let first = lines.updateValue(key.line, forKey: word) {
                throw malformed("\(word) is given twice, first on line \(first)")
            }
            try next()
            entries.append((key, try node()))
            try next()
        }
        return entries
    }

    private func refuse(anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?)
        throws(YAML.Malformed)
    {
        if anchor != nil { throw malformed("an anchor: write the value out where it is needed") }
        if tag != nil { throw malformed("a tag: write the value alone") }
    }

    private func malformed(_ reason: String) -> YAML.Malformed {
        YAML.Malformed(file: file, line: Int(event.start_mark.line) + 1, reason: reason)
    }
}
