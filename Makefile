# brahe: `make run` shows it working, `make test` proves it, `make bench` measures it. `make help` lists the rest.
SWIFT  ?= swift
# What is needed to build, and what the tests and checks run besides. All of Debian 12.
BUILD_PACKAGES := libbpf-dev libelf-dev zlib1g-dev libmicrohttpd-dev libgnutls28-dev libcrypt-dev libyaml-dev \
                  libcurl4-openssl-dev libjansson-dev libyajl-dev libsqlite3-dev make
IMAGE_PACKAGES := buildah debootstrap jq binutils
DEB_PACKAGES   := dpkg-dev binutils
KERNEL_PACKAGES := qemu-system-x86 busybox-static cpio
TEST_PACKAGES  := prometheus victoria-metrics clang-format util-linux python3 python3-scipy python3-jsonschema \
                  python3-kubernetes openssl curl containerd runc $(IMAGE_PACKAGES) $(DEB_PACKAGES) $(KERNEL_PACKAGES)
# Debian's kubectl, unpacked and not installed: where another is installed already, the package would not be.
KUBECTL        := .build/kubernetes-client/usr/bin/kubectl
# The Swift run-time is linked in: the programs run on machines without a toolchain.
RELEASE        := --configuration release --static-swift-stdlib

.PHONY: help run build agent test image deb kernels lint docs bench deps test-deps clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## sets everything up and measures a demo workload in three cgroups
	.build/release/brahe demo

build: agent ## leaves .build/release/brahe-agent and .build/release/brahe
	$(SWIFT) build $(RELEASE) --product brahe

agent: deps
	$(SWIFT) build $(RELEASE) --product brahe-agent

# The image, the package and the emulated kernels are tested with the agent as it ships.
test: build test-deps $(KUBECTL) ## every test, the ones with the real probe too (as root)
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --no-parallel

image: agent ## packs the agent as an OCI image, .build/image/
	@.ci/packages $(IMAGE_PACKAGES)
	deploy/image/pack

deb: build ## packs both programs for Debian, .build/deb/
	@.ci/packages $(DEB_PACKAGES)
	deploy/deb/pack

kernels: agent ## runs the agent on Debian's kernels, emulated, and prints a table
	@.ci/packages $(KERNEL_PACKAGES)
	Tests/Kernels/run

lint: ## formatting of Swift and C; warnings are errors in every build
	@.ci/packages clang-format
	$(SWIFT) format lint --strict --recursive Package.swift bpf Sources Tests
	clang-format --dry-run --Werror $$(git ls-files '*.c' '*.h')

docs: ## writes docs/compat.md and the tests' golden reports anew
	$(SWIFT) build --build-tests
	BRAHE_WRITE_DOCS=1 $(SWIFT) test --skip-build --no-parallel --filter theDocumentIsWhatTheInventorySays
	BRAHE_WRITE_GOLDEN=1 $(SWIFT) test --skip-build --no-parallel --filter GoldenTests

bench: ## prints one JSON object: what the probe, a sample and a scrape cost
	@$(MAKE) --no-print-directory build >&2
	@$(SWIFT) build $(RELEASE) --product Bench >&2
	@.build/release/Bench

deps:
	@.ci/packages $(BUILD_PACKAGES)

test-deps:
	@.ci/packages $(TEST_PACKAGES)

$(KUBECTL):
	apt-get update -qq
	mkdir -p .build/kubernetes-client
	cd .build/kubernetes-client && rm -f *.deb && apt-get download -qq kubernetes-client && dpkg --extract kubernetes-client_*.deb .

clean: ## removes all that was built
	rm -rf .build
