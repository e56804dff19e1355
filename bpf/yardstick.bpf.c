// SPDX-License-Identifier: GPL-2.0
/* What the probe is held against: nothing at all, the map that one would take first, and a clock of
 * our own as a second truth. Each program loads and attaches by itself. */
#include "kernel.h"

/* How many cgroups the yardsticks follow. */
#define CGROUPS 16384

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, CGROUPS);
	__type(key, __u64);
	__type(value, __u64);
} runtime_ns SEC(".maps");

/* Key 0 is the idle tasks' time. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, CGROUPS);
	__type(key, __u64);
	__type(value, __u64);
} clock_ns SEC(".maps");

/* When the CPU last switched; 0 before its first switch. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} since_ns SEC(".maps");

static __always_inline int add(void *map, __u64 key, __u64 amount)
{
	__u64 *total = bpf_map_lookup_elem(map, &key);

	if (total)
		*total += amount;
	else
		bpf_map_update_elem(map, &key, &amount, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(empty, struct task_struct *task, __u64 ns)
{
	return 0;
}

SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(percpu_hash, struct task_struct *task, __u64 ns)
{
	return add(&runtime_ns, cgroup_id_of(task), ns);
}

/* Charges by the monotonic clock what the scheduler charges by its own. */
SEC("tp_btf/sched_switch")
int BPF_PROG(switch_clock, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 zero = 0;
	__u64 *since = bpf_map_lookup_elem(&since_ns, &zero);
	__u64 began;

	if (!since)
		return 0;
	began = *since;
	*since = now;
	if (!began)
		return 0;
	return add(&clock_ns, prev->pid ? cgroup_id_of(prev) : 0, now - began);
}

char LICENSE[] SEC("license") = "GPL";
