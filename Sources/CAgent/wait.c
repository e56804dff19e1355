// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>
#include "CAgent.h"

int termination_descriptor(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	if (sigprocmask(SIG_BLOCK, &signals, NULL))
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool wait_readable(int first, int second, int third, unsigned long long nanoseconds)
{
	struct timespec timeout = {
	    .tv_sec = nanoseconds / 1000000000,
	    .tv_nsec = nanoseconds % 1000000000,
	};
	struct pollfd sources[] = {
	    {.fd = first, .events = POLLIN},
	    {.fd = second, .events = POLLIN},
	    {.fd = third, .events = POLLIN},
	};

	return ppoll(sources, 3, &timeout, NULL) > 0 && sources[0].revents;
}
