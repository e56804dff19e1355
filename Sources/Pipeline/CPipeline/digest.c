#include "CPipeline.h"

#include <gnutls/crypto.h>

int cpipeline_sha256(const void *bytes, size_t size, unsigned char digest[32])
{
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, size, digest);
}
