/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GZIP_H
#define GZIP_H

#include <stddef.h>

#pragma clang assume_nonnull begin

struct gzip;

/// A compressor with its state, about 256 KiB, and a buffer that grows to the largest page; NULL
/// when out of memory.
struct gzip *_Nullable gzip_new(void);

void gzip_free(struct gzip *gzip);

/// Compresses at level 1 and returns the result's length; 0 when out of memory. The result stays
/// until the next call. Nothing is allocated once the buffer has grown.
size_t gzip_compress(struct gzip *gzip, const void *bytes, size_t length);

/// The last result.
const void *_Nullable gzip_result(const struct gzip *gzip);

#pragma clang assume_nonnull end
#endif
