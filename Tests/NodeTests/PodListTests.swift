import Testing

@testable import Node

@Suite struct PodListTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)
    private static let last = String(repeating: "e", count: 64)

    private func read(_ text: String) -> [PodList.Pod]? {
        Array(text.utf8).withUnsafeBytes { PodList.read($0) }
    }

    @Test func aListAsAKubeletWritesIt() throws {
        let text = """
            {"kind":"PodList","apiVersion":"v1","metadata":{"note":"\\"items\\":[","items":[1]},"items":[
            {"metadata":{"name":"etcd-node1","namespace":"kube-system","uid":"mirror",
              "annotations":{"kubernetes.io/config.hash":"hash","kubernetes.io/config.mirror":"hash",
              "kubernetes.io/config.source":"file"}},
             "spec":{"containers":[{"name":"etcd","args":["{[\\"","]}"]}]},
             "status":{"containerStatuses":[{"name":"etcd","containerID":"cri-o://\(Self.id)"}]}} ,
            {"metadata":{"name":"web","namespace":"shop","uid":"u2"},
             "status":{
              "containerStatuses":[
               {"name":"app","containerID":"containerd://a1","lastState":{"terminated":{"containerID":"containerd://a0"}}},
               {"name":"waiting","containerID":""},{"name":"unborn"}],
              "initContainerStatuses":[{"name":"init","containerID":"containerd://i1"}],
              "ephemeralContainerStatuses":[{"name":"debug","containerID":"docker://d1"}]}},
            {"metadata":{"name":"pending","namespace":"shop","uid":"u3"},"status":{"phase":"Pending"}}
            ]}
            """
        let pods = try #require(read(text))
        #expect(pods.map(\.name) == ["etcd-node1", "web", "pending"])
        #expect(Set(pods[0].uids) == ["mirror", "hash"])
        #expect(pods[0].containers == [Self.id: "etcd"])
        #expect(pods[1].containers == ["a1": "app", "a0": "app", "i1": "init", "d1": "debug"])
        #expect(pods[2].containers.isEmpty)
    }

    @Test(arguments: [#"{"items":null}"#, #"{"items":[]}"#, #"{ "items" : [ ] }"#]) func aListMayBeEmpty(text: String) {
        #expect(read(text) == [])
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"kind":"Status"}"#, #"{"items":{}}"#, #"{"items":"#, #"{"items":["#,
        #"{"items":[{}"#, #"{"items":[{},"#, #"{"items":[{},]"#, #"{"items":[{} {}]}"#, #"{"items":[{"a":}]}"#,
        #"{"items"#, #"{"it\\"#, #"{"items":[1,2]}x"#.replacing("1,2", with: "nope"),
    ])
    func anythingElseIsNoList(text: String) { #expect(read(text) == nil) }

    @Test func noBytesTrap() {
        let text = Array(
            #"{"metadata":{},"items":[{"metadata":{"name":"a","namespace":"b","uid":"c"},"status":{}}]}"#.utf8)
        for length in 0..<text.count {
            #expect(text[..<length].withUnsafeBytes { PodList.read($0) } == nil || length > 85)
        }
        // Knuth's MMIX generator: the same bytes in every run.
        var state: UInt64 = 7
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<2000 {
            var bytes = text
            for _ in 0..<3 { bytes[random(below: bytes.count)] = UInt8(random(below: 256)) }
            _ = bytes.withUnsafeBytes { PodList.read($0) }
        }
    }
}
