import Foundation
import Glibc

@testable import Node

/// A kubelet as far as its list of pods goes: an HTTPS server on 127.0.0.1 that wants a bearer token and does what the
/// file `mode` says. A real one needs a cluster.
final class KubeletStandIn {
    let url: String
    private let tree: FixtureTree
    private let server = Process()

    /// Starts one whose files are in `tree`; its certificate is `cert.pem`, made by openssl.
    init(_ tree: FixtureTree) throws {
        self.tree = tree
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2"
            .split(separator: " ").map(String.init)
            + ["-subj", "/CN=kubelet", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
        openssl.currentDirectoryURL = URL(filePath: tree.root)
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try tree.write("mode", "ok")
        try tree.write("accepted", "secret-1")
        try tree.write("server.py", Self.script)
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = ["python3", "server.py"]
        server.currentDirectoryURL = URL(filePath: tree.root)
        server.standardError = FileHandle.nullDevice
        try server.run()
        var port: UInt64?
        for _ in 0..<500 where port == nil {
            usleep(20_000)
            port = DecimalFile.read(tree.root + "/port")
        }
        guard let port else { throw SystemError("start the stand-in for a kubelet", errno: ETIMEDOUT) }
        url = "https://127.0.0.1:\(port)"
    }

    deinit {
        if server.isRunning { kill(server.processIdentifier, SIGKILL) }
        server.waitUntilExit()
    }

    /// What it does from now on: `ok`, a status, `slow`, `big`, or `garbage`.
    func behave(_ mode: String) throws { try tree.write("mode", mode) }

    /// The requests that it had so far.
    var requests: UInt64 { DecimalFile.read(tree.root + "/requests") ?? 0 }

    private static let script = """
        import http.server, os, ssl, time

        def text(name):
            with open(name) as file:
                return file.read().strip()

        class Kubelet(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            requests = 0

            def reply(self, status, body=b''):
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass

            def do_GET(self):
                Kubelet.requests += 1
                with open('requests', 'w') as file:
                    file.write('%d' % Kubelet.requests)
                mode = text('mode')
                if mode.isdigit():
                    return self.reply(int(mode))
                if self.headers.get('Authorization') != 'Bearer ' + text('accepted'):
                    return self.reply(401, b'Unauthorized')
                if self.path != '/pods':
                    return self.reply(404)
                if mode == 'slow':
                    time.sleep(1)
                if mode == 'garbage':
                    return self.reply(200, b'<html>"items": [{}, ')
                body = text('pods.json').encode()
                self.reply(200, body + b' ' * (1 << 20) if mode == 'big' else body)

            def log_message(self, *arguments):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain('cert.pem', 'key.pem')
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Kubelet)
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with open('port.new', 'w') as file:
            file.write('%d' % server.server_port)
        os.rename('port.new', 'port')
        server.serve_forever()
        """
}
