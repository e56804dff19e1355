#ifndef BRAHE_CPIPELINE_H
#define BRAHE_CPIPELINE_H

/*
 * What Swift cannot say: nothing of Swift may run between fork and exec, and curl_easy_setopt is
 * variadic.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* How a child differs from its parent. */
struct cpipeline_child {
	/* The cgroup.procs that the child writes itself into before exec. */
	const char *_Nullable cgroup_procs;
	/* Descriptors that become stdout and stderr; -1 leaves the parent's. */
	int stdout_fd;
	int stderr_fd;
	/* For a daemon: its own process group, so that ctrl-C passes it by; SIGTERM when we die. */
	bool daemon;
};

enum cpipeline_step {
	CPIPELINE_FORK,
	CPIPELINE_CGROUP,
	CPIPELINE_REDIRECT,
	CPIPELINE_EXEC,
};

/* The step at which a child failed, and the errno of it. */
struct cpipeline_failure {
	enum cpipeline_step step;
	int error;
};

/*
 * Starts argv[0], found along PATH. Returns once exec succeeded, so that the caller knows that the
 * command runs and that all of it runs in its cgroup; -1 and *failure otherwise. *started_ns is
 * when the child had entered its cgroup, on CLOCK_MONOTONIC.
 */
pid_t cpipeline_spawn(char *_Nullable const *_Nonnull argv, const struct cpipeline_child *child,
		      unsigned long long *started_ns, struct cpipeline_failure *failure);

/*
 * Blocks SIGINT, SIGTERM, SIGHUP and SIGCHLD for this process, so that cpipeline_wait can receive
 * them; to be called before any thread and any child is started.
 */
void cpipeline_block_signals(void);

/*
 * Waits until every child has ended, and forwards to them the signals that another process sent to
 * us. What the terminal sends, it sends to the children itself. statuses are those of waitpid;
 * ended_ns is each child's end on CLOCK_MONOTONIC. Returns 0, or an errno.
 */
int cpipeline_wait(const pid_t *pids, int *statuses, unsigned long long *ended_ns, size_t count);

/* Waits for one child for at most so long. Returns 1 if it ended, 0 if not, -1 and errno. */
int cpipeline_wait_briefly(pid_t pid, unsigned timeout_ms, int *status);

/* Now on CLOCK_MONOTONIC, in nanoseconds. */
unsigned long long cpipeline_now_ns(void);

/*
 * A file in memory, closed on exec, or -1 and errno. The corresponding C function is memfd_create,
 * which Swift's Glibc module lacks.
 */
int cpipeline_memory_file(void);

/* Spins on one CPU until the time is over. */
void cpipeline_steady(double seconds);

/* Spins for 100 ms and sleeps for 200 ms until the time is over. */
void cpipeline_bursty(double seconds);

/*
 * Forks children one after another, each of which spins for 1 to 2 ms, until the time is over.
 * Returns how many ran; -1 and errno if one could not be forked.
 */
long cpipeline_storm(double seconds);

/* An answer over HTTP. */
struct cpipeline_answer {
	/* The HTTP status; 0 if there was no answer, and error says why. */
	long status;
	/* The body, ended by a NUL that size does not count. */
	char *_Nullable body;
	size_t size;
	char error[256];
};

/*
 * One request, GET or POST without a body, over no proxy and following no redirect; bodies above
 * 64 MiB are an error. The caller frees the answer.
 */
void cpipeline_http(const char *url, bool post, long timeout_ms, struct cpipeline_answer *answer);

void cpipeline_answer_free(struct cpipeline_answer *answer);

#pragma clang assume_nonnull end

#endif
