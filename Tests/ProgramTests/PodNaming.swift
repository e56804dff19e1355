import Foundation
import Glibc

/// A pod as an API server would know it.
struct TestPod {
    let name: String
    let namespace: String
    /// Its UID: one that nobody had before, unless another is given.
    var uid = Here.podUID()
}

/// The kubelet's log tree, as it lays it out under /var/log.
final class PodLogTree {
    private let folder: Scratch
    /// What to give to `--pod-logs`.
    var path: String { folder.path }

    /// A tree without pods.
    init() throws {
        folder = try Scratch()
        for name in ["pods", "containers"] { try make(name) }
    }

    /// Makes a pod's directory.
    func add(_ pod: TestPod) throws { try make("pods/\(pod.namespace)_\(pod.name)_\(pod.uid)") }

    /// Makes a container's directory and link, and its pod's directory.
    func add(_ pod: TestPod, container: String, id: String) throws {
        let log = "pods/\(pod.namespace)_\(pod.name)_\(pod.uid)/\(container)"
        try make(log)
        try folder.write("\(log)/0.log", "")
        try FileManager.default.createSymbolicLink(
            atPath: folder("containers/\(pod.name)_\(pod.namespace)_\(container)-\(id).log"),
            withDestinationPath: folder("\(log)/0.log"))
    }

    private func make(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
    }
}

/// A kubelet as far as its list of pods goes: HTTPS on 127.0.0.1, and a bearer token that it wants.
final class TestKubelet {
    /// What to tell the agent of it.
    let options: [String]
    private let certificates: Certificates
    private let server: Running

    /// Starts one without pods.
    init() throws {
        certificates = try Certificates()
        let folder = certificates.folder
        try certificates.make("kubelet", names: "IP:127.0.0.1", usage: "serverAuth")
        try folder.write("pods.json", #"{"kind": "PodList", "apiVersion": "v1", "items": []}"#)
        let token = try folder.write("token", "a-node's-token\n")
        server = try Running("/usr/bin/python3", ["-c", Self.script, folder.path])
        try server.await("the kubelet's port") { access(folder("port"), R_OK) == 0 }
        let port = try String(contentsOfFile: folder("port"), encoding: .utf8)
        options = [
            "--kubelet", "https://127.0.0.1:\(port)", "--kubelet-token-file", token, "--kubelet-ca-file",
            folder("ca.pem"),
        ]
    }

    /// Has one pod of one container from now on.
    func list(_ pod: TestPod, container: String, id: String) throws {
        try certificates.folder.write(
            "pods.json",
            """
            {"kind": "PodList", "apiVersion": "v1", "items": [{
              "metadata": {"name": "\(pod.name)", "namespace": "\(pod.namespace)", "uid": "\(pod.uid)"},
              "status": {"containerStatuses": [{"name": "\(container)", "containerID": "containerd://\(id)"}]}
            }]}
            """)
    }

    private static let script = """
        import http.server, os, ssl, sys

        os.chdir(sys.argv[1])

        class Kubelet(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.headers.get('Authorization') != "Bearer a-node's-token":
                    return self.send_error(401)
                if self.path != '/pods':
                    return self.send_error(404)
                with open('pods.json', 'rb') as file:
                    body = file.read()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain('kubelet.pem', 'kubelet.key')
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Kubelet)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with open('port.new', 'w') as file:
            file.write('%d' % server.server_port)
        os.rename('port.new', 'port')
        server.serve_forever()
        """
}
