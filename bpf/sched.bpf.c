// SPDX-License-Identifier: GPL-2.0
/* Charges every nanosecond that a task runs to its cgroup, and reports cgroups made and removed. */
#include "kernel.h"
#include "sched.h"

/* Set before load. */
const volatile struct probe_settings settings = {.slots = 8192};

/* Every CPU writes its own row, under its own run queue's lock: no atomics, no shared lines. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* cpus * slots */
	__type(key, __u32);
	__type(value, __u64);
} cpu_time_ns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* slots */
	__type(key, __u32);
	__type(value, __u64);
} slot_ids SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 19); /* room for some two thousand cgroups made between samples */
} cgroup_events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cgroup_event);
} event_scratch SEC(".maps");

/* On a kernel that hides real-time work: what the current task had run when it was switched in,
 * and how much of what it ran since was charged already. */
struct turn {
	__u64 began_ns;
	__u64 charged_ns;
	__u64 seen; /* 0 until the first switch that the probe saw: the turn before has no beginning
		     */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* cpus */
	__type(key, __u32);
	__type(value, struct turn);
} turns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe_losses);
} losses SEC(".maps");

static __always_inline struct probe_losses *lost(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&losses, &zero);
}

static __always_inline __u32 home_slot(__u64 cgroup_id)
{
	/* Fibonacci hashing: ids are handed out in steps, the product's high half is not. */
	__u64 spread = (cgroup_id * 0x9e3779b97f4a7c15ULL) >> 32;

	return SLOT_FIRST + (__u32)((spread * (settings.slots - SLOT_FIRST - SLOT_PROBES)) >> 32);
}

/* The way in for a cgroup that is not where it would like to be: look in the neighbourhood, and
 * take the first free place only when it is nowhere. Two CPUs may race and give one cgroup two
 * slots; the agent adds by id, so nothing is lost. */
static __noinline __u32 find_slot(__u64 cgroup_id, __u32 home)
{
	struct probe_losses *loss;
	__u32 slot;
	int i;

	for (i = 0; i < SLOT_PROBES; i++) {
		slot = home + i;
		__u64 *owner = bpf_map_lookup_elem(&slot_ids, &slot);

		if (owner && *owner == cgroup_id)
			return slot;
	}
	for (i = 0; i < SLOT_PROBES; i++) {
		slot = home + i;
		__u64 *owner = bpf_map_lookup_elem(&slot_ids, &slot);

		if (!owner || *owner)
			continue;
		__u64 before = __sync_val_compare_and_swap(owner, 0, cgroup_id);

		if (before == 0 || before == cgroup_id)
			return slot;
	}
	loss = lost();
	if (loss)
		__sync_fetch_and_add(&loss->unplaced, 1);
	return SLOT_OVERFLOW;
}

/* The cell of a CPU's row: a plain add will do, the row has one writer at a time. */
static __always_inline void add(__u32 cpu, __u32 slot, __u64 amount)
{
	__u32 cell = cpu * settings.slots + slot;
	__u64 *total = bpf_map_lookup_elem(&cpu_time_ns, &cell);

	if (total)
		*total += amount;
}

static __always_inline void charge(struct task_struct *task, __u32 cpu, __u64 ns)
{
	__u64 cgroup_id = cgroup_id_of(task);
	__u32 slot = home_slot(cgroup_id);
	__u64 *owner = bpf_map_lookup_elem(&slot_ids, &slot);

	if (!owner)
		return;
	if (*owner != cgroup_id)
		slot = find_slot(cgroup_id, slot);
	add(cpu, slot, ns);
	add(cpu, SLOT_RUNS, 1);
}

/* The kernel's own delta, the one cpu.stat adds up. It fires at switches and at ticks, with the
 * run queue of the task's CPU locked, though one in twenty times from another CPU. */
SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(sched_stat_runtime, struct task_struct *task, __u64 ns)
{
	__u32 cpu = cpu_of(task);
	struct turn *turn;

	if (task->pid == 0)
		return 0;
	charge(task, cpu, ns);
	if (!settings.fair_only)
		return 0;
	turn = bpf_map_lookup_elem(&turns, &cpu);
	if (turn)
		turn->charged_ns += ns;
	return 0;
}

static __always_inline void charge_rest(struct task_struct *task, struct turn *turn, __u32 cpu)
{
	__u64 ran = task->se.sum_exec_runtime - turn->began_ns;

	if (turn->seen && task->pid != 0 && ran > turn->charged_ns)
		charge(task, cpu, ran - turn->charged_ns);
}

/* Loaded only where settings.fair_only: what the class of the leaving task did not report. */
SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct turn *turn = bpf_map_lookup_elem(&turns, &cpu);

	if (!turn)
		return 0;
	charge_rest(prev, turn, cpu);
	turn->began_ns = next->se.sum_exec_runtime;
	turn->charged_ns = 0;
	turn->seen = 1;
	return 0;
}

/* Loaded only where settings.fair_only, and run by the agent on each CPU before it reads: brings a
 * real-time task that never leaves its CPU up to its last tick. While such a task is current, no
 * fair one of its CPU can report, so nobody else is at this turn. */
SEC("raw_tp/sched_flush")
int sched_flush(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 cpu = bpf_get_smp_processor_id();
	struct turn *turn = bpf_map_lookup_elem(&turns, &cpu);

	if (!turn || task->prio >= 100)
		return 0;
	charge_rest(task, turn, cpu);
	turn->charged_ns = task->se.sum_exec_runtime - turn->began_ns;
	return 0;
}

static __always_inline int send(struct cgroup *cgroup, enum cgroup_event_kind kind,
				const char *path)
{
	__u32 zero = 0;
	struct cgroup_event *event = bpf_map_lookup_elem(&event_scratch, &zero);
	struct probe_losses *loss;
	long length = 0;
	__u64 size;

	/* The v2 hierarchy is the kernel's first, number 0 (/proc/self/cgroup says 0::/...). */
	if (!event || cgroup->root->hierarchy_id != 0)
		return 0;
	event->cgroup_id = cgroup->kn->id;
	event->kind = kind;
	if (path)
		length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->path_length = length > 0 ? length - 1 : 0;
	size = __builtin_offsetof(struct cgroup_event, path) + event->path_length + 1;
	if (size > sizeof(*event))
		return 0;
	if (bpf_ringbuf_output(&cgroup_events, event, size, BPF_RB_NO_WAKEUP) == 0)
		return 0;
	loss = lost();
	if (loss)
		__sync_fetch_and_add(&loss->events, 1);
	return 0;
}

/* The kernel holds trace_cgroup_path_lock, interrupts off, around both of these, which is what
 * makes one scratch event enough. */
SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_mkdir, struct cgroup *cgroup, const char *path)
{
	return send(cgroup, CGROUP_MADE, path);
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup, const char *path)
{
	return send(cgroup, CGROUP_REMOVED, 0);
}

char LICENSE[] SEC("license") = "GPL";
