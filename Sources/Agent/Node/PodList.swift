import CAgent
import Glibc

/// The kubelet's list of pods: a PodList of Kubernetes' v1 API, as JSON.
enum PodList {
    /// What is read of one pod.
    struct Pod: Equatable {
        let name: String
        let namespace: String
        /// Its UID, and for a static pod's mirror the one that the kubelet made it from, which is in the cgroup's path.
        let uids: [String]
        /// Names of its containers by their ids: init and ephemeral ones too, and each one's last run.
        let containers: [String: String]
    }

    /// The pods of a list; nil where the text is none. One pod at a time is held as JSON: a whole list takes many times
    /// its length.
    static func read(_ text: UnsafeRawBufferPointer) -> [Pod]? {
        guard let start = items(in: text) else { return nil }
        if text[start...].starts(with: "null".utf8) { return [] }
        guard start < text.count, text[start] == UInt8(ascii: "[") else { return nil }
        var pods: [Pod] = []
        var offset = skipSpace(text, from: start + 1)
        if offset < text.count, text[offset] == UInt8(ascii: "]") { return [] }
        while offset < text.count {
            var error = json_error_t()
            let rest = UnsafeRawBufferPointer(rebasing: text[offset...])
            // With this flag jansson stops after one value, and says where.
            let start = rest.bindMemory(to: CChar.self).baseAddress
            guard let start, let json = json_loadb(start, rest.count, Int(JSON_DISABLE_EOF_CHECK), &error) else {
                return nil
            }
            if let pod = pod(json) { pods.append(pod) }
            json_decref(json)
            offset = skipSpace(text, from: offset + Int(error.position))
            guard offset < text.count else { return nil }
            if text[offset] == UInt8(ascii: "]") { return pods }
            guard text[offset] == UInt8(ascii: ",") else { return nil }
            offset += 1
        }
        return nil
    }

    private static func pod(_ json: UnsafeMutablePointer<json_t>) -> Pod? {
        let metadata = json_object_get(json, "metadata")
        guard let name = string(metadata, "name"), let namespace = string(metadata, "namespace") else { return nil }
        let annotations = json_object_get(metadata, "annotations")
        let uids = [
            string(metadata, "uid"), string(annotations, "kubernetes.io/config.mirror"),
            string(annotations, "kubernetes.io/config.hash"),
        ]
        var containers: [String: String] = [:]
        let status = json_object_get(json, "status")
        for list in ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] {
            let statuses = json_object_get(status, list)
            for index in 0..<json_array_size(statuses) {
                let container = json_array_get(statuses, index)
                let last = json_object_get(json_object_get(container, "lastState"), "terminated")
                guard let name = string(container, "name") else { continue }
                for id in [string(container, "containerID"), string(last, "containerID")] {
                    if let id = id.flatMap(afterScheme) { containers[id] = name }
                }
            }
        }
        return Pod(
            name: name, namespace: namespace, uids: uids.compactMap { $0 }.filter { !$0.isEmpty },
            containers: containers
        )
    }

    private static func string(_ object: UnsafeMutablePointer<json_t>?, _ key: String) -> String? {
        json_string_value(json_object_get(object, key)).map { String(cString: $0) }
    }

    /// What follows `containerd://`; nil where nothing does, as for a container that is yet to start.
    private static func afterScheme(_ id: String) -> String? {
        guard let slash = id.lastIndex(of: "/"), id.index(after: slash) < id.endIndex else { return nil }
        return String(id[id.index(after: slash)...])
    }

    // MARK: Finding the items

    /// Where the value of the outermost object's `items` begins.
    private static func items(in text: UnsafeRawBufferPointer) -> Int? {
        var offset = 0
        var depth = 0
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = offset + 1
                offset = endOfString(text, from: start)
                guard offset < text.count else { return nil }
                let colon = skipSpace(text, from: offset + 1)
                if depth == 1, text[start..<offset].elementsEqual("items".utf8), colon < text.count,
                    text[colon] == UInt8(ascii: ":")
                {
                    return skipSpace(text, from: colon + 1)
                }
            default: break
            }
            offset += 1
        }
        return nil
    }

    /// Where the string's closing quote is; the text's end where there is none.
    private static func endOfString(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset < text.count, text[offset] != UInt8(ascii: "\"") {
            offset += text[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(offset, text.count)
    }

    private static func skipSpace(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[offset]) { offset += 1 }
        return offset
    }
}
