import Documents
import Foundation
import Glibc

/// The kernel's account of the CPU time of an emulated cluster's containers, read again and again from its beginning on:
/// how much it was between any two instants.
final class CPURecord: @unchecked Sendable {
    private struct Point {
        let at: Double
        let seconds: Double
    }

    private let logs: String
    private let mount: String
    private let machine: String?
    private let lock = NSLock()
    /// By the pod's name; the machine's under the empty name.
    private var points: [String: [Point]] = [:]
    private var folders: [String: String] = [:]
    private var stopped = false
    private let done = DispatchSemaphore(value: 0)

    /// `logs` is the folder in which the kubelet's log tree names the containers.
    init(logs: String) throws {
        self.logs = logs
        mount = try Here.cgroupMount()
        machine = try? Here.cgroupMount(v1: "cpuacct") + "/cpuacct.usage"
        Thread.detachNewThread { [self] in
            var priority = sched_param(sched_priority: 40)
            pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority)
            while !lock.withLock({ stopped }) {
                look()
                usleep(20_000)
            }
            done.signal()
        }
    }

    func stop() {
        lock.withLock { stopped = true }
        done.wait()
    }

    /// Where the cgroups of all pods were, by the pods' names.
    var cgroups: [String: String] { lock.withLock { folders } }

    /// The CPU time of the pods whose names begin so, in seconds; nil if there were none. Before a pod's first look and
    /// after its last one it used nothing.
    func seconds(of pods: String, from start: Moment, to end: Moment) -> Double? {
        lock.withLock {
            let all = points.filter { !$0.key.isEmpty && $0.key.hasPrefix(pods) }.values
            return all.isEmpty ? nil : all.reduce(0) { $0 + Self.gain(of: $1, from: start, to: end) }
        }
    }

    /// That of the whole machine; nil where it cannot be known.
    func machineSeconds(from start: Moment, to end: Moment) -> Double? {
        lock.withLock { points[""].map { Self.gain(of: $0, from: start, to: end) } }
    }

    private static func gain(of points: [Point], from start: Moment, to end: Moment) -> Double {
        func value(_ moment: Moment) -> Double {
            let at = Double(moment.milliseconds) / 1000
            guard let after = points.firstIndex(where: { $0.at >= at }) else { return points.last?.seconds ?? 0 }
            guard after > 0 else { return points[0].seconds }
            let (a, b) = (points[after - 1], points[after])
            return a.seconds + (b.seconds - a.seconds) * (at - a.at) / (b.at - a.at)
        }
        return value(end) - value(start)
    }

    private func look() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: logs + "/containers")) ?? [] {
            // POD_NAMESPACE_CONTAINER-ID.log leads to pods/NAMESPACE_POD_UID/CONTAINER/0.log.
            let link = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(logs)/containers/\(name)")) ?? ""
            let parts = link.split(separator: "/").suffix(3).first?.split(separator: "_") ?? []
            guard parts.count == 3, let id = name.split(separator: "-").last?.dropLast(4) else { continue }
            let slice = "kubepods-burstable-pod\(parts[2].replacing("-", with: "_")).slice"
            let path = "\(mount)/kubepods.slice/kubepods-burstable.slice/\(slice)/cri-containerd-\(id).scope"
            lock.withLock { folders[String(parts[1])] = path }
        }
        for (pod, path) in cgroups {
            guard let text = try? String(contentsOfFile: path + "/cpu.stat", encoding: .utf8),
                let line = text.split(separator: "\n").first(where: { $0.hasPrefix("usage_usec ") }),
                let usage = Double(line.dropFirst("usage_usec ".count))
            else { continue }
            add(usage / 1e6, to: pod)
        }
        if let machine, let text = try? String(contentsOfFile: machine, encoding: .utf8) {
            add((Double(text.prefix { $0.isNumber }) ?? 0) / 1e9, to: "")
        }
    }

    private func add(_ seconds: Double, to name: String) {
        let point = Point(at: Date().timeIntervalSince1970, seconds: seconds)
        lock.withLock { points[name, default: []].append(point) }
    }
}
