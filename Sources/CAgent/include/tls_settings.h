/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TLS_SETTINGS_H
#define TLS_SETTINGS_H

/* What a server shows and asks for in a TLS handshake, by GnuTLS. Functions that return an int
 * return 0 or a GnuTLS error code. */

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

struct tls_settings;

/// Empty settings; NULL when out of memory.
struct tls_settings *_Nullable tls_settings_new(void);

void tls_settings_free(struct tls_settings *settings);

/// The server's certificate, with the chain after it, and its key, both PEM; they have to match.
int tls_settings_set_certificate(struct tls_settings *settings, const void *certificate,
				 size_t certificate_length, const void *key, size_t key_length);

/// Versions, suites and groups as a GnuTLS priority string.
int tls_settings_set_priority(struct tls_settings *settings, const char *priority);

/// The authorities whose client certificates are good, PEM; an error when there is none among them.
int tls_settings_set_client_ca(struct tls_settings *settings, const void *pem, size_t length);

/// Whether clients are asked for a certificate, may not go without, and need one of our
/// authorities.
void tls_settings_set_client_auth(struct tls_settings *settings, bool request, bool require,
				  bool verify);

/// Only client certificates with one of the names given here as subject alternative name pass.
/// False when out of memory.
bool tls_settings_allow_name(struct tls_settings *settings, const char *name);

/// The IANA number of the suite that a priority string enables at this place, TLS 1.3's as
/// 0x13xx; -1 past the last, -2 at places that hold none.
int tls_priority_suite(const char *priority, unsigned int place);

/// A GnuTLS error code in words.
const char *tls_error_text(int error);

#pragma clang assume_nonnull end
#endif
