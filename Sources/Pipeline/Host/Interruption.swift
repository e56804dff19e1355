internal import CPipeline
internal import Glibc

/// The signals that ask brahe to end: they are kept until it looks, so that no step is left half done.
package enum Interruption {
    /// From now on SIGINT, SIGTERM and SIGHUP wait; to be called before any child is started.
    package static func hold() { cpipeline_block_signals() }

    /// Sleeps, or throws the signal that comes meanwhile, once.
    package static func pause(milliseconds: UInt32) throws(Failure) {
        let signal = cpipeline_pause(milliseconds)
        guard signal != 0 else { return }
        throw failure(of: signal)
    }

    /// Throws the signal that has come, once.
    package static func check() throws(Failure) { try pause(milliseconds: 0) }

    private static func failure(of signal: Int32) -> Failure {
        switch signal {
        case SIGINT: Failure(.interrupted, "interrupted by SIGINT")
        case SIGHUP: Failure(.hungUp, "ended by SIGHUP")
        default: Failure(.terminated, "ended by SIGTERM")
        }
    }
}
