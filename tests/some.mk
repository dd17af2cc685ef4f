# SPDX-License-Identifier: Apache-2.0
# For GNU make, past automake.  "make check TESTS=x" builds deed, the tools of
# tests, and x where that is a program, and not the programs of all other tests;
# "make check TESTS=" builds them all and runs none.
test_tools := $(foreach program,$(check_PROGRAMS), \
	$(if $(filter test_% fuzz_%,$(notdir $(program))),,$(program)))

ifeq ($(origin TESTS),command line)
ifneq ($(strip $(TESTS)),)
check-am: check_PROGRAMS = $(test_tools)
endif
endif
