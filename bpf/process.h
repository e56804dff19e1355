/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PROCESS_H
#define PROCESS_H

/* What is told of a process: its key, name, cgroup and executable. */
#include "cgroup.h"

/* The table of processes: one entry each where they are not asked for. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* cpus * process_slots */
	__type(key, __u32);
	__type(value, __u64);
} process_time_ns SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* process_slots */
	__type(key, __u32);
	__type(value, __u64);
} process_ids SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* bytes; the agent makes it as large as its table needs */
} process_events SEC(".maps");

/* One for each context. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct process_event);
} process_scratch SEC(".maps");

#define PF_KTHREAD 0x00200000

/* The deepest path, in names and mounts. */
#define PATH_DEPTH 48

/* Names one run of one program by one process: a pid is used again, and an exec makes the process
 * another. Never 0, which is nobody's, nor SLOT_CLOSED. A thread may outlive its leader by the last
 * steps of its exit, and then find somebody else's memory there: 0. */
static __always_inline __u64 process_key(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	__u64 key = leader->start_boottime;

	if (leader->tgid != task->tgid)
		return 0;
	key = (key ^ ((__u64)task->tgid << 32)) * 0x9e3779b97f4a7c15ULL;
	key = (key ^ (key >> 32) ^ leader->self_exec_id) * 0xd6e8feb86659fd93ULL;
	return ((key ^ (key >> 32)) & ~CGROUP_ID_V1) | 1;
}

/* The memory whose file the process runs. A fork that ends before it is ever charged has none left;
 * where it still is called as its parent, it runs the same. */
static __always_inline struct mm_struct *memory_of(struct task_struct *task)
{
	struct task_struct *parent = task->real_parent;
	char own[16], other[16];

	if (task->flags & PF_KTHREAD)
		return 0;
	if (task->mm)
		return task->mm;
	bpf_probe_read_kernel(own, sizeof(own), task->comm);
	bpf_probe_read_kernel(other, sizeof(other), parent->comm);
	if (__builtin_memcmp(own, other, sizeof(own)))
		return 0;
	return parent->mm;
}

/* Writes the names on the way from the executable up to the root that the process sees, through
 * the mounts in between. */
static __noinline int write_exe(struct task_struct *task, struct process_event *event)
{
	struct mm_struct *mm = memory_of(task);
	struct fs_struct *fs = task->fs; /* none once it exits */
	struct file *exe = BPF_CORE_READ(mm, exe_file);
	struct dentry *root = BPF_CORE_READ(fs, root.dentry);
	struct vfsmount *root_mount = BPF_CORE_READ(fs, root.mnt);
	struct dentry *dentry = BPF_CORE_READ(exe, f_path.dentry);
	struct vfsmount *vfsmount = BPF_CORE_READ(exe, f_path.mnt);
	__u32 length = 0;
	int i;

	event->exe_is_cut = 0;
	event->exe_length = 0;
	for (i = 0; i < PATH_DEPTH; i++) {
		struct dentry *parent;
		long written;

		if (!dentry || (dentry == root && vfsmount == root_mount))
			return 0;
		if (dentry == BPF_CORE_READ(vfsmount, mnt_root)) {
			struct mount *mount =
			    (void *)vfsmount - bpf_core_field_offset(struct mount, mnt);
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);

			if (above == mount)
				return 0;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			vfsmount = (void *)above + bpf_core_field_offset(struct mount, mnt);
			continue;
		}
		if (length > EXE_MAX - EXE_NAME_MAX)
			break;
		written = bpf_probe_read_kernel_str(event->exe + length, EXE_NAME_MAX,
						    BPF_CORE_READ(dentry, d_name.name));
		if (written <= 0)
			break;
		length += written;
		event->exe_length = length;
		parent = BPF_CORE_READ(dentry, d_parent);
		/* A file of no directory: memfd_create(2). */
		if (parent == dentry)
			return 0;
		dentry = parent;
	}
	event->exe_is_cut = 1;
	return 0;
}

/* Tells the agent of the task's process. Room is kept for the end of every process in the table, so
 * the end of one that is known is never lost. */
static __noinline bool introduce_process(struct task_struct *task, __u64 key, __u32 context)
{
	struct process_event *event = bpf_map_lookup_elem(&process_scratch, &context);
	struct task_struct *leader = task->group_leader;
	__u64 size;

	if (!event)
		return false;
	event->key = key;
	event->kind = PROCESS_SEEN;
	event->tgid = task->tgid;
	event->cgroup_id = account_of(leader, settings.extras);
	/* The leader may never have been charged where it is, and then nobody knows the pair. */
	if (settings.extras & PROBE_HYBRID)
		find_slot(leader, event->cgroup_id, home_slot(event->cgroup_id, settings.slots));
	event->is_over = leader->signal->live.counter == 0;
	bpf_probe_read_kernel(event->comm, sizeof(event->comm), leader->comm);
	write_exe(task, event);
	size = __builtin_offsetof(struct process_event, exe) + event->exe_length;
	if (size > sizeof(*event))
		return false;
	if (bpf_ringbuf_query(&process_events, BPF_RB_AVAIL_DATA) + size + settings.process_room <=
		bpf_ringbuf_query(&process_events, BPF_RB_RING_SIZE) &&
	    bpf_ringbuf_output(&process_events, event, size, BPF_RB_NO_WAKEUP) == 0)
		return true;
	count(process_events);
	return false;
}

static __noinline __u32 find_process_slot(struct task_struct *task, __u64 key, __u32 context)
{
	__u32 home = home_slot(key, settings.process_slots);
	__u32 slot;

	if (!key)
		return SLOT_OVERFLOW;
	slot = search(&process_ids, key, home);
	if (slot != SLOT_OVERFLOW)
		return slot;
	return claim(&process_ids, key, home, introduce_process, task, context);
}

static __always_inline void tell_exit(__u64 key)
{
	struct {
		__u64 key;
		__u32 kind;
		__u32 unused;
	} end = {.key = key, .kind = PROCESS_EXITED};

	bpf_ringbuf_output(&process_events, &end, sizeof(end), BPF_RB_NO_WAKEUP);
}

#endif
