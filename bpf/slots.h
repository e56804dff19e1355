/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SLOTS_H
#define SLOTS_H

/* The slot table of sched.h, seen from the kernel; `ids` and `cells` are its two arrays. */
#include "kernel.h"
#include "sched.h"

/* Set before load. */
const volatile struct probe_settings settings = {.slots = 8192};

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

/* Counts one loss of a kind. */
#define count(loss)                                                                                \
	do {                                                                                       \
		struct probe_losses *counts = lost();                                              \
		if (counts)                                                                        \
			__sync_fetch_and_add(&counts->loss, 1);                                    \
	} while (0)

static __always_inline __u32 home_slot(__u64 owner, __u32 slots)
{
	/* Fibonacci hashing: ids are handed out in steps, the product's high half is not. */
	__u64 spread = (owner * 0x9e3779b97f4a7c15ULL) >> 32;

	return SLOT_FIRST + (__u32)((spread * (slots - SLOT_FIRST - SLOT_PROBES)) >> 32);
}

/* The owner's slot in the neighbourhood of its home; SLOT_OVERFLOW where it has none. */
static __always_inline __u32 search(void *ids, __u64 owner, __u32 home)
{
	int i;

	for (i = 0; i < SLOT_PROBES; i++) {
		__u32 slot = home + i;
		__u64 *found = bpf_map_lookup_elem(ids, &slot);

		if (found && *found == owner)
			return slot;
	}
	return SLOT_OVERFLOW;
}

/* Where a program may be: under a run queue's lock, or in a system call that such a program
 * interrupts. Each has scratch memory of its own. */
#define UNDER_LOCK     0
#define IN_SYSTEM_CALL 1

/* Makes the owner known to the agent; false where that cannot be done now. */
typedef bool (*introduction)(struct task_struct *task, __u64 owner, __u32 context);

/* Gives the owner a free slot of its neighbourhood. The agent hears of it first, so no slot is ever
 * owned by a stranger. Two CPUs may race and give one owner two slots; the agent adds by id, so
 * nothing is lost. */
static __always_inline __u32 claim(void *ids, __u64 owner, __u32 home, introduction introduce,
				   struct task_struct *task, __u32 context)
{
	int i;

	if (search(ids, 0, home) == SLOT_OVERFLOW || !introduce(task, owner, context))
		return SLOT_OVERFLOW;
	for (i = 0; i < SLOT_PROBES; i++) {
		__u32 slot = home + i;
		__u64 *found = bpf_map_lookup_elem(ids, &slot);
		__u64 before;

		if (!found || *found)
			continue;
		before = __sync_val_compare_and_swap(found, 0, owner);
		if (before == 0 || before == owner)
			return slot;
	}
	return SLOT_OVERFLOW;
}

/* A cell of a CPU's row: a plain add will do, the row has one writer at a time. */
static __always_inline void add(void *cells, __u32 cell, __u64 amount)
{
	__u64 *total = bpf_map_lookup_elem(cells, &cell);

	if (total)
		*total += amount;
}

#endif
