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
	/* Descriptors that become stdin, stdout and stderr; -1 leaves the parent's. */
	int stdin_fd;
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

/*
 * Sleeps for so long, or until SIGINT, SIGTERM or SIGHUP comes, which must be blocked. Returns the
 * signal, which is then no longer pending, or 0.
 */
int cpipeline_pause(unsigned milliseconds);

/* SHA-256 of so many bytes. Returns 0, or an error of GnuTLS. */
int cpipeline_sha256(const void *bytes, size_t size, unsigned char digest[_Nonnull 32]);

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

/* Who asks over HTTP, and whom to trust; NULL for nothing. */
struct cpipeline_access {
	/* PEM files: the authorities that are trusted instead of the system's, our certificate, its
	 * key. */
	const char *_Nullable ca_file;
	const char *_Nullable cert_file;
	const char *_Nullable key_file;
	/* Do not look at the server's certificate. */
	bool insecure;
	/* For basic authentication. */
	const char *_Nullable user;
	const char *_Nullable password;
};

/* Takes a part of an answer's body; false ends the transfer. */
typedef bool (*cpipeline_sink)(void *_Nullable context, const char *bytes, size_t size);

/* A request over HTTP. */
struct cpipeline_request {
	const char *method;
	const char *url;
	/* "Name: value" each, NULL after the last. */
	const char *_Nullable const *_Nullable headers;
	/* What is sent, NULL for nothing. */
	const char *_Nullable body;
	size_t body_size;
	long timeout_ms;
	/* Follow redirects; another host is not sent our Authorization. */
	bool follow;
	/* Go through the proxy that the environment names, if it names one. */
	bool proxy;
	struct cpipeline_access access;
	/* Is handed the body of an answer with status 200 as it comes, however long it is; NULL
	 * keeps it. */
	cpipeline_sink _Nullable sink;
	void *_Nullable sink_context;
};

/* An answer over HTTP. */
struct cpipeline_answer {
	/* The HTTP status; 0 if there was no answer, and error says why. */
	long status;
	/* False if the request certainly never reached a server. */
	bool reached;
	/* The body, ended by a NUL that size does not count. */
	char *_Nullable body;
	size_t size;
	/* The header lines of the last response, ended by a NUL. */
	char *_Nullable headers;
	size_t headers_size;
	char error[256];
};

/* One request; bodies above 64 MiB are an error. The caller frees the answer. */
void cpipeline_http(const struct cpipeline_request *request, struct cpipeline_answer *answer);

void cpipeline_answer_free(struct cpipeline_answer *answer);

/* One value at one instant, in milliseconds of Unix time. */
struct cpipeline_sample {
	long long time_ms;
	double value;
};

/*
 * A series of a matrix: names and values of its labels in turn, all in one text, and how long each
 * is; its samples. Nothing of it outlives the call.
 */
struct cpipeline_series {
	const char *text;
	const size_t *sizes;
	size_t labels;
	const struct cpipeline_sample *samples;
	size_t count;
};

/* What an answer of Prometheus says besides. */
enum cpipeline_remark {
	CPIPELINE_STATUS,
	CPIPELINE_ERROR_TYPE,
	CPIPELINE_ERROR,
	CPIPELINE_RESULT_TYPE,
	CPIPELINE_WARNING,
	CPIPELINE_INFO,
};

/* Who is told what is in an answer. */
struct cpipeline_matrix_reader {
	void (*series)(void *context, const struct cpipeline_series *series);
	void (*remark)(void *context, enum cpipeline_remark remark, const char *text, size_t size);
	void *context;
};

/* An answer of Prometheus with a matrix, read while it comes. */
struct cpipeline_matrix;

/* NULL without memory. */
struct cpipeline_matrix *_Nullable cpipeline_matrix_new(
    const struct cpipeline_matrix_reader *reader);

/* Reads more of it; false if it is no such answer. */
bool cpipeline_matrix_feed(struct cpipeline_matrix *matrix, const char *bytes, size_t size);

/* Says that it ended; false if it is not whole. */
bool cpipeline_matrix_end(struct cpipeline_matrix *matrix);

/* What is wrong with it, in words; empty while nothing is. */
const char *cpipeline_matrix_reason(const struct cpipeline_matrix *matrix);

void cpipeline_matrix_free(struct cpipeline_matrix *matrix);

#pragma clang assume_nonnull end

#endif
