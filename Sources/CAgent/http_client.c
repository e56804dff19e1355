// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "http_client.h"
#include "libcurl.h"

struct http_client {
	CURL *easy;
	CURLM *multi;
	struct curl_slist *addresses;
	int epoll;
	int timer;
	int watched;
	size_t limit;
	bool busy;
	bool too_long;
	char reason[CURL_ERROR_SIZE];
	struct http_answer answer;
	char *body;
	size_t room;
};

static size_t append(char *data, size_t one, size_t size, void *context)
{
	struct http_client *client = context;
	size_t length = client->answer.length + size;

	(void)one;
	if (length > client->limit) {
		client->too_long = true;
		return 0;
	}
	if (length > client->room) {
		size_t room = length > 32768 ? length * 2 : 65536;
		char *body = realloc(client->body, room);

		if (!body)
			return 0;
		client->body = body;
		client->room = room;
	}
	memcpy(client->body + client->answer.length, data, size);
	client->answer.length = length;
	return size;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *unused)
{
	struct epoll_event event = {.data.fd = socket};
	struct http_client *client = context;

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(client->epoll, EPOLL_CTL_DEL, socket, &event);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(client->epoll, EPOLL_CTL_MOD, socket, &event))
		return epoll_ctl(client->epoll, EPOLL_CTL_ADD, socket, &event);
	return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context)
{
	struct http_client *client = context;
	struct itimerspec when = {0};

	(void)multi;
	/* All zeros would disarm it, and none is negative. */
	if (milliseconds >= 0) {
		when.it_value.tv_sec = milliseconds / 1000;
		when.it_value.tv_nsec = milliseconds % 1000 * 1000000 + 1;
	}
	return timerfd_settime(client->timer, 0, &when, NULL);
}

bool http_client_watch(struct http_client *client, int other)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = other};

	client->watched = other;
	return epoll_ctl(client->epoll, EPOLL_CTL_ADD, other, &event) == 0;
}

static bool set_up(struct http_client *client, const char *url, const char *ca_file,
		   const char *addresses, long timeout_ms)
{
	struct epoll_event timer = {.events = EPOLLIN, .data.fd = client->timer};
	CURL *easy = client->easy;

	if (epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->timer, &timer))
		return false;
	if (addresses) {
		client->addresses = libcurl.curl_slist_append(NULL, addresses);
		libcurl.curl_easy_setopt(easy, CURLOPT_RESOLVE, client->addresses);
	}
	if (ca_file)
		libcurl.curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	libcurl.curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->reason);
	libcurl.curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	libcurl.curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	/* A token goes to whom it is meant for. */
	libcurl.curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	libcurl.curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	libcurl.curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	libcurl.curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
	libcurl.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
	libcurl.curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
	libcurl.curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	libcurl.curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
	libcurl.curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	libcurl.curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	return libcurl.curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

struct http_client *http_client_open(const char *url, const char *ca_file, const char *addresses,
				     size_t limit, long timeout_ms, char *reason,
				     size_t reason_size)
{
	const char *missing = libcurl_load();
	struct http_client *client;

	if (missing) {
		snprintf(reason, reason_size, "load libcurl: %s", missing);
		return NULL;
	}
	client = calloc(1, sizeof(*client));
	if (!client)
		return NULL;
	client->limit = limit;
	client->watched = -1;
	client->epoll = epoll_create1(EPOLL_CLOEXEC);
	client->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	client->easy = libcurl.curl_easy_init();
	client->multi = libcurl.curl_multi_init();
	if (client->epoll >= 0 && client->timer >= 0 && client->easy && client->multi &&
	    set_up(client, url, ca_file, addresses, timeout_ms))
		return client;
	snprintf(reason, reason_size, "libcurl does not start on %s", url);
	http_client_close(client);
	return NULL;
}

int http_client_descriptor(struct http_client *client)
{
	return client->epoll;
}

bool http_client_start(struct http_client *client, const char *bearer)
{
	if (client->busy)
		return false;
	http_client_finish(client);
	memset(&client->answer, 0, sizeof(client->answer));
	client->reason[0] = 0;
	client->too_long = false;
	libcurl.curl_easy_setopt(client->easy, CURLOPT_HTTPAUTH,
				 (long)(bearer ? CURLAUTH_BEARER : CURLAUTH_NONE));
	libcurl.curl_easy_setopt(client->easy, CURLOPT_XOAUTH2_BEARER, bearer);
	client->busy = libcurl.curl_multi_add_handle(client->multi, client->easy) == CURLM_OK;
	return client->busy;
}

static bool is_over(struct http_client *client)
{
	const CURLMsg *message;
	CURLcode code;
	int left;

	message = libcurl.curl_multi_info_read(client->multi, &left);
	if (!message || message->msg != CURLMSG_DONE)
		return false;
	code = message->data.result;
	libcurl.curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &client->answer.status);
	libcurl.curl_multi_remove_handle(client->multi, client->easy);
	client->busy = false;
	client->answer.body = client->body;
	if (client->too_long)
		snprintf(client->reason, sizeof(client->reason),
			 "the answer is longer than %zu bytes", client->limit);
	else if (code != CURLE_OK && !client->reason[0])
		snprintf(client->reason, sizeof(client->reason), "%s",
			 libcurl.curl_easy_strerror(code));
	if (code != CURLE_OK)
		client->answer.error = client->reason;
	return true;
}

bool http_client_run(struct http_client *client)
{
	struct epoll_event events[4];
	int running;

	/* Round after round while there is more, but not for as long as a fast peer likes. */
	for (int round = 0; round < 256; round++) {
		int n = epoll_wait(client->epoll, events, 4, 0);
		bool worked = false;

		for (int i = 0; i < n; i++) {
			unsigned long long expirations;
			int descriptor = events[i].data.fd;
			int mask = 0;

			if (descriptor == client->watched)
				continue;
			worked = true;
			if (descriptor == client->timer) {
				if (read(client->timer, &expirations, sizeof(expirations)) > 0)
					libcurl.curl_multi_socket_action(
					    client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
				continue;
			}
			if (events[i].events & EPOLLIN)
				mask |= CURL_CSELECT_IN;
			if (events[i].events & EPOLLOUT)
				mask |= CURL_CSELECT_OUT;
			if (events[i].events & (EPOLLERR | EPOLLHUP))
				mask |= CURL_CSELECT_ERR;
			libcurl.curl_multi_socket_action(client->multi, descriptor, mask, &running);
		}
		if (is_over(client))
			return true;
		if (!worked)
			break;
	}
	return false;
}

struct http_answer http_client_answer(struct http_client *client)
{
	return client->answer;
}

void http_client_finish(struct http_client *client)
{
	free(client->body);
	client->body = NULL;
	client->room = 0;
	client->answer.body = NULL;
	client->answer.length = 0;
}

void http_client_close(struct http_client *client)
{
	if (client->busy)
		libcurl.curl_multi_remove_handle(client->multi, client->easy);
	if (client->easy)
		libcurl.curl_easy_cleanup(client->easy);
	if (client->multi)
		libcurl.curl_multi_cleanup(client->multi);
	libcurl.curl_slist_free_all(client->addresses);
	if (client->timer >= 0)
		close(client->timer);
	if (client->epoll >= 0)
		close(client->epoll);
	free(client->body);
	free(client);
}
