// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include "libcurl.h"

struct libcurl libcurl;

const char *libcurl_load(void)
{
	static void *library;

	if (library)
		return NULL;
	/* Debian has two builds of it; either does. */
	library = dlopen("libcurl.so.4", RTLD_NOW);
	if (!library)
		library = dlopen("libcurl-gnutls.so.4", RTLD_NOW);
	if (!library)
		return dlerror();
#define FIND(name)                                                                                 \
	libcurl.name = (__typeof__(libcurl.name))dlsym(library, #name);                            \
	if (!libcurl.name) {                                                                       \
		dlclose(library);                                                                  \
		library = NULL;                                                                    \
		return "no " #name " in it";                                                       \
	}
	LIBCURL_CALLS(FIND)
	return NULL;
}
