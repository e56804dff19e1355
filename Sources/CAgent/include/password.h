/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// Whether a password has this bcrypt hash, by libcrypt; takes as long as the hash's cost says.
bool password_matches(const char *password, const char *hash);

/// Decodes base64 into `bytes`, and returns how many there are; 0 where it is none, or is too long.
size_t credential_decode(const char *base64, unsigned char *bytes, size_t capacity);

#define CREDENTIAL_DIGEST_BYTES 32

/// Writes a digest of `bytes` that only this process can compute: what is remembered of a password
/// is nothing that could be used elsewhere. False when GnuTLS fails.
bool credential_digest(const void *bytes, size_t length, unsigned char *digest);

/// Compares two digests in a time that does not depend on where they differ.
bool credential_digests_equal(const unsigned char *a, const unsigned char *b);

#pragma clang assume_nonnull end
#endif
