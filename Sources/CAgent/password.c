// SPDX-License-Identifier: Apache-2.0
#include <crypt.h>
#include <string.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include "password.h"

bool password_matches(const char *password, const char *hash)
{
	/* 32 KiB; there is one thread. */
	static struct crypt_data data;
	const char *found = crypt_r(password, hash, &data);
	bool matches;

	/* A failure is NULL or a text that begins with '*' and is no hash of anything. */
	matches =
	    found && strlen(found) == strlen(hash) && gnutls_memcmp(found, hash, strlen(hash)) == 0;
	gnutls_memset(&data, 0, sizeof(data));
	return matches;
}

size_t credential_decode(const char *base64, unsigned char *bytes, size_t capacity)
{
	gnutls_datum_t text = {(unsigned char *)base64, strlen(base64)};
	gnutls_datum_t decoded;
	size_t length;

	if (gnutls_base64_decode2(&text, &decoded))
		return 0;
	length = decoded.size <= capacity ? decoded.size : 0;
	memcpy(bytes, decoded.data, length);
	gnutls_memset(decoded.data, 0, decoded.size);
	gnutls_free(decoded.data);
	return length;
}

bool credential_digest(const void *bytes, size_t length, unsigned char *digest)
{
	static unsigned char key[CREDENTIAL_DIGEST_BYTES];
	static bool made;

	if (!made && gnutls_rnd(GNUTLS_RND_KEY, key, sizeof(key)))
		return false;
	made = true;
	return gnutls_hmac_fast(GNUTLS_MAC_SHA256, key, sizeof(key), bytes, length, digest) == 0;
}

bool credential_digests_equal(const unsigned char *a, const unsigned char *b)
{
	return gnutls_memcmp(a, b, CREDENTIAL_DIGEST_BYTES) == 0;
}
