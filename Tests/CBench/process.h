/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_H
#define PROCESS_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

/* Makes a forked child go when its parent goes; false where that is too late already. */
static inline bool die_with(pid_t parent)
{
	return !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == parent;
}

/* Moves the calling process into the cgroup whose cgroup.procs is at `procs`. */
static inline bool join(const char *procs)
{
	int file = open(procs, O_WRONLY | O_CLOEXEC);
	bool joined = file >= 0 && write(file, "0", 1) == 1;

	if (file >= 0)
		close(file);
	return joined;
}

#endif
