internal import CYAML

extension YAML {
    /// The text of documents, each led by `---`: read again it is the same nodes.
    ///
    /// Plain scalars stay plain and all others are quoted, so that every reader finds the same strings, numbers and
    /// truth values in it; only a plain scalar that cannot be anything but a string, such as one with a line break in
    /// it, may come out quoted. The corresponding C function is `yaml_emitter_emit`.
    package static func text(_ documents: [Node]) throws(Malformed) -> String {
        var writer = YAMLWriter()
        for document in documents { try writer.write(document) }
        return try writer.end()
    }
}

/// Hands nodes to libyaml as events.
private struct YAMLWriter: ~Copyable {
    /// Not plain members, for libyaml keeps their addresses.
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output: UnsafeMutablePointer<[UInt8]>

    init() {
        emitter = .allocate(capacity: 1)
        output = .allocate(capacity: 1)
        output.initialize(to: [])
        yaml_emitter_initialize(emitter)
        yaml_emitter_set_unicode(emitter, 1)
        // No line is ever folded.
        yaml_emitter_set_width(emitter, -1)
        let append: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int) -> Int32 = {
            $0?.assumingMemoryBound(to: [UInt8].self).pointee
                .append(contentsOf: UnsafeBufferPointer(start: $1, count: $2))
            return 1
        }
        yaml_emitter_set_output(emitter, append, output)
        var event = yaml_event_t()
        yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
        yaml_emitter_emit(emitter, &event)
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
        output.deinitialize(count: 1)
        output.deallocate()
    }

    mutating func write(_ document: YAML.Node) throws(YAML.Malformed) {
        try emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 0) }
        try node(document)
        try emit { yaml_document_end_event_initialize(&$0, 1) }
    }

    /// The whole text; nothing can be written after it.
    mutating func end() throws(YAML.Malformed) -> String {
        try emit { yaml_stream_end_event_initialize(&$0) }
        yaml_emitter_flush(emitter)
        return String(decoding: output.pointee, as: UTF8.self)
    }

    private func node(_ node: YAML.Node) throws(YAML.Malformed) {
        switch node.value {
        case .scalar(let text):
            let style = node.plain ? YAML_PLAIN_SCALAR_STYLE : YAML_SINGLE_QUOTED_SCALAR_STYLE
            var bytes = Array(text.utf8)
            let count = Int32(clamping: bytes.count)
            // Of no bytes at all there would be no address.
            bytes.append(0)
            try emit { event in
                bytes.withUnsafeMutableBufferPointer {
                    yaml_scalar_event_initialize(&event, nil, nil, $0.baseAddress, count, 1, 1, style)
                }
            }
        case .sequence(let items):
            try emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
            for item in items { try self.node(item) }
            try emit { yaml_sequence_end_event_initialize(&$0) }
        case .mapping(let entries):
            try emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
            for entry in entries {
                try self.node(entry.key)
                try self.node(entry.value)
            }
            try emit { yaml_mapping_end_event_initialize(&$0) }
        }
    }

    private func emit(_ make: (inout yaml_event_t) -> Int32) throws(YAML.Malformed) {
        var event = yaml_event_t()
        guard make(&event) == 1, yaml_emitter_emit(emitter, &event) == 1 else {
            let problem = emitter.pointee.problem.map { String(cString: $0) } ?? "no UTF-8, or no memory"
            throw YAML.Malformed(file: "written YAML", line: 0, reason: problem)
        }
    }
}
