package import YAML

/// The objects of one or more files, as they are applied and, from the same bytes, deleted.
package struct Manifest: Sendable {
    /// A file as it was read.
    package struct File: Sendable {
        /// Its path, for errors.
        package let path: String
        package let text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// One object and where it was written.
    package struct Object: Sendable {
        package let reference: Reference
        /// The path of its file and the line in it, from 1.
        package let file: String
        package let line: Int
        /// What is applied.
        package let document: YAML.Node

        /// `FILE:LINE`.
        package var place: String { "\(file):\(line)" }

        /// Where a release deploys to; nil if that is its own namespace.
        package var targetNamespace: String? {
            reference.isRelease ? document["spec"]?["targetNamespace"]?.string : nil
        }
    }

    /// The label that every object of a run carries; its value is the run.
    package static let label = "greenreview/run-id"

    /// In the order of the files, which is that of applying.
    package let objects: [Object]
    /// The text that is applied.
    package let rendered: String
    /// What is strange about it and yet no reason to refuse it.
    package let warnings: [String]

    /// Reads files, puts the version in and the run's label on; objects without a namespace get the one given.
    ///
    /// The version goes into the text of values after they were read, so that no version can change what the file is
    /// made of; and a value that asked for it is a string with any version, also with `1.10`. A nil version leaves
    /// the files alone, a nil run leaves the labels alone. Throws the first thing wrong, with file and line.
    package init(_ files: [File], version: String?, run: String?, namespace: String) throws(YAML.Malformed) {
        var objects: [Object] = []
        var asksForVersion = false
        for file in files {
            for var document in try YAML.documents(Array(file.text.utf8), file: file.path) where !document.isNull {
                if let version {
                    let (injected, found) = Self.injecting(version, into: document)
                    document = injected
                    asksForVersion = asksForVersion || found
                }
                document = try Self.completed(document, run: run, namespace: namespace, file: file.path)
                let reference = try Self.reference(of: document, file: file.path)
                let object = Object(reference: reference, file: file.path, line: document.line, document: document)
                if let twin = objects.first(where: { $0.reference.means(reference) }) {
                    throw object.malformed("\(reference) is there twice, first at \(twin.place)")
                }
                try object.validate()
                objects.append(object)
            }
        }
        guard !objects.isEmpty else {
            throw YAML.Malformed(
                file: files.map(\.path).joined(separator: " and "), line: 0, reason: "there is no object in it")
        }
        var warnings: [String] = []
        if version != nil, !asksForVersion {
            warnings.append(
                "\(files.map(\.path).joined(separator: ", ")): no value names $VERSION, "
                    + "so the version asked for does not decide what runs")
        }
        self.objects = objects
        self.warnings = warnings
        rendered = try YAML.text(objects.map(\.document))
    }

    /// Refuses a manifest that deploys nothing: it has neither a release of Flux nor a workload of its own.
    package func requireSomethingToRun() throws(YAML.Malformed) {
        guard !objects.contains(where: { $0.reference.isRelease || $0.reference.isWorkload }), let first = objects.first
        else { return }
        throw YAML.Malformed(
            file: first.file, line: first.line,
            reason: "nothing here runs anything: there is no Kustomization, no HelmRelease and no workload")
    }

    private static func injecting(_ version: String, into node: YAML.Node) -> (YAML.Node, found: Bool) {
        switch node.value {
        case .scalar(let text):
            guard let text = VersionWord.replacing(in: text, by: version) else { return (node, false) }
            return (YAML.Node(line: node.line, plain: false, value: .scalar(text)), true)
        case .sequence(let items):
            let injected = items.map { injecting(version, into: $0) }
            let value = YAML.Node.Value.sequence(injected.map(\.0))
            return (YAML.Node(line: node.line, plain: false, value: value), injected.contains { $0.found })
        case .mapping(let entries):
            let injected = entries.map { injecting(version, into: $0.value) }
            let value = YAML.Node.Value.mapping(zip(entries, injected).map { ($0.key, $1.0) })
            return (YAML.Node(line: node.line, plain: false, value: value), injected.contains { $0.found })
        }
    }

    /// With the run's label and a namespace.
    private static func completed(_ document: YAML.Node, run: String?, namespace: String, file: String)
        throws(YAML.Malformed) -> YAML.Node
    {
        guard document.isMapping, var metadata = document["metadata"], metadata.isMapping else { return document }
        if let run {
            let labels = metadata["labels"] ?? YAML.Node(line: metadata.line, plain: false, value: .mapping([]))
            guard labels.isMapping || labels.isNull else {
                throw YAML.Malformed(file: file, line: labels.line, reason: "labels must be a mapping")
            }
            let value = YAML.Node(line: labels.line, plain: false, value: .scalar(run))
            metadata = metadata.setting("labels", to: labels.setting(label, to: value))
        }
        let reference = try reference(of: document, file: file)
        if reference.namespace == nil, !reference.isClusterWide {
            let value = YAML.Node(line: metadata.line, plain: false, value: .scalar(namespace))
            metadata = metadata.setting("namespace", to: value)
        }
        return document.setting("metadata", to: metadata)
    }
}
