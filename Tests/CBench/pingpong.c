// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <sched.h>
#include <sys/wait.h>
#include <time.h>
#include "CBench.h"
#include "process.h"

#define WARM_UP 500

/* One side: its cgroup, its ends of the two pipes, and the ends that are the other side's. */
struct side {
	const char *procs;
	int from;
	int to;
	int others[2];
};

static bool settle(int cpu, const char *procs)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	return join(procs) && !sched_setaffinity(0, sizeof(cpus), &cpus);
}

static bool bounce(struct side side, int rounds, bool serves)
{
	char ball = 0;

	for (int i = 0; i < rounds; i++) {
		if (serves && write(side.to, &ball, 1) != 1)
			return false;
		if (read(side.from, &ball, 1) != 1)
			return false;
		if (!serves && write(side.to, &ball, 1) != 1)
			return false;
	}
	return true;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static pid_t start(struct side side, int cpu, int rounds, int result)
{
	pid_t parent = getpid();
	pid_t child = fork();
	double took = -1;
	double began;

	if (child)
		return child;
	/* A pipe that only the other side holds open tells of its end. */
	close(side.others[0]);
	close(side.others[1]);
	if (die_with(parent) && settle(cpu, side.procs) && bounce(side, WARM_UP, result >= 0)) {
		began = now_ns();
		if (bounce(side, rounds, result >= 0))
			took = (now_ns() - began) / rounds;
	}
	if (result >= 0)
		(void)!write(result, &took, sizeof(took));
	_exit(took < 0);
}

double cbench_pingpong_ns(int cpu, int rounds, const char *procs_a, const char *procs_b)
{
	int there[2], back[2], result[2];
	double took = -1;
	pid_t a, b;

	if (pipe(there) || pipe(back) || pipe(result))
		return -1;
	a = start((struct side){procs_a, back[0], there[1], {there[0], back[1]}}, cpu, rounds,
		  result[1]);
	b = start((struct side){procs_b, there[0], back[1], {back[0], there[1]}}, cpu, rounds, -1);
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
	close(result[1]);
	if (a < 0 || b < 0 || read(result[0], &took, sizeof(took)) != sizeof(took))
		took = -1;
	close(result[0]);
	/* A side that failed leaves the other waiting. */
	for (pid_t *side = (pid_t[]){a, b, 0}; *side; side++) {
		if (*side < 0)
			continue;
		if (took < 0)
			kill(*side, SIGKILL);
		waitpid(*side, NULL, 0);
	}
	return took;
}
