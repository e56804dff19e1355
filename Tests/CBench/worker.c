// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <time.h>
#include "CBench.h"
#include "process.h"

pid_t cbench_sleeper(const char *procs, unsigned int period_us)
{
	struct timespec pause = {period_us / 1000000, period_us % 1000000 * 1000};
	pid_t parent = getpid();
	pid_t child = fork();

	if (child)
		return child;
	if (!die_with(parent) || !join(procs))
		_exit(1);
	for (;;)
		nanosleep(&pause, NULL);
}

pid_t cbench_spawn(char *const *arguments, int errors)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child)
		return child;
	if (die_with(parent) && dup2(errors, STDERR_FILENO) >= 0)
		execv(arguments[0], arguments);
	_exit(127);
}

static pid_t guarded;

static void end_guarded(int signal)
{
	(void)signal;
	/* It may have inherited that gentler signals are ignored. */
	kill(guarded, SIGKILL);
}

int cbench_guard(void)
{
	struct sigaction action = {.sa_handler = end_guarded, .sa_flags = SA_RESTART};
	pid_t parent = getpid();
	sigset_t signals;
	int status = 0;

	/* None may arrive before there is somebody to pass it on to. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	guarded = fork();
	if (guarded < 0)
		return 1;
	if (guarded == 0) {
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		if (!die_with(parent))
			_exit(1);
		return -1;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	waitpid(guarded, &status, 0);
	return status;
}
