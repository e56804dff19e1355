package import Attribution

package final class PodNames {
    package var isPresent: Bool { false }
    package func poll(at now: UInt64) -> Bool { false }
    package func name(of container: Container) -> ContainerName? { nil }
}
