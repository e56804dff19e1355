/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
#ifndef SCHED_H
#define SCHED_H

/* What the probe and the agent agree on. Plain C types only: BPF, C and Swift all read this text.
 *
 * A slot table is an open-addressed hash of owners: ids[slot] is the id that owns the slot, 0 a
 * free one. A CPU's time for that owner is at cells[cpu * slots + slot]. Slot 0 belongs to nobody:
 * it takes the time of owners that found no place. Slot 1 is no time at all: it counts the probe's
 * runs on that CPU. There is a table of cgroups and, where asked for, one of processes. */
#define SLOT_OVERFLOW 0
#define SLOT_RUNS     1
#define SLOT_FIRST    2

/* What a new, pure v2 kernel without the process table does without. */
#define PROBE_FAIR_ONLY 1 /* before 6.8; before 5.16 the event is of one class only */
#define PROBE_PROCESSES 2 /* each charge goes to the task's process as well */
#define PROBE_V1	4 /* a cgroup is one of a v1 hierarchy */
#define PROBE_HYBRID	8 /* a cgroup is a pair of one of v2 and one of a v1 hierarchy */

/* Set before load, constant to the verifier. */
struct probe_settings {
	unsigned int slots;	    /* columns of the table, above SLOT_FIRST + SLOT_PROBES */
	unsigned int extras;	    /* PROBE_... */
	unsigned int process_slots; /* columns of the table of processes */
	unsigned int process_room;  /* bytes of process_events kept free for ends */
	int v1_subsystem;	    /* the v1 controller's place in css_set.subsys, -1 for none */
	int v1_hierarchy;	    /* the v1 hierarchy's number */
};

/* How many neighbouring slots an owner may live in. */
#define SLOT_PROBES 16

/* An owner that matches none and is not free: the slot is being given back. */
#define SLOT_CLOSED (~0ULL)

/* Kernfs hands ids out upwards, so the top two bits are free to tell a cgroup's id in a v1
 * hierarchy, and the mix of a pair, from an id in v2. */
#define CGROUP_ID_V1   (1ULL << 63)
#define CGROUP_ID_PAIR (1ULL << 62)

/* The longest cgroup path that an event carries, its NUL included. */
#define CGROUP_PATH_MAX 1024

enum cgroup_event_kind {
	CGROUP_MADE = 1,
	CGROUP_REMOVED = 2,
	CGROUP_PAIRED = 3,
};

/* One cgroup made or removed; path follows only when it was made. */
struct cgroup_event {
	unsigned long long cgroup_id;
	unsigned int kind;
	unsigned int path_length; /* bytes, NUL not counted */
	char path[CGROUP_PATH_MAX];
};

/* On a hybrid node: what an owner is the mix of. It begins as a cgroup_event does. */
struct cgroup_pair {
	unsigned long long cgroup_id;
	unsigned int kind;
	unsigned int unused;
	unsigned long long v2;
	unsigned long long v1;
};

/* Room for the names on the way to an executable, NULs included, and for one more than that. */
#define EXE_MAX	     1024
#define EXE_NAME_MAX 256

enum process_event_kind {
	PROCESS_SEEN = 1,
	PROCESS_EXITED = 2,
};

/* One process that got, or is about to get, a slot; or, the first two members alone, one whose last
 * thread began to exit. */
struct process_event {
	unsigned long long key;
	unsigned int kind;
	int tgid;
	unsigned long long cgroup_id; /* the leader's */
	char comm[16];
	unsigned short exe_length; /* bytes of exe */
	unsigned char exe_is_cut;  /* the first names are missing: there was no room */
	unsigned char is_over;	   /* no thread is left that has not begun to exit */
	char exe[EXE_MAX];	   /* the path's names, the last first, a NUL after each */
};

/* What the probe could not place or deliver. */
struct probe_losses {
	unsigned long long unplaced;	       /* charges to slot 0 of the table of cgroups */
	unsigned long long events;	       /* cgroup events lost to a full ring buffer */
	unsigned long long unplaced_processes; /* charges to slot 0 of the table of processes */
	unsigned long long process_events;     /* claims put off because the ring buffer was full */
};

#endif
