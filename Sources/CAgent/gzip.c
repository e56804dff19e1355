// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <zlib.h>
#include "gzip.h"

/* zlib's flag for a gzip header in place of its own. */
#define GZIP_WINDOW (MAX_WBITS + 16)

/* zlib's default; its maximum makes pages no smaller, and takes a fifth longer. */
#define GZIP_MEMORY 8

struct gzip {
	z_stream stream;
	unsigned char *buffer;
	size_t capacity;
};

struct gzip *gzip_new(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (!gzip)
		return NULL;
	if (deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

void gzip_free(struct gzip *gzip)
{
	deflateEnd(&gzip->stream);
	free(gzip->buffer);
	free(gzip);
}

size_t gzip_compress(struct gzip *gzip, const void *bytes, size_t length)
{
	size_t bound;

	deflateReset(&gzip->stream);
	bound = deflateBound(&gzip->stream, length);
	if (bound > gzip->capacity) {
		/* Half more, so that a page that grows by a line at a time does not come here each
		 * time. What is never written takes no memory. */
		bound += bound / 2;
		free(gzip->buffer);
		gzip->buffer = malloc(bound);
		gzip->capacity = gzip->buffer ? bound : 0;
		if (!gzip->buffer)
			return 0;
	}
	gzip->stream.next_in = (unsigned char *)bytes;
	gzip->stream.avail_in = length;
	gzip->stream.next_out = gzip->buffer;
	gzip->stream.avail_out = gzip->capacity;
	return deflate(&gzip->stream, Z_FINISH) == Z_STREAM_END ? gzip->stream.total_out : 0;
}

const void *gzip_result(const struct gzip *gzip)
{
	return gzip->buffer;
}
