/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CBENCH_H
#define CBENCH_H

/* What the benchmark cannot say in Swift: the allocator's own names, and fork. */

#include <stdbool.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// How often this process has asked the allocator for memory, by any of its entries.
unsigned long cbench_mallocs(void);

/// While on, every allocation prints the stack that asked for it on standard error.
void cbench_trace_mallocs(bool on);

/// Bounces a byte between two processes on one CPU, and returns the nanoseconds of one round, two
/// switches; negative on failure. The arguments name the cgroup.procs file that each side joins.
double cbench_pingpong_ns(int cpu, int rounds, const char *procs_a, const char *procs_b);

/// Starts a process in a cgroup that does little, every `period_us` microseconds, for as long as
/// its parent lives; -1 on failure.
pid_t cbench_sleeper(const char *procs, unsigned int period_us);

/// Starts a program, its standard error on `errors`, for at most as long as its parent lives; -1 on
/// failure.
pid_t cbench_spawn(char *_Nullable const *_Nonnull arguments, int errors);

/// Goes on in a child and returns -1 there. In the parent, returns the child's wait status once it
/// is gone; SIGINT and SIGTERM end the child, and so leave the parent to clean up after it.
int cbench_guard(void);

#pragma clang assume_nonnull end
#endif
