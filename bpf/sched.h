/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#ifndef SCHED_H
#define SCHED_H

/* What the probe and the agent agree on. Plain C types only: BPF, C and Swift all read this text.
 *
 * The slot table is an open-addressed hash of cgroup ids: slot_ids[slot] is the id that owns the
 * slot, 0 a free one. A CPU's time for that cgroup is at cpu_time_ns[cpu * slots + slot]. Slot 0
 * belongs to nobody: it takes the time of cgroups that found no place. Slot 1 is no time at all: it
 * counts the probe's runs on that CPU. */
#define SLOT_OVERFLOW 0
#define SLOT_RUNS     1
#define SLOT_FIRST    2

/* Set before load, constant to the verifier. */
struct probe_settings {
	unsigned int slots;	/* columns of the table, above SLOT_FIRST + SLOT_PROBES */
	unsigned int fair_only; /* kernels before 6.8 fire sched_stat_runtime for one class only */
};

/* How many neighbouring slots a cgroup id may live in. */
#define SLOT_PROBES 16

/* An owner that matches no cgroup and is not free: the slot is being given back. */
#define SLOT_CLOSED (~0ULL)

/* The longest cgroup path that an event carries, its NUL included. */
#define CGROUP_PATH_MAX 1024

enum cgroup_event_kind {
	CGROUP_MADE = 1,
	CGROUP_REMOVED = 2,
};

/* One cgroup made or removed; path follows only when it was made. */
struct cgroup_event {
	unsigned long long cgroup_id;
	unsigned int kind;
	unsigned int path_length; /* bytes, NUL not counted */
	char path[CGROUP_PATH_MAX];
};

/* What the probe could not place or deliver. */
struct probe_losses {
	unsigned long long unplaced; /* charges to slot 0: the table had no place */
	unsigned long long events;   /* cgroup events lost to a full ring buffer */
};

#endif
