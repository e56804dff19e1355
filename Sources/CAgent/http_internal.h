/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include "http_server.h"
#include "tls_settings.h"

/* What one client may ask of us. A scrape's request is under 1 KiB and has no body. */
#define CONNECTIONS   64u
#define IDLE_SECONDS  10u
#define REQUEST_BYTES (16u * 1024u)
#define BODY_BYTES    (4u * 1024u)

struct http_server {
	http_handler handler;
	void *context;
	bool secure;
	/* Of the newest first; older ones stay for as long as a connection uses them. */
	struct tls_settings *tls;
	/* One epoll instance that holds those of all daemons. */
	int epoll;
	size_t daemon_count;
	struct MHD_Daemon **daemons;
};

/* libmicrohttpd's access handler; `server` is a struct http_server. */
enum MHD_Result http_answer(void *server, struct MHD_Connection *connection, const char *url,
			    const char *method, const char *version, const char *upload,
			    size_t *upload_size, void **state);

/* Counts one user more of the settings and puts them on a session that has not begun its
 * handshake; false when GnuTLS refuses, and then nothing is counted. */
bool tls_settings_apply(struct tls_settings *settings, gnutls_session_t session);

/* Counts one user less. */
void tls_settings_leave(struct tls_settings *settings);

/* Puts `settings` before `older`, and returns `settings`. */
struct tls_settings *tls_settings_prepend(struct tls_settings *settings,
					  struct tls_settings *older);

/* Frees the settings after the newest that nobody uses. */
void tls_settings_free_unused(struct tls_settings *newest);

/* Frees all settings. */
void tls_settings_free_all(struct tls_settings *newest);

#endif
