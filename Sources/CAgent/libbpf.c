// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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

int cgroup_subsystem(const char *controller)
{
	const struct btf_type *type;
	const struct btf_enum *member;
	struct btf *btf;
	char name[64];
	int place = -ENOENT;
	int id, i;

	btf = btf__load_vmlinux_btf();
	if (!btf)
		return -errno;
	/* enum cgroup_subsys_id { cpuset_cgrp_id, ... }, see include/linux/cgroup-defs.h */
	snprintf(name, sizeof(name), "%s_cgrp_id", controller);
	id = btf__find_by_name_kind(btf, "cgroup_subsys_id", BTF_KIND_ENUM);
	if (id > 0) {
		type = btf__type_by_id(btf, id);
		member = btf_enum(type);
		for (i = 0; i < btf_vlen(type); i++)
			if (strcmp(btf__name_by_offset(btf, member[i].name_off), name) == 0)
				place = member[i].val;
	}
	btf__free(btf);
	return place;
}

bool ring_buffer_sleeps(void)
{
	const struct btf_type *type;
	const struct btf_member *member;
	struct btf *btf;
	bool sleeps = false;
	int id, i;

	btf = btf__load_vmlinux_btf();
	if (!btf)
		return false;
	id = btf__find_by_name_kind(btf, "bpf_ringbuf", BTF_KIND_STRUCT);
	if (id > 0) {
		type = btf__type_by_id(btf, id);
		member = btf_members(type);
		for (i = 0; i < btf_vlen(type); i++) {
			const struct btf_type *lock = btf__type_by_id(btf, member[i].type);

			if (strcmp(btf__name_by_offset(btf, lock->name_off), "spinlock_t") == 0)
				sleeps = true;
		}
	}
	btf__free(btf);
	return sleeps;
}

bool bpf_may_read_kernel(void)
{
	/* bpf_probe_read_kernel(stack, 8, 0) */
	const struct bpf_insn program[] = {
	    {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10},
	    {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 8},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3, .imm = 0},
	    {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
	    {.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "may_read", "GPL", program,
			       sizeof(program) / sizeof(program[0]), NULL);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}
