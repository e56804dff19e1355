/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CGROUP_H
#define CGROUP_H

/* Which cgroup a task's time is charged to: its one in v2, in a v1 hierarchy, or the pair. */
#include "slots.h"

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

/* A named hierarchy is looked for among so many; a kernel has fewer controllers than that. */
#define HIERARCHIES 32

/* A hierarchy without a controller has no place of its own in the task's set of cgroups: it is in
 * the list of all. The list changes only before the first task enters the set and after the last
 * one left. */
static __noinline __u64 named_cgroup_id_of(struct task_struct *task)
{
	struct list_head *next = task->cgroups->cgrp_links.next;
	int i;

	for (i = 0; i < HIERARCHIES; i++) {
		struct cgrp_cset_link *link =
		    (void *)next - bpf_core_field_offset(struct cgrp_cset_link, cgrp_link);
		struct cgroup *cgroup = BPF_CORE_READ(link, cgrp);

		if (BPF_CORE_READ(cgroup, root, hierarchy_id) == settings.v1_hierarchy)
			return BPF_CORE_READ(cgroup, kn, id);
		next = BPF_CORE_READ(next, next);
	}
	return 0;
}

static __always_inline __u64 v1_cgroup_id_of(struct task_struct *task)
{
	__u32 subsystem = settings.v1_subsystem;
	__u64 id;

	if (settings.v1_subsystem < 0)
		id = named_cgroup_id_of(task);
	else
		id = task->cgroups->subsys[subsystem]->cgroup->kn->id;
	return id | CGROUP_ID_V1;
}

/* Two pairs share a mix only if their ids differ by billions in just the right way. */
static __always_inline __u64 mix(__u64 v2, __u64 v1)
{
	return ((v2 + v1 * 0x9e3779b97f4a7c15ULL) & (CGROUP_ID_PAIR - 1)) | CGROUP_ID_PAIR;
}

/* What a task's time is charged to. */
static __always_inline __u64 account_of(struct task_struct *task, __u32 extras)
{
	if (!(extras & (PROBE_V1 | PROBE_HYBRID)))
		return cgroup_id_of(task);
	if (extras & PROBE_V1)
		return v1_cgroup_id_of(task);
	return mix(cgroup_id_of(task), v1_cgroup_id_of(task));
}

/* Whether the cgroup is of a hierarchy that counts. v2 is the kernel's first, number 0
 * (/proc/self/cgroup says 0::/...). */
static __always_inline bool is_ours(struct cgroup *cgroup)
{
	int hierarchy = cgroup->root->hierarchy_id;

	if (hierarchy == 0)
		return !(settings.extras & PROBE_V1);
	return settings.extras & (PROBE_V1 | PROBE_HYBRID) && hierarchy == settings.v1_hierarchy;
}

/* The id of a cgroup as the agent knows it. */
static __always_inline __u64 known_id(struct cgroup *cgroup)
{
	return cgroup->kn->id | (cgroup->root->hierarchy_id ? CGROUP_ID_V1 : 0);
}

/* A pair is a number of the probe's own, so the agent must be told what it stands for. */
static __always_inline bool introduce_cgroup(struct task_struct *task, __u64 id, __u32 context)
{
	struct cgroup_pair pair = {.cgroup_id = id, .kind = CGROUP_PAIRED};

	if (!(settings.extras & PROBE_HYBRID))
		return true;
	pair.v2 = cgroup_id_of(task);
	pair.v1 = v1_cgroup_id_of(task);
	return bpf_ringbuf_output(&cgroup_events, &pair, sizeof(pair), BPF_RB_NO_WAKEUP) == 0;
}

/* The way in for a cgroup that is not where it would like to be: look in the neighbourhood, and
 * take the first free place only when it is nowhere. */
static __noinline __u32 find_slot(struct task_struct *task, __u64 id, __u32 home)
{
	__u32 slot = search(&slot_ids, id, home);

	if (slot == SLOT_OVERFLOW)
		slot = claim(&slot_ids, id, home, introduce_cgroup, task, UNDER_LOCK);
	if (slot != SLOT_OVERFLOW)
		return slot;
	count(unplaced);
	return SLOT_OVERFLOW;
}

#endif
