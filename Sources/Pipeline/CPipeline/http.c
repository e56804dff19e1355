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

/* A transfer that is under way. */
struct transfer {
	CURL *curl;
	const struct cpipeline_request *request;
	struct cpipeline_answer *answer;
	/* The sink wanted no more. */
	bool refused;
};

static size_t take_body(char *data, size_t one, size_t size, void *context)
{
	struct transfer *transfer = context;
	const struct cpipeline_request *request = transfer->request;
	long status = 0;

	(void)one;
	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	if (!request->sink || status != 200)
		return append(&transfer->answer->body, &transfer->answer->size, data, size);
	transfer->refused = !request->sink(request->sink_context, data, size);
	return transfer->refused ? 0 : size;
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

static void set_access(CURL *curl, const struct cpipeline_access *access)
{
	if (access->ca_file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, access->ca_file);
	if (access->cert_file)
		curl_easy_setopt(curl, CURLOPT_SSLCERT, access->cert_file);
	if (access->key_file)
		curl_easy_setopt(curl, CURLOPT_SSLKEY, access->key_file);
	if (access->insecure) {
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (access->user) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, access->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, access->password ? access->password : "");
	}
}

static CURLcode perform(struct transfer *transfer, struct curl_slist *headers, char *reason)
{
	const struct cpipeline_request *request = transfer->request;
	struct cpipeline_answer *answer = transfer->answer;
	CURL *curl = transfer->curl;
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (!request->proxy)
		curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, request->follow ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, append_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	set_access(curl, &request->access);
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
	case CURLE_SSL_CERTPROBLEM:
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
	struct transfer transfer = {.curl = curl, .request = request, .answer = answer};
	CURLcode code;

	memset(answer, 0, sizeof(*answer));
	if (!curl) {
		curl_slist_free_all(headers);
		say(answer, "libcurl does not start");
		return;
	}
	code = perform(&transfer, headers, reason);
	answer->reached = !never_sent(code);
	if (transfer.refused)
		say(answer, "the answer makes no sense");
	else if (code == CURLE_WRITE_ERROR)
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
