/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// One GET at a time, never waiting: libcurl's multi interface, whose options are variadic, behind
/// an epoll descriptor.
///
/// libcurl is loaded when the first client is opened, not linked: with its two dozen libraries it
/// is 3.4 MB of memory, which an agent that asks nobody does without. It starts no thread as long
/// as the host is a number, or `addresses` says what its name means.
struct http_client;

/// What came back. `error` is NULL when an answer with `status` did; the body lives until
/// `http_client_finish`.
struct http_answer {
	const char *_Nullable error;
	long status;
	const char *_Nullable body;
	size_t length;
};

/// A client of one URL. `ca_file` NULL means the system's authorities; `addresses` is NULL or
/// `HOST:PORT:ADDRESS[,ADDRESS]`. An answer longer than `limit` bytes, or one that takes longer
/// than `timeout_ms`, is an error. NULL on failure, with the reason in `reason`.
struct http_client *_Nullable http_client_open(const char *url, const char *_Nullable ca_file,
					       const char *_Nullable addresses, size_t limit,
					       long timeout_ms, char *reason, size_t reason_size);

/// A descriptor that turns readable when `http_client_run` has work.
int http_client_descriptor(struct http_client *client);

/// Makes the descriptor turn readable when `other` does, too.
bool http_client_watch(struct http_client *client, int other);

/// Starts a request; `bearer` is its token, or NULL. False when one is under way or libcurl
/// refuses.
bool http_client_start(struct http_client *client, const char *_Nullable bearer);

/// Does the work there is, without waiting; true when the request that was started is over.
bool http_client_run(struct http_client *client);

/// The answer to the request that is over.
struct http_answer http_client_answer(struct http_client *client);

/// Frees the answer's body.
void http_client_finish(struct http_client *client);

/// Ends everything.
void http_client_close(struct http_client *client);

#pragma clang assume_nonnull end
#endif
