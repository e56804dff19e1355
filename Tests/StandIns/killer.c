/*
 * Preloaded into a program that keeps a journal: kills it, or fills its disk, at one exact write
 * to the file called journal.jsonl.
 *
 * KILLER_AT	the number of the write, from 1
 * KILLER_WHEN	before	killed before anything is written
 *		half	killed after half of it is written
 *		after	killed once it is written
 *		full	from this write on the disk takes half of what is written, then nothing
 *		once	the same for this write alone
 * KILLER_COUNT	a file that gets the number of writes, and how many of them were on the disk before
 *the next one, at each write and fsync
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t write_function(int, const void *, size_t);

static unsigned long writes;
static unsigned long synced;
static bool is_synced = true;
static bool full;

static bool is_journal(int fd)
{
	static const char name[] = "/journal.jsonl";
	char link[64];
	char path[4096];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, path, sizeof(path) - 1);
	if (size < (ssize_t)sizeof(name) - 1)
		return false;
	path[size] = 0;
	return strcmp(path + size - (sizeof(name) - 1), name) == 0;
}

static void report(void)
{
	write_function *real = (write_function *)dlsym(RTLD_NEXT, "write");
	const char *path = getenv("KILLER_COUNT");
	char number[48];
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;

	if (fd < 0)
		return;
	snprintf(number, sizeof(number), "%lu %lu\n", writes, synced);
	if (real(fd, number, strlen(number)) < 0)
		abort();
	close(fd);
}

static void end(void)
{
	kill(getpid(), SIGKILL);
}

static ssize_t fill(write_function *real, int fd, const void *bytes, size_t size)
{
	if (!full && size > 1) {
		full = true;
		return real(fd, bytes, size / 2);
	}
	errno = ENOSPC;
	return -1;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	static write_function *real;
	const char *at = getenv("KILLER_AT");
	const char *when = getenv("KILLER_WHEN");
	bool now;
	ssize_t written;

	if (!real)
		real = (write_function *)dlsym(RTLD_NEXT, "write");
	if (!is_journal(fd))
		return real(fd, bytes, size);
	if (full && when && strcmp(when, "full") == 0)
		return fill(real, fd, bytes, size);
	if (full) {
		full = false;
		errno = ENOSPC;
		return -1;
	}
	writes++;
	is_synced = false;
	report();
	now = at && when && writes == strtoul(at, NULL, 10);
	if (now && (strcmp(when, "full") == 0 || strcmp(when, "once") == 0))
		return fill(real, fd, bytes, size);
	if (now && strcmp(when, "before") == 0)
		end();
	written = real(fd, bytes, now && strcmp(when, "half") == 0 ? size / 2 : size);
	if (now)
		end();
	return written;
}

int fsync(int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	int result = real(fd);

	if (!result && !is_synced && is_journal(fd)) {
		is_synced = true;
		synced++;
		report();
	}
	return result;
}
