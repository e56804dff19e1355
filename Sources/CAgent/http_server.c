// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "http_internal.h"

struct http_server *http_server_start(http_handler handler, void *context, bool tls)
{
	struct http_server *server = calloc(1, sizeof(*server));

	if (!server)
		return NULL;
	server->handler = handler;
	server->context = context;
	server->secure = tls;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (server->epoll < 0) {
		free(server);
		return NULL;
	}
	return server;
}

/* Dresses each new TLS session in our own settings before its first byte is read: this is how a new
 * certificate comes into use while the listener and the connections stay. */
static void notice(void *cls, struct MHD_Connection *connection, void **state,
		   enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info;
	struct http_server *server = cls;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*state)
			tls_settings_leave(*state);
		*state = NULL;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (info && info->tls_session && server->tls &&
	    tls_settings_apply(server->tls, info->tls_session))
		*state = server->tls;
}

/* The certificate of sessions that have no settings of ours: none, so that their handshake fails.
 */
static int no_certificate(gnutls_session_t session, const gnutls_datum_t *authorities, int count,
			  const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
			  gnutls_pcert_st **certificates, unsigned int *certificate_count,
			  gnutls_privkey_t *key)
{
	(void)session;
	(void)authorities;
	(void)count;
	(void)algorithms;
	(void)algorithm_count;
	(void)certificates;
	(void)certificate_count;
	(void)key;
	return -1;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, int listener)
{
	struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem secure[] = {
	    {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)notice, server},
	    {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)no_certificate},
	    {MHD_OPTION_END, 0, NULL},
	};

	return MHD_start_daemon(MHD_USE_EPOLL | (server->secure ? MHD_USE_TLS : 0), 0, NULL, NULL,
				http_answer, server, MHD_OPTION_LISTEN_SOCKET, listener,
				MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
				MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_BYTES,
				MHD_OPTION_ARRAY, server->secure ? secure : plain, MHD_OPTION_END);
}

bool http_server_listen(struct http_server *server, int listener)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct MHD_Daemon **daemons;
	struct MHD_Daemon *daemon;
	int epoll;

	daemons = realloc(server->daemons, (server->daemon_count + 1) * sizeof(*daemons));
	if (daemons)
		server->daemons = daemons;
	daemon = daemons ? start_daemon(server, listener) : NULL;
	if (!daemon) {
		close(listener);
		return false;
	}
	epoll = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, epoll, &event)) {
		MHD_stop_daemon(daemon);
		return false;
	}
	server->daemons[server->daemon_count++] = daemon;
	return true;
}

void http_server_use_tls(struct http_server *server, struct tls_settings *settings)
{
	server->tls = tls_settings_prepend(settings, server->tls);
}

int http_server_descriptor(struct http_server *server)
{
	return server->epoll;
}

int http_server_run(struct http_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait;
	int least = -1;

	for (size_t i = 0; i < server->daemon_count; i++) {
		MHD_run(server->daemons[i]);
		if (MHD_get_timeout(server->daemons[i], &wait) != MHD_YES)
			continue;
		if (wait > 60000)
			wait = 60000;
		if (least < 0 || (int)wait < least)
			least = (int)wait;
	}
	if (server->tls)
		tls_settings_free_unused(server->tls);
	return least;
}

void http_server_stop(struct http_server *server)
{
	for (size_t i = 0; i < server->daemon_count; i++)
		MHD_stop_daemon(server->daemons[i]);
	if (server->tls)
		tls_settings_free_all(server->tls);
	close(server->epoll);
	free(server->daemons);
	free(server);
}
