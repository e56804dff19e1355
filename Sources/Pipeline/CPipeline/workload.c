#include "CPipeline.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S  1e9
#define NS_PER_MS 1000000ULL

static unsigned long long deadline_after(double seconds)
{
	return cpipeline_now_ns() + (unsigned long long)(seconds * NS_PER_S);
}

/* The clock is read through the vDSO, so this stays in user space. */
static void spin_until(unsigned long long deadline_ns)
{
	while (cpipeline_now_ns() < deadline_ns)
		;
}

void cpipeline_steady(double seconds)
{
	spin_until(deadline_after(seconds));
}

void cpipeline_bursty(double seconds)
{
	const struct timespec pause = {.tv_nsec = 200 * NS_PER_MS};
	unsigned long long deadline = deadline_after(seconds);

	while (cpipeline_now_ns() < deadline) {
		spin_until(cpipeline_now_ns() + 100 * NS_PER_MS);
		nanosleep(&pause, NULL);
	}
}

long cpipeline_storm(double seconds)
{
	unsigned long long deadline = deadline_after(seconds);
	long children = 0;

	while (cpipeline_now_ns() < deadline) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0) {
			unsigned long long now = cpipeline_now_ns();

			spin_until(now + NS_PER_MS + now % NS_PER_MS);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
		children++;
	}
	return children;
}
