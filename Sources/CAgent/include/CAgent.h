/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAGENT_H
#define CAGENT_H

/* Everything the agent calls that Swift's Glibc overlay does not already give it. */

#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <jansson.h>
#include "../../../bpf/sched.h"
#include "gzip.h"
#include "http_client.h"
#include "http_server.h"
#include "password.h"
#include "privileges.h"
#include "tls_settings.h"

#pragma clang assume_nonnull begin

/// Routes libbpf's own messages (a va_list callback) to `sink`, one line at a time.
typedef void (*libbpf_sink)(int level, const char *line);
void libbpf_set_sink(libbpf_sink sink) __attribute__((swift_name("setLibbpfSink(_:)")));

/// Keeps what was freed from staying in the process: loading the probe reads megabytes of BTF once,
/// and answers of a megabyte come and go. Swift's Glibc has no <malloc.h>.
void return_freed_memory(void);

/// The number of arguments that a tp_btf program sees at a tracepoint of the running kernel, or a
/// negative errno: -ENOENT when the kernel has no such tracepoint, others when it has no BTF.
int tracepoint_arity(const char *tracepoint) __attribute__((swift_name("tracepointArity(_:)")));

/// The place of a cgroup controller among those of the running kernel (css_set.subsys), or a
/// negative errno: -ENOENT when the kernel has no such controller, others when it has no BTF.
int cgroup_subsystem(const char *controller) __attribute__((swift_name("cgroupSubsystem(_:)")));

/// Whether a BPF ring buffer of the running kernel has a lock that sleeps if the kernel is a
/// real-time one: so it was before commit 8b62645b09f8 (6.12, and later kernels of older series).
bool ring_buffer_sleeps(void) __attribute__((swift_name("ringBufferSleeps()")));

/// Whether BPF programs of this process may read the kernel's memory, which
/// lockdown=confidentiality forbids by not having the helper for it: no errno tells that, and
/// securityfs may not be mounted.
bool bpf_may_read_kernel(void) __attribute__((swift_name("bpfMayReadKernel()")));

/// Blocks SIGTERM and SIGINT for all threads to come, and returns a descriptor that turns readable
/// when one arrives; -1 on failure. Swift's Glibc has no <sys/signalfd.h>.
int termination_descriptor(void);

/// Waits until a descriptor is readable, at most so many nanoseconds; true when `first` is. Swift's
/// Glibc lacks `ppoll`, which needs _GNU_SOURCE.
bool wait_readable(int first, int second, int third, unsigned long long nanoseconds);

#pragma clang assume_nonnull end
#endif
