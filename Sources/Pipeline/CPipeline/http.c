#include "CPipeline.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_LIMIT (64UL << 20)

static size_t append(char *data, size_t one, size_t size, void *context)
{
	struct cpipeline_answer *answer = context;
	char *body;

	(void)one;
	if (answer->size + size > BODY_LIMIT)
		return 0;
	body = realloc(answer->body, answer->size + size + 1);
	if (!body)
		return 0;
	memcpy(body + answer->size, data, size);
	answer->body = body;
	answer->size += size;
	body[answer->size] = 0;
	return size;
}

static void say(struct cpipeline_answer *answer, const char *reason)
{
	snprintf(answer->error, sizeof(answer->error), "%s", reason);
}

static CURLcode request(CURL *curl, const char *url, bool post, long timeout_ms, char *reason,
			struct cpipeline_answer *answer)
{
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	if (post) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	}
	code = curl_easy_setopt(curl, CURLOPT_URL, url);
	if (code)
		return code;
	return curl_easy_perform(curl);
}

void cpipeline_http(const char *url, bool post, long timeout_ms, struct cpipeline_answer *answer)
{
	char reason[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;

	memset(answer, 0, sizeof(*answer));
	if (!curl) {
		say(answer, "libcurl does not start");
		return;
	}
	code = request(curl, url, post, timeout_ms, reason, answer);
	if (code == CURLE_WRITE_ERROR)
		say(answer, "the answer is longer than 64 MiB");
	else if (code)
		say(answer, reason[0] ? reason : curl_easy_strerror(code));
	else
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_cleanup(curl);
}

void cpipeline_answer_free(struct cpipeline_answer *answer)
{
	free(answer->body);
	answer->body = NULL;
	answer->size = 0;
}
