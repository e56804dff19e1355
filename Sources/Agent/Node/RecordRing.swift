import CAgent
import Glibc

/// A ring buffer that the probe writes records to; a subclass says what a record is.
class RecordRing {
    private var ring: OpaquePointer?

    /// Opens the ring buffer map `map`; `what` names its records in an error.
    init(map: Int32, of what: String) throws(SystemError) {
        ring = ring_buffer__new(
            map,
            { context, record, _ in
                guard let context, let record else { return 0 }
                Unmanaged<RecordRing>.fromOpaque(context).takeUnretainedValue().take(record)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque(), nil)
        guard ring != nil else { throw SystemError("open the BPF ring buffer of \(what)") }
    }

    deinit { ring_buffer__free(ring) }

    /// Takes every record that is there, without waiting for one; allocates nothing when there is none.
    func receive() { _ = ring_buffer__consume(ring) }

    /// Decodes one record, which is gone when this returns.
    func take(_ record: UnsafeMutableRawPointer) {}
}
