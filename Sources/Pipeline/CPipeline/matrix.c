#include "CPipeline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define SHAPE  "its shape is not that of a matrix"
#define SAMPLE "a sample is not a time and a value"

/*
 * {"status":"success","data":{"resultType":"matrix","result":[
 *   {"metric":{"__name__":"up"},"values":[[1700000302.5,"1"],...]},...]},"warnings":["..."]}
 *
 * What is open at a depth: 1 the answer, 2 data or a list of remarks, 3 result, 4 a series,
 * 5 metric or values, 6 a sample.
 */
enum member { OTHER, REMARK, DATA, RESULT, METRIC, VALUES };

static const struct {
	const char *name;
	/* The depth of the member, and that of the text of a remark. */
	int depth, text_depth;
	enum member member;
	enum cpipeline_remark remark;
} members[] = {
    {"status", 1, 1, REMARK, CPIPELINE_STATUS}, {"errorType", 1, 1, REMARK, CPIPELINE_ERROR_TYPE},
    {"error", 1, 1, REMARK, CPIPELINE_ERROR},	{"warnings", 1, 2, REMARK, CPIPELINE_WARNING},
    {"infos", 1, 2, REMARK, CPIPELINE_INFO},	{"resultType", 2, 2, REMARK, CPIPELINE_RESULT_TYPE},
    {"data", 1, 0, DATA, CPIPELINE_STATUS},	{"result", 2, 0, RESULT, CPIPELINE_STATUS},
    {"metric", 4, 0, METRIC, CPIPELINE_STATUS}, {"values", 4, 0, VALUES, CPIPELINE_STATUS},
};

struct cpipeline_matrix {
	struct cpipeline_matrix_reader reader;
	yajl_handle parser;
	int depth;
	/* The member that is being read, at the depths that have members; and which remark it is.
	 */
	enum member open[5];
	enum cpipeline_remark remark;
	int remark_depth;
	/* The series so far. */
	char *text;
	size_t text_size, text_room;
	size_t *sizes;
	size_t sizes_count, sizes_room;
	struct cpipeline_sample *samples;
	size_t count, room;
	/* How many elements of the sample have been read. */
	int elements;
	struct cpipeline_sample sample;
	char reason[160];
};

static int fail(struct cpipeline_matrix *matrix, const char *reason)
{
	if (!matrix->reason[0])
		snprintf(matrix->reason, sizeof(matrix->reason), "%s", reason);
	return 0;
}

/* Makes room for more elements; false without memory. */
static bool grow(struct cpipeline_matrix *matrix, void **array, size_t *room, size_t wanted,
		 size_t size)
{
	size_t larger = *room ? *room : 64;
	void *grown;

	if (wanted <= *room)
		return true;
	while (larger < wanted)
		larger *= 2;
	grown = reallocarray(*array, larger, size);
	if (!grown)
		return fail(matrix, "no memory");
	*array = grown;
	*room = larger;
	return true;
}

/* Whether the open container of that depth is on the way to what is read. */
static bool leads(const struct cpipeline_matrix *matrix, int depth)
{
	const enum member *open = matrix->open;
	bool is_metric = open[4] == METRIC && depth == 5;

	return (depth < 2 || open[1] == DATA) && (depth < 3 || open[2] == RESULT) &&
	       (depth < 5 || open[4] == VALUES || is_metric) && depth < 7;
}

static int start(struct cpipeline_matrix *matrix, bool map)
{
	int depth = ++matrix->depth;
	bool expected =
	    depth == 1 || depth == 2 || depth == 4 || (depth == 5 && matrix->open[4] == METRIC);

	if (depth > 100)
		return fail(matrix, "too many brackets");
	if (depth < 5)
		matrix->open[depth] = OTHER;
	if (!leads(matrix, depth))
		return 1;
	if (map != expected)
		return fail(matrix, SHAPE);
	if (depth == 4) {
		matrix->text_size = 0;
		matrix->sizes_count = 0;
		matrix->count = 0;
	}
	if (depth == 6)
		matrix->elements = 0;
	return 1;
}

static int on_end(void *context)
{
	struct cpipeline_matrix *matrix = context;
	int depth = matrix->depth--;

	if (!leads(matrix, depth))
		return 1;
	if (depth == 6) {
		if (matrix->elements != 2)
			return fail(matrix, SAMPLE);
		if (!grow(matrix, (void **)&matrix->samples, &matrix->room, matrix->count + 1,
			  sizeof(*matrix->samples)))
			return 0;
		matrix->samples[matrix->count++] = matrix->sample;
	} else if (depth == 5 && matrix->sizes_count % 2) {
		return fail(matrix, SHAPE);
	} else if (depth == 4) {
		struct cpipeline_series series = {
		    .text = matrix->text ? matrix->text : "",
		    .sizes = matrix->sizes ? matrix->sizes : &matrix->text_size,
		    .labels = matrix->sizes_count / 2,
		    .samples = matrix->samples ? matrix->samples : &matrix->sample,
		    .count = matrix->count,
		};

		matrix->reader.series(matrix->reader.context, &series);
	}
	return 1;
}

static int on_start_map(void *context)
{
	return start(context, true);
}

static int on_start_array(void *context)
{
	return start(context, false);
}

static int add_text(struct cpipeline_matrix *matrix, const char *text, size_t size)
{
	if (!grow(matrix, (void **)&matrix->text, &matrix->text_room, matrix->text_size + size,
		  1) ||
	    !grow(matrix, (void **)&matrix->sizes, &matrix->sizes_room, matrix->sizes_count + 1,
		  sizeof(*matrix->sizes)))
		return 0;
	if (size)
		memcpy(matrix->text + matrix->text_size, text, size);
	matrix->text_size += size;
	matrix->sizes[matrix->sizes_count++] = size;
	return 1;
}

/* A number of so many characters and nothing else. */
static bool number(const char *text, size_t size, double *value)
{
	char copy[64];
	char *rest;

	if (!size || size >= sizeof(copy) || !memchr("0123456789+-.NI", text[0], 15))
		return false;
	memcpy(copy, text, size);
	copy[size] = 0;
	*value = strtod(copy, &rest);
	return rest == copy + size;
}

static int on_key(void *context, const unsigned char *bytes, size_t size)
{
	struct cpipeline_matrix *matrix = context;
	const char *name = (const char *)bytes;

	if (matrix->depth == 5 && leads(matrix, 5))
		return matrix->sizes_count % 2 ? fail(matrix, SHAPE) : add_text(matrix, name, size);
	if (matrix->depth > 4)
		return 1;
	matrix->open[matrix->depth] = OTHER;
	matrix->remark_depth = 0;
	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		if (members[i].depth != matrix->depth || strlen(members[i].name) != size ||
		    memcmp(members[i].name, name, size))
			continue;
		matrix->open[matrix->depth] = members[i].member;
		matrix->remark = members[i].remark;
		matrix->remark_depth = members[i].text_depth;
	}
	return 1;
}

static int on_string(void *context, const unsigned char *bytes, size_t size)
{
	struct cpipeline_matrix *matrix = context;
	const char *text = (const char *)bytes;

	switch (matrix->depth) {
	case 1:
	case 2:
		if (matrix->remark_depth == matrix->depth)
			matrix->reader.remark(matrix->reader.context, matrix->remark, text, size);
		return 1;
	case 5:
		if (!leads(matrix, 5))
			return 1;
		return matrix->sizes_count % 2 ? add_text(matrix, text, size) : fail(matrix, SHAPE);
	case 6:
		if (!leads(matrix, 6))
			return 1;
		/* The time comes first, and the value is the second. */
		if (matrix->elements++ != 1 || !number(text, size, &matrix->sample.value))
			return fail(matrix, SAMPLE);
		return 1;
	default:
		return 1;
	}
}

static int on_number(void *context, const char *text, size_t size)
{
	struct cpipeline_matrix *matrix = context;
	double seconds;

	if (matrix->depth != 6 || !leads(matrix, 6))
		return 1;
	if (matrix->elements++ != 0 || !number(text, size, &seconds) || fabs(seconds) > 1e12)
		return fail(matrix, SAMPLE);
	matrix->sample.time_ms = llround(seconds * 1000);
	return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

struct cpipeline_matrix *cpipeline_matrix_new(const struct cpipeline_matrix_reader *reader)
{
	struct cpipeline_matrix *matrix = calloc(1, sizeof(*matrix));

	if (!matrix)
		return NULL;
	matrix->reader = *reader;
	matrix->parser = yajl_alloc(&callbacks, NULL, matrix);
	if (!matrix->parser) {
		free(matrix);
		return NULL;
	}
	return matrix;
}

bool cpipeline_matrix_feed(struct cpipeline_matrix *matrix, const char *bytes, size_t size)
{
	yajl_status status = yajl_parse(matrix->parser, (const unsigned char *)bytes, size);

	return status == yajl_status_ok || fail(matrix, "it is not JSON");
}

bool cpipeline_matrix_end(struct cpipeline_matrix *matrix)
{
	return yajl_complete_parse(matrix->parser) == yajl_status_ok ||
	       fail(matrix, "it is not JSON");
}

const char *cpipeline_matrix_reason(const struct cpipeline_matrix *matrix)
{
	return matrix->reason;
}

void cpipeline_matrix_free(struct cpipeline_matrix *matrix)
{
	yajl_free(matrix->parser);
	free(matrix->text);
	free(matrix->sizes);
	free(matrix->samples);
	free(matrix);
}
