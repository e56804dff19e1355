// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <gnutls/x509.h>
#include "http_internal.h"

struct tls_settings {
	struct tls_settings *older;
	size_t users;
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	gnutls_certificate_request_t request;
	bool verify;
	size_t name_count;
	char **names;
};

/* A subject alternative name as its text: an address in numbers and dots or colons, others as they
 * are. NULL when it is none that has a text. */
static const char *name_text(unsigned int type, char *name, size_t size, char *address)
{
	switch (type) {
	case GNUTLS_SAN_DNSNAME:
	case GNUTLS_SAN_RFC822NAME:
	case GNUTLS_SAN_URI:
		/* A NUL inside would cut a name short and make it another. */
		return strlen(name) == size ? name : NULL;
	case GNUTLS_SAN_IPADDRESS:
		if (size != 4 && size != 16)
			return NULL;
		return inet_ntop(size == 4 ? AF_INET : AF_INET6, name, address, INET6_ADDRSTRLEN);
	default:
		return NULL;
	}
}

static bool has_allowed_name(const struct tls_settings *settings, gnutls_x509_crt_t certificate)
{
	char name[1024];
	char address[INET6_ADDRSTRLEN];
	const char *text;
	size_t size;
	int type;

	for (unsigned int i = 0;; i++) {
		size = sizeof(name) - 1;
		type = gnutls_x509_crt_get_subject_alt_name(certificate, i, name, &size, NULL);
		if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			return false;
		if (type < 0)
			continue;
		name[size] = 0;
		text = name_text(type, name, size, address);
		for (size_t n = 0; text && n < settings->name_count; n++)
			if (strcmp(text, settings->names[n]) == 0)
				return true;
	}
}

static bool first_is_allowed(const struct tls_settings *settings, const gnutls_datum_t *first)
{
	gnutls_x509_crt_t certificate;
	bool allowed = false;

	if (gnutls_x509_crt_init(&certificate))
		return false;
	if (gnutls_x509_crt_import(certificate, first, GNUTLS_X509_FMT_DER) == 0)
		allowed = has_allowed_name(settings, certificate);
	gnutls_x509_crt_deinit(certificate);
	return allowed;
}

/* Whether a client with these certificates may come in. Who has to show one is GnuTLS's matter. */
static bool is_welcome(const struct tls_settings *settings, gnutls_session_t session)
{
	gnutls_typed_vdata_st purpose = {GNUTLS_DT_KEY_PURPOSE_OID,
					 (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0};
	const gnutls_datum_t *certificates;
	unsigned int count = 0;
	unsigned int status;

	certificates = gnutls_certificate_get_peers(session, &count);
	if (!certificates || count == 0)
		return settings->name_count == 0;
	if (settings->verify &&
	    (gnutls_certificate_verify_peers(session, &purpose, 1, &status) || status))
		return false;
	return settings->name_count == 0 || first_is_allowed(settings, certificates);
}

/* Runs inside the handshake, which fails unless this returns 0. */
static int judge_client(gnutls_session_t session)
{
	if (is_welcome(gnutls_db_get_ptr(session), session))
		return 0;
	/* libmicrohttpd hangs up without a word, and the client would not know why. */
	gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_BAD_CERTIFICATE);
	return GNUTLS_E_CERTIFICATE_ERROR;
}

struct tls_settings *tls_settings_new(void)
{
	struct tls_settings *settings = calloc(1, sizeof(*settings));

	if (!settings)
		return NULL;
	settings->request = GNUTLS_CERT_IGNORE;
	if (gnutls_certificate_allocate_credentials(&settings->credentials)) {
		free(settings);
		return NULL;
	}
	return settings;
}

void tls_settings_free(struct tls_settings *settings)
{
	for (size_t n = 0; n < settings->name_count; n++)
		free(settings->names[n]);
	free(settings->names);
	if (settings->priority)
		gnutls_priority_deinit(settings->priority);
	gnutls_certificate_free_credentials(settings->credentials);
	free(settings);
}

static gnutls_datum_t datum(const void *bytes, size_t length)
{
	return (gnutls_datum_t){(unsigned char *)bytes, length};
}

int tls_settings_set_certificate(struct tls_settings *settings, const void *certificate,
				 size_t certificate_length, const void *key, size_t key_length)
{
	gnutls_datum_t certificates = datum(certificate, certificate_length);
	gnutls_datum_t private = datum(key, key_length);

	return gnutls_certificate_set_x509_key_mem2(settings->credentials, &certificates, &private,
						    GNUTLS_X509_FMT_PEM, NULL, 0);
}

int tls_settings_set_priority(struct tls_settings *settings, const char *priority)
{
	return gnutls_priority_init2(&settings->priority, priority, NULL, 0);
}

int tls_settings_set_client_ca(struct tls_settings *settings, const void *pem, size_t length)
{
	gnutls_datum_t authorities = datum(pem, length);
	int count = gnutls_certificate_set_x509_trust_mem(settings->credentials, &authorities,
							  GNUTLS_X509_FMT_PEM);

	if (count == 0)
		return GNUTLS_E_NO_CERTIFICATE_FOUND;
	return count < 0 ? count : 0;
}

void tls_settings_set_client_auth(struct tls_settings *settings, bool request, bool require,
				  bool verify)
{
	if (request)
		settings->request = require ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_REQUEST;
	settings->verify = verify;
}

bool tls_settings_allow_name(struct tls_settings *settings, const char *name)
{
	char **names = realloc(settings->names, (settings->name_count + 1) * sizeof(*names));

	if (!names)
		return false;
	settings->names = names;
	names[settings->name_count] = strdup(name);
	return names[settings->name_count] && ++settings->name_count;
}

bool tls_settings_apply(struct tls_settings *settings, gnutls_session_t session)
{
	if (gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, settings->credentials) ||
	    gnutls_priority_set(session, settings->priority))
		return false;
	gnutls_certificate_server_set_request(session, settings->request);
	/* The one pointer of a session that libmicrohttpd leaves to us: there is no resumption. */
	gnutls_db_set_ptr(session, settings);
	if (settings->request != GNUTLS_CERT_IGNORE)
		gnutls_session_set_verify_function(session, judge_client);
	settings->users++;
	return true;
}

void tls_settings_leave(struct tls_settings *settings)
{
	settings->users--;
}

struct tls_settings *tls_settings_prepend(struct tls_settings *settings, struct tls_settings *older)
{
	settings->older = older;
	return settings;
}

void tls_settings_free_unused(struct tls_settings *newest)
{
	struct tls_settings **place = &newest->older;
	struct tls_settings *settings;

	while ((settings = *place)) {
		if (settings->users) {
			place = &settings->older;
			continue;
		}
		*place = settings->older;
		tls_settings_free(settings);
	}
}

void tls_settings_free_all(struct tls_settings *newest)
{
	struct tls_settings *older;

	for (; newest; newest = older) {
		older = newest->older;
		tls_settings_free(newest);
	}
}

int tls_priority_suite(const char *priority, unsigned int place)
{
	unsigned char number[2];
	gnutls_priority_t cache;
	unsigned int index;
	int result;

	if (gnutls_priority_init2(&cache, priority, NULL, 0))
		return -1;
	result = gnutls_priority_get_cipher_suite_index(cache, place, &index);
	gnutls_priority_deinit(cache);
	if (result == GNUTLS_E_UNKNOWN_CIPHER_SUITE)
		return -2;
	if (result || !gnutls_cipher_suite_info(index, number, NULL, NULL, NULL, NULL))
		return -1;
	return number[0] << 8 | number[1];
}

const char *tls_error_text(int error)
{
	return gnutls_strerror(error);
}
