// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "http_internal.h"

static bool is_local(const struct sockaddr *address)
{
	static const unsigned char mapped[13] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127};

	switch (address->sa_family) {
	case AF_UNIX:
		return true;
	case AF_INET: {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;

		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	case AF_INET6: {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;

		return IN6_IS_ADDR_LOOPBACK(v6) || memcmp(v6, mapped, sizeof(mapped)) == 0;
	}
	default:
		return false;
	}
}

/* An IPv4 address in full; of an IPv6 address the network, for a host has all of it to itself. */
static uint64_t peer_of(const struct sockaddr *address)
{
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
	uint64_t peer = 0;

	if (address->sa_family == AF_INET)
		return ((const struct sockaddr_in *)address)->sin_addr.s_addr;
	if (address->sa_family == AF_INET6)
		memcpy(&peer, IN6_IS_ADDR_V4MAPPED(v6) ? &v6->s6_addr[8] : v6->s6_addr, 8);
	return peer;
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
	if (reply->header_count == HTTP_REPLY_HEADERS)
		return;
	reply->headers[reply->header_count].name = name;
	reply->headers[reply->header_count].value = value;
	reply->header_count++;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, const struct http_reply *reply)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = MHD_create_response_from_buffer(reply->length, (void *)reply->body,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	for (size_t i = 0; i < reply->header_count; i++)
		MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
	result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result handle(struct http_server *server, struct MHD_Connection *connection,
			      const char *method, const char *url, bool oversized)
{
	struct http_reply reply = {.status = 500, .body = ""};
	struct http_request request = {.method = method, .path = url, .oversized = oversized};
	const union MHD_ConnectionInfo *client;

	client = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (client && client->client_addr) {
		request.local = is_local(client->client_addr);
		request.peer = peer_of(client->client_addr);
	}
	request.accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept");
	request.accept_encoding =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
	request.authorization =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
	server->handler(server->context, &request, &reply);
	return send_reply(connection, &reply);
}

/* libmicrohttpd calls this once when the headers are in, again for each piece of a body, and last
 * with none; `*state` counts the body's bytes, offset by one so that it is not NULL. */
enum MHD_Result http_answer(void *cls, struct MHD_Connection *connection, const char *url,
			    const char *method, const char *version, const char *upload,
			    size_t *upload_size, void **state)
{
	size_t seen = (size_t)*state;
	const char *announced;

	(void)version;
	(void)upload;
	if (seen == 0) {
		announced = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
							MHD_HTTP_HEADER_CONTENT_LENGTH);
		/* Answered before the body is read; libmicrohttpd then hangs up. */
		if (announced && strtoull(announced, NULL, 10) > BODY_BYTES)
			return handle(cls, connection, method, url, true);
		*state = (void *)1;
		return MHD_YES;
	}
	if (*upload_size) {
		seen += *upload_size;
		*upload_size = 0;
		*state = (void *)seen;
		/* One whose length is not announced gets its answer at the end, if that ever comes.
		 */
		return seen > 16 * BODY_BYTES ? MHD_NO : MHD_YES;
	}
	return handle(cls, connection, method, url, seen - 1 > BODY_BYTES);
}
