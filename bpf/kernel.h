/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KERNEL_H
#define KERNEL_H

/* The few kernel types the probes touch. CO-RE relocates every field against the running kernel's
 * BTF, so only names matter here, never offsets. */
#include <linux/types.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernfs_node {
	__u64 id;
};

struct cgroup_root {
	int hierarchy_id;
};

struct cgroup {
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct thread_info {
	__u32 cpu;
};

struct sched_entity {
	__u64 sum_exec_runtime;
};

struct task_struct {
	struct thread_info thread_info;
	int pid;
	int prio; /* below MAX_RT_PRIO, 100: deadline and real-time */
	struct sched_entity se;
	struct css_set *cgroups;
};

/* Before 5.16 (commit bcf9033e5449) x86 kept the task's CPU beside thread_info, not inside it. */
struct task_struct___before_5_16 {
	__u32 cpu;
};

#pragma clang attribute pop

static __always_inline __u32 cpu_of(struct task_struct *task)
{
	struct task_struct___before_5_16 *old = (void *)task;

	if (bpf_core_field_exists(old->cpu))
		return old->cpu;
	return task->thread_info.cpu;
}

/* The id of the task's cgroup in the v2 hierarchy: kernfs inode and generation, so it is never
 * given to a second cgroup while the machine is up. */
static __always_inline __u64 cgroup_id_of(struct task_struct *task)
{
	return task->cgroups->dfl_cgrp->kn->id;
}

#endif
