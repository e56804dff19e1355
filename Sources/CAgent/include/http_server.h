/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

/* HTTP by libmicrohttpd, whose start and options are variadic, run by the caller's own loop. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One request, with its body read and thrown away. `path` is without the query.
struct http_request {
	const char *method;
	const char *path;
	const char *_Nullable accept;
	const char *_Nullable accept_encoding;
	const char *_Nullable authorization;
	/// Stands for the client's address without the port; the same for all clients of unix
	/// sockets.
	uint64_t peer;
	/// Whether the client is on this machine: a loopback address or a unix socket.
	bool local;
	/// Whether the body was larger than anything that is asked of us.
	bool oversized;
};

#define HTTP_REPLY_HEADERS 16

/// One answer. Body and headers are copied before the handler's caller goes on.
struct http_reply {
	unsigned int status;
	const void *body;
	size_t length;
	size_t header_count;
	struct {
		const char *name;
		const char *value;
	} headers[HTTP_REPLY_HEADERS];
};

/// Adds a header; one too many is left out.
void http_reply_header(struct http_reply *reply, const char *name, const char *value);

/// Fills `reply` for one request.
typedef void (*http_handler)(void *_Nullable context, const struct http_request *request,
			     struct http_reply *reply);

struct http_server;
struct tls_settings;

/// A server without listeners. With `tls` it speaks TLS only, and hangs up until it has settings.
/// NULL on failure.
struct http_server *_Nullable http_server_start(http_handler handler, void *_Nullable context,
						bool tls);

/// Serves on a listening socket too, and closes it when the server stops or this fails; false on
/// failure.
bool http_server_listen(struct http_server *server, int listener);

/// Uses these TLS settings for connections to come, and owns them; those there are keep theirs.
void http_server_use_tls(struct http_server *server, struct tls_settings *settings);

/// A descriptor that turns readable when the server has work.
int http_server_descriptor(struct http_server *server);

/// Does the work there is, without waiting; returns the milliseconds until a connection times out,
/// or -1 when none will.
int http_server_run(struct http_server *server);

/// Closes every connection and every listener.
void http_server_stop(struct http_server *server);

#pragma clang assume_nonnull end
#endif
