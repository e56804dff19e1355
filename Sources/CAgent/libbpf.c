// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include "CAgent.h"

static libbpf_sink sink;

static int print(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[1024];
	int n = vsnprintf(line, sizeof(line), format, args);

	sink(level, line);
	return n;
}

void libbpf_set_sink(libbpf_sink s)
{
	sink = s;
	libbpf_set_print(print);
}

int tracepoint_arity(const char *tracepoint)
{
	const struct btf_type *type;
	struct btf *btf;
	char name[128];
	int arity = -ENOENT;
	int id;

	btf = btf__load_vmlinux_btf();
	if (!btf)
		return -errno;
	/* typedef void (*btf_trace_NAME)(void *, ARGS...), see include/trace/bpf_probe.h */
	snprintf(name, sizeof(name), "btf_trace_%s", tracepoint);
	id = btf__find_by_name_kind(btf, name, BTF_KIND_TYPEDEF);
	if (id > 0) {
		type = btf__type_by_id(btf, btf__type_by_id(btf, id)->type);
		arity = btf_vlen(btf__type_by_id(btf, type->type)) - 1;
	}
	btf__free(btf);
	return arity;
}
