// SPDX-License-Identifier: Apache-2.0
/* Stands before glibc's allocator for the whole process, the Swift runtime and libbpf included, and
 * counts. The executable's own symbols win over a library's. */
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>
#include "CBench.h"

#define FRAMES 24

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static atomic_ulong asked;
static atomic_bool tracing;

static void count(void)
{
	void *frames[FRAMES];
	int depth;

	atomic_fetch_add_explicit(&asked, 1, memory_order_relaxed);
	/* The tracer may allocate itself. */
	if (!atomic_load_explicit(&tracing, memory_order_relaxed) ||
	    !atomic_exchange(&tracing, false))
		return;
	depth = backtrace(frames, FRAMES);
	backtrace_symbols_fd(frames, depth, STDERR_FILENO);
	(void)!write(STDERR_FILENO, "\n", 1);
	atomic_store(&tracing, true);
}

void *malloc(size_t size)
{
	count();
	return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	count();
	return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
	count();
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	count();
	return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
	count();
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	void *found;

	count();
	found = __libc_memalign(alignment, size);
	if (!found)
		return ENOMEM;
	*memory = found;
	return 0;
}

void free(void *memory)
{
	__libc_free(memory);
}

unsigned long cbench_mallocs(void)
{
	return atomic_load_explicit(&asked, memory_order_relaxed);
}

void cbench_trace_mallocs(bool on)
{
	void *frame;

	/* The first backtrace loads libgcc. */
	if (on)
		backtrace(&frame, 1);
	atomic_store(&tracing, on);
}
