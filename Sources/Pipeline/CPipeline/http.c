#include "CPipeline.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_LIMIT (64UL << 20)

/* Adds to a string of the answer; 0 if it would become too long. */
static size_t append(char **text, size_t *length, const char *data, size_t size)
{
	char *grown;

	if (*length + size > BODY_LIMIT)
		return 0;
	grown = realloc(*text, *length + size + 1);
	if (!grown)
		return 0;
	memcpy(grown + *length, data, size);
	*text = grown;
	*length += size;
	grown[*length] = 0;
	return size;
}

static size_t append_body(char *data, size_t one, size_t size, void *context)
{
	struct cpipeline_answer *answer = context;

	(void)one;
	return append(&answer->body, &answer->size, data, size);
}

static size_t append_header(char *data, size_t one, size_t size, void *context)
{
	struct cpipeline_answer *answer = context;

	(void)one;
	/* A status line begins another response: after 100 Continue, or after a redirect. */
	if (size > 5 && !memcmp(data, "HTTP/", 5))
		answer->headers_size = 0;
	return append(&answer->headers, &answer->headers_size, data, size);
}

static void say(struct cpipeline_answer *answer, const char *reason)
{
	snprintf(answer->error, sizeof(answer->error), "%s", reason);
}

static struct curl_slist *header_list(const struct cpipeline_request *request)
{
	struct curl_slist *list = NULL;

	for (const char *const *header = request->headers; header && *header; header++) {
		struct curl_slist *longer = curl_slist_append(list, *header);

		if (!longer)
			break;
		list = longer;
	}
	return list;
}

static CURLcode perform(CURL *curl, const struct cpipeline_request *request,
			struct curl_slist *headers, char *reason, struct cpipeline_answer *answer)
{
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (!request->proxy)
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, request->follow ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, append_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (request->body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	}
	if (strcmp(request->method, "GET"))
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	code = curl_easy_setopt(curl, CURLOPT_URL, request->url);
	if (code)
		return code;
	return curl_easy_perform(curl);
}

/* The failures that come before the first byte of a request is sent. */
static bool never_sent(CURLcode code)
{
	switch (code) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return true;
	default:
		return false;
	}
}

void cpipeline_http(const struct cpipeline_request *request, struct cpipeline_answer *answer)
{
	char reason[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = header_list(request);
	CURLcode code;

	memset(answer, 0, sizeof(*answer));
	if (!curl) {
		curl_slist_free_all(headers);
		say(answer, "libcurl does not start");
		return;
	}
	code = perform(curl, request, headers, reason, answer);
	answer->reached = !never_sent(code);
	if (code == CURLE_WRITE_ERROR)
		say(answer, "the answer is longer than 64 MiB");
	else if (code)
		say(answer, reason[0] ? reason : curl_easy_strerror(code));
	else
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
}

void cpipeline_answer_free(struct cpipeline_answer *answer)
{
	free(answer->body);
	free(answer->headers);
	memset(answer, 0, sizeof(*answer));
}
