// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "CAgent.h"

/* What one client may ask of us. A scrape's request is under 1 KiB and has no body. */
#define CONNECTIONS   64u
#define IDLE_SECONDS  10u
#define REQUEST_BYTES (16u * 1024u)
#define BODY_BYTES    (4u * 1024u)

struct http_server {
	struct MHD_Daemon *daemon;
	int listener;
	http_handler handler;
	void *context;
};

static bool is_loopback(const struct sockaddr *address)
{
	static const unsigned char mapped[13] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127};

	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6) {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;

		return IN6_IS_ADDR_LOOPBACK(v6) || memcmp(v6, mapped, sizeof(mapped)) == 0;
	}
	return false;
}

static enum MHD_Result answer(struct MHD_Connection *connection, const struct http_reply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = MHD_create_response_from_buffer(reply->length, (void *)reply->body,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
	if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse_body(struct MHD_Connection *connection)
{
	static const char text[] = "request body too large\n";
	struct http_reply reply = {413, "text/plain; charset=utf-8", text, sizeof(text) - 1};

	return answer(connection, &reply);
}

/* libmicrohttpd calls this once when the headers are in, again for each piece of a body, and last
 * with none; `*state` counts the body's bytes, offset by one so that it is not NULL. */
static enum MHD_Result handle(void *cls, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct http_reply reply = {500, "text/plain; charset=utf-8", "", 0};
	const union MHD_ConnectionInfo *client;
	struct http_server *server = cls;
	size_t seen = (size_t)*state;

	(void)version;
	(void)upload;
	if (seen == 0) {
		*state = (void *)1;
		return MHD_YES;
	}
	if (*upload_size) {
		seen += *upload_size;
		*upload_size = 0;
		*state = (void *)seen;
		return MHD_YES;
	}
	if (seen - 1 > BODY_BYTES)
		return refuse_body(connection);
	client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	server->handler(server->context, method, url,
			client && client->client_addr && is_loopback(client->client_addr), &reply);
	return answer(connection, &reply);
}

struct http_server *http_server_start(int listener, http_handler handler, void *context)
{
	struct http_server *server = calloc(1, sizeof(*server));

	if (!server)
		return NULL;
	server->handler = handler;
	server->context = context;
	server->listener = listener;
	server->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, listener,
	    MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES, MHD_OPTION_END);
	if (!server->daemon) {
		free(server);
		return NULL;
	}
	return server;
}

int http_server_descriptor(struct http_server *server)
{
	return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int http_server_run(struct http_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;

	MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &wait) != MHD_YES)
		return -1;
	return wait > 60000 ? 60000 : (int)wait;
}

void http_server_stop(struct http_server *server)
{
	MHD_stop_daemon(server->daemon);
	free(server);
}
