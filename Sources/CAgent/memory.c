// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include "CAgent.h"

void return_freed_memory(void)
{
	/* Without a fixed threshold glibc raises it to the largest block ever freed, and then keeps
	 * such blocks in the heap for good. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	mallopt(M_TRIM_THRESHOLD, 128 * 1024);
	malloc_trim(0);
}
