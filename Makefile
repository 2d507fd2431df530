# norn's front door: every target says what it does in `make help`. CMake and Ninja do the work.
# Variables: ARGS (to norn, for run; words, for conformance), STEPS (of make test), FUZZ_SECONDS,
# BENCH (names of bars), PREFIX, DESTDIR, SYSCONFDIR, CAPTURE_RIGHTS (for install).
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
CAPTURE_RIGHTS ?= auto
FUZZ_SECONDS ?= 600
STEPS ?=
BENCH ?=
ARGS ?=
PYTHON := /usr/bin/python3
NORN := build/release/norn
TOOLS = $(wildcard build/release/norn_cap_*)

.PHONY: all release deps run page test rig bench fuzz lint docs coverage install uninstall
.PHONY: clean help

all: ## build build/release/norn
	@packaging/deps.sh --check build
	@$(MAKE) --no-print-directory release

release:
	@[ -f build/release/build.ninja ] || cmake --preset release -DCMAKE_INSTALL_PREFIX=$(PREFIX)
	@cmake --build build/release

deps: ## install the Debian packages that building and testing need
	@packaging/deps.sh build test

run: ## install what is missing, build, start the demo (ARGS="--port 2502" and so on)
	@packaging/deps.sh build
	@$(MAKE) --no-print-directory release
	@exec $(NORN) --demo $(ARGS)

page: ## bundle web/src into web/dist again (needs node and npm; make itself does not)
	@cd web && npm ci --no-audit --no-fund && npm run build

test: deps ## every test: gcc, clang, sanitizers, lint, fuzzers (STEPS="unit lint": these)
	@tests/run.sh $(STEPS)

.PHONY: conformance
conformance: deps release ## every endpoint in every method, role and format (ARGS="WORD": some)
	@NORN_BINARY=$(NORN) $(PYTHON) tests/conformance/conformance.py $(ARGS)

rig: release ## capture tools with simulated radios, in a virtual machine (docs/rig.md)
	@tests/rig/guest.sh

bench: ## the budgets, each beside a public yardstick (BENCH="replay size": only these)
	@packaging/deps.sh build test bench
	@$(MAKE) --no-print-directory release
	@$(PYTHON) bench/run.py $(BENCH)

fuzz: deps ## all fuzzers share FUZZ_SECONDS (600)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) fuzz/run.sh

lint: deps ## the house rules: includes, sizes, banned calls, layout
	@$(PYTHON) tests/lint/lint.py

docs: deps release ## write the generated documents and the shipped configuration again
	@packaging/docs.sh

coverage: deps ## line coverage of the unit and API tests, by folder
	@tests/coverage.sh

install: release ## install under $(DESTDIR)$(PREFIX) (CAPTURE_RIGHTS=caps, setuid or none)
	install -D -m 755 -s $(NORN) $(DESTDIR)$(PREFIX)/bin/norn
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/*.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/norn README.md LICENSE
	@packaging/install-conf.sh "$(DESTDIR)$(SYSCONFDIR)/norn"
	@packaging/install-service.sh "$(DESTDIR)" "$(PREFIX)"
	@packaging/install-tools.sh build/release "$(DESTDIR)$(PREFIX)/bin" "$(CAPTURE_RIGHTS)"

uninstall: ## remove what install wrote, but for the configuration, the account and its files
	rm -f $(DESTDIR)$(PREFIX)/bin/norn $(DESTDIR)$(PREFIX)/share/man/man1/norn*.1
	rm -f $(DESTDIR)$(PREFIX)/bin/norn_cap_* $(DESTDIR)$(PREFIX)/lib/sysusers.d/norn.conf
	rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/norn.service
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/norn

clean: ## remove build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
