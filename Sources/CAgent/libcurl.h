/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIBCURL_H
#define LIBCURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* What is called of libcurl, with the types of its header. */
#define LIBCURL_CALLS(X)                                                                           \
	X(curl_easy_init)                                                                          \
	X(curl_easy_setopt)                                                                        \
	X(curl_easy_getinfo)                                                                       \
	X(curl_easy_strerror)                                                                      \
	X(curl_easy_cleanup)                                                                       \
	X(curl_multi_init)                                                                         \
	X(curl_multi_setopt)                                                                       \
	X(curl_multi_add_handle)                                                                   \
	X(curl_multi_remove_handle)                                                                \
	X(curl_multi_socket_action)                                                                \
	X(curl_multi_info_read)                                                                    \
	X(curl_multi_cleanup)                                                                      \
	X(curl_slist_append)                                                                       \
	X(curl_slist_free_all)

/* Those functions, once libcurl_load has found them. */
extern struct libcurl {
#define LIBCURL_DECLARE(name) __typeof__(&(name)) name;
	LIBCURL_CALLS(LIBCURL_DECLARE)
} libcurl;

/* Loads libcurl where it is not yet; NULL, or why it cannot be. */
const char *libcurl_load(void);

#endif
