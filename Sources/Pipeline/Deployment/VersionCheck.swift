/// Whether the pods run the very version that was asked for.
package enum VersionCheck {
    /// Why a pod does not run what its Kustomization's rules say; nil if it does.
    package static func violation(by pod: RunningPod, of rules: [ImageRule]) -> String? {
        for container in pod.containers {
            for rule in rules {
                guard let violation = rule.violation(by: ImageName(container.image)) else { continue }
                return "\(pod.words): container \(container.name) runs \(container.image), which \(violation)"
            }
        }
        return nil
    }

    /// True if the image is the version, by its tag or by the digest that a rule pins for it.
    package static func isVersion(_ image: String, _ version: String, by rules: [ImageRule]) -> Bool {
        let image = ImageName(image)
        return image.isVersion(version)
            || rules.contains {
                $0.digest != nil && $0.repository == image.repository && $0.violation(by: image) == nil
            }
    }

    /// Why none of these pods is the version; nil if one is, or if any version will do.
    package static func absence(of version: String?, in pods: [(pod: RunningPod, rules: [ImageRule])]) -> String? {
        guard let version else { return nil }
        let images = pods.flatMap { entry in entry.pod.containers.map { ($0.image, entry.rules) } }
        guard !images.contains(where: { isVersion($0.0, version, by: $0.1) }) else { return nil }
        let names = Set(images.map(\.0)).sorted().joined(separator: ", ")
        return "no container runs version \(version); there are \(names)"
    }
}
