#define _GNU_SOURCE
#include "CPipeline.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S  1000000000ULL
#define NS_PER_MS 1000000ULL

unsigned long long cpipeline_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * NS_PER_S + (unsigned long long)now.tv_nsec;
}

static sigset_t awaited_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	return set;
}

void cpipeline_block_signals(void)
{
	sigset_t set = awaited_signals();

	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* 0 is the writing process, whatever its pid is in this namespace. */
static int enter_cgroup(const char *procs)
{
	int fd = open(procs, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (write(fd, "0", 1) != 1)
		return -1;
	return close(fd);
}

static void report_and_exit(int report, enum cpipeline_step step)
{
	struct cpipeline_failure failure = {.step = step, .error = errno};

	if (write(report, &failure, sizeof(failure)) < 0)
		_exit(126);
	_exit(127);
}

/* Only async-signal-safe calls: libcurl's resolver may have left threads behind. */
static void become(char *const *argv, const struct cpipeline_child *child, pid_t parent, int report,
		   unsigned long long *started_ns)
{
	sigset_t none;

	if (child->cgroup_procs && enter_cgroup(child->cgroup_procs))
		report_and_exit(report, CPIPELINE_CGROUP);
	*started_ns = cpipeline_now_ns();
	if (child->stdin_fd >= 0 && dup2(child->stdin_fd, STDIN_FILENO) < 0)
		report_and_exit(report, CPIPELINE_REDIRECT);
	if (child->stdout_fd >= 0 && dup2(child->stdout_fd, STDOUT_FILENO) < 0)
		report_and_exit(report, CPIPELINE_REDIRECT);
	if (child->stderr_fd >= 0 && dup2(child->stderr_fd, STDERR_FILENO) < 0)
		report_and_exit(report, CPIPELINE_REDIRECT);
	if (child->daemon) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		/* The parent may have died before the line above. */
		if (getppid() != parent)
			_exit(127);
	}
	/* Ignored signals survive exec; a shell that ran us in the background may have left some.
	 */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	report_and_exit(report, CPIPELINE_EXEC);
}

static ssize_t read_failure(int report, struct cpipeline_failure *failure)
{
	ssize_t size;

	do
		size = read(report, failure, sizeof(*failure));
	while (size < 0 && errno == EINTR);
	return size;
}

pid_t cpipeline_spawn(char *const *argv, const struct cpipeline_child *child,
		      unsigned long long *started_ns, struct cpipeline_failure *failure)
{
	unsigned long long *shared_ns;
	int report[2];
	pid_t parent = getpid();
	pid_t pid;

	failure->step = CPIPELINE_FORK;
	shared_ns = mmap(NULL, sizeof(*shared_ns), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared_ns == MAP_FAILED) {
		failure->error = errno;
		return -1;
	}
	if (pipe2(report, O_CLOEXEC)) {
		failure->error = errno;
		munmap(shared_ns, sizeof(*shared_ns));
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(argv, child, parent, report[1], shared_ns);
	failure->error = errno;
	close(report[1]);
	/* exec closes the child's end: nothing to read means that the command runs. */
	if (pid > 0 && read_failure(report[0], failure) > 0) {
		waitpid(pid, NULL, 0);
		pid = -1;
	}
	*started_ns = *shared_ns;
	munmap(shared_ns, sizeof(*shared_ns));
	close(report[0]);
	return pid;
}

/* Reaps what has ended, marking it by a pid of 0. Returns how many still run; -1 and errno. */
static ssize_t reap(pid_t *live, int *statuses, unsigned long long *ended_ns, size_t count)
{
	ssize_t left = 0;

	for (size_t i = 0; i < count; i++) {
		pid_t ended = live[i] ? waitpid(live[i], &statuses[i], WNOHANG) : 0;

		if (ended < 0)
			return -1;
		if (ended > 0) {
			live[i] = 0;
			ended_ns[i] = cpipeline_now_ns();
		}
		left += live[i] != 0;
	}
	return left;
}

int cpipeline_wait(const pid_t *pids, int *statuses, unsigned long long *ended_ns, size_t count)
{
	pid_t live[count];
	sigset_t set = awaited_signals();
	ssize_t left;

	memcpy(live, pids, sizeof(live));
	while ((left = reap(live, statuses, ended_ns, count)) > 0) {
		siginfo_t info;
		int number = sigwaitinfo(&set, &info);

		if (number < 0 && errno != EINTR)
			return errno;
		if (number < 0 || number == SIGCHLD || info.si_code == SI_KERNEL)
			continue;
		for (size_t i = 0; i < count; i++)
			if (live[i])
				kill(live[i], number);
	}
	return left < 0 ? errno : 0;
}

int cpipeline_wait_briefly(pid_t pid, unsigned timeout_ms, int *status)
{
	const struct timespec pause = {.tv_nsec = 5 * NS_PER_MS};
	unsigned long long deadline = cpipeline_now_ns() + timeout_ms * NS_PER_MS;

	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);

		if (ended)
			return ended < 0 ? -1 : 1;
		if (cpipeline_now_ns() >= deadline)
			return 0;
		nanosleep(&pause, NULL);
	}
}

int cpipeline_pause(unsigned milliseconds)
{
	unsigned long long deadline = cpipeline_now_ns() + milliseconds * NS_PER_MS;
	sigset_t set = awaited_signals();

	sigdelset(&set, SIGCHLD);
	for (;;) {
		unsigned long long now = cpipeline_now_ns();
		unsigned long long left = now < deadline ? deadline - now : 0;
		struct timespec pause = {.tv_sec = left / NS_PER_S, .tv_nsec = left % NS_PER_S};
		int number = sigtimedwait(&set, NULL, &pause);

		if (number > 0)
			return number;
		if (errno != EINTR)
			return 0;
	}
}

int cpipeline_memory_file(void)
{
	return memfd_create("brahe", MFD_CLOEXEC);
}
