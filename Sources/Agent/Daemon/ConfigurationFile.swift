import YAML

/// A configuration file: YAML with the names of the options as keys, sequences for those that take several values.
enum ConfigurationFile {
    /// What a file gives.
    ///
    /// - Parameter name: what named the file, for the error that it cannot be read.
    static func read(_ path: String, namedBy name: Given) throws(Options.Malformed) -> [Given] {
        guard !path.isEmpty else { throw name.malformed }
        do { return try given(in: YAML.parse(file: path), of: path) } catch let error as YAML.Malformed {
            throw Options.Malformed(description: "read the configuration \(error)")
        } catch let error as Options.Malformed {
            throw error
        } catch {
            throw Options.Malformed(description: "read the configuration \(path): \(error)")
        }
    }

    /// What a document gives, in the order of the file.
    private static func given(in root: YAML.Node, of path: String) throws(Options.Malformed) -> [Given] {
        guard case .mapping(let entries) = root.value else {
            throw malformed(path, root.line, "not a mapping of option names to values")
        }
        let options = Option.all
        var given: [Given] = []
        for (key, value) in entries {
            let name = key.text ?? ""
            guard let option = options.first(where: { $0.name == name }), name != Option.config.name else {
                throw unknown(key, value, path)
            }
            let values: [YAML.Node]
            switch value.value {
            case .scalar: values = [value]
            case .sequence(let items) where option.isList: values = items
            case .sequence: throw malformed(path, value.line, "\(name) takes one value, not a sequence")
            case .mapping: throw malformed(path, value.line, "\(name) takes a value, not a mapping")
            }
            if values.isEmpty { throw malformed(path, value.line, "\(name) needs a value") }
            for item in values {
                guard let text = item.text else {
                    throw malformed(path, item.line, "\(name) takes a sequence of values, not of others")
                }
                given.append(Given(option: option, text: text, origin: .file(path, line: item.line)))
            }
        }
        return given
    }

    /// The error for a key that is no option; for a file of Kepler's, it names the first key that is none.
    private static func unknown(_ key: YAML.Node, _ value: YAML.Node, _ path: String) -> Options.Malformed {
        var name = key.text ?? ""
        if name == Option.config.name {
            return malformed(path, key.line, "config cannot be given in a configuration file")
        }
        var line = key.line
        var inner = value
        while case .mapping(let entries) = inner.value, let first = entries.first {
            name += ".\(first.key.text ?? "")"
            line = first.key.line
            inner = first.value
        }
        return malformed(path, line, "unknown key \(name)\(KeplerNames.hint(key: name) ?? "")")
    }

    private static func malformed(_ path: String, _ line: Int, _ reason: String) -> Options.Malformed {
        Options.Malformed(description: "\(path):\(line): \(reason)")
    }
}
