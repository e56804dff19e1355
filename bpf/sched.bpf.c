// SPDX-License-Identifier: GPL-2.0
/* Charges every nanosecond that a task runs to its cgroup, and to its process where that is asked
 * for; reports cgroups made and removed, and processes begun and ended. */
#include "process.h"

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

static __always_inline void charge_process(struct task_struct *task, __u32 cpu, __u64 ns)
{
	__u64 key = process_key(task);
	__u32 slot = home_slot(key, settings.process_slots);
	__u64 *owner = bpf_map_lookup_elem(&process_ids, &slot);

	if (!owner)
		return;
	if (*owner != key || !key)
		slot = find_process_slot(task, key, UNDER_LOCK);
	if (slot == SLOT_OVERFLOW)
		count(unplaced_processes);
	add(&process_time_ns, cpu * settings.process_slots + slot, ns);
}

static __always_inline void charge(struct task_struct *task, __u32 cpu, __u64 ns, __u32 extras)
{
	__u64 id = account_of(task, extras);
	__u32 slot = home_slot(id, settings.slots);
	__u64 *owner = bpf_map_lookup_elem(&slot_ids, &slot);

	if (!owner)
		return;
	if (*owner != id)
		slot = find_slot(task, id, slot);
	add(&cpu_time_ns, cpu * settings.slots + slot, ns);
	add(&cpu_time_ns, cpu * settings.slots + SLOT_RUNS, 1);
	if (extras & PROBE_PROCESSES)
		charge_process(task, cpu, ns);
}

/* The kernel's own delta, the one cpu.stat adds up. It fires at switches and at ticks, with the
 * run queue of the task's CPU locked, though one in twenty times from another CPU. */
SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(sched_stat_runtime, struct task_struct *task, __u64 ns)
{
	if (task->pid != 0)
		charge(task, cpu_of(task), ns, 0);
	return 0;
}

/* The same, loaded in its place with any of settings.extras. It is a program of its own because
 * reading the settings would cost the other a nanosecond. */
SEC("tp_btf/sched_stat_runtime")
int BPF_PROG(runtime_extras, struct task_struct *task, __u64 ns)
{
	__u32 extras = settings.extras;
	__u32 cpu = cpu_of(task);
	struct turn *turn;

	if (task->pid == 0)
		return 0;
	charge(task, cpu, ns, extras);
	if (!(extras & PROBE_FAIR_ONLY))
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
		charge(task, cpu, ran - turn->charged_ns, settings.extras);
}

/* Loaded only with PROBE_FAIR_ONLY: what the class of the leaving task did not
 * report. */
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

/* Loaded only with PROBE_FAIR_ONLY, and run by the agent on each CPU before it
 * reads: brings a real-time task that never leaves its CPU up to its last tick. While such a task
 * is current, no fair one of its CPU can report, so nobody else is at this turn. */
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
	long length = 0;
	__u64 size;

	if (!event || !is_ours(cgroup))
		return 0;
	event->cgroup_id = known_id(cgroup);
	event->kind = kind;
	if (path)
		length = bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	event->path_length = length > 0 ? length - 1 : 0;
	size = __builtin_offsetof(struct cgroup_event, path) + event->path_length + 1;
	if (size > sizeof(*event))
		return 0;
	if (bpf_ringbuf_output(&cgroup_events, event, size, BPF_RB_NO_WAKEUP) == 0)
		return 0;
	count(events);
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

/* The three below are loaded only with PROBE_PROCESSES. */

/* A process that never waits may not be charged before it is over; by then its program's file is
 * closed, so it gets its slot now. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task)
{
	find_process_slot(task, process_key(task), IN_SYSTEM_CALL);
	return 0;
}

/* The last thread began to exit. It still runs a while, and is charged for that. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	__u64 key = process_key(task);

	if (task->signal->live.counter != 0 || !key)
		return 0;
	if (search(&process_ids, key, home_slot(key, settings.process_slots)) != SLOT_OVERFLOW)
		tell_exit(key);
	return 0;
}

/* A process that moves is told of anew. Threads that move without their leader are not: a process
 * is where its leader is. */
SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(process_moved, struct cgroup *cgroup, const char *path, struct task_struct *task)
{
	__u64 key = process_key(task);

	if (task->pid != task->tgid || !key || !is_ours(cgroup))
		return 0;
	if (search(&process_ids, key, home_slot(key, settings.process_slots)) != SLOT_OVERFLOW)
		introduce_process(task, key, IN_SYSTEM_CALL);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
