#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# "make check TESTS=x" builds what x needs, "make check TESTS=" all there is.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# builds TESTS=...: what make would build for them, by its own reading of its
# rules, a word a line.  What it was started with is not what is asked.
builds() {
	# shellcheck disable=SC2016 # a variable of make
	printf 'names:\n\t@echo $(check_PROGRAMS) | tr " " "\\n"\n' >"$W/names.mk"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top_builddir" \
		-f Makefile -f "$W/names.mk" names "$1"
}
builds TESTS= >"$T/all"
builds TESTS=tests/cli/version.t >"$T/one"
check 'TESTS=: the units' grep -qx 'tests/unit/base/test_buf' "$T/all"
check '  and the fuzz targets' grep -qx 'tests/fuzz/fuzz_der' "$T/all"
check '  and the tools' grep -qx 'tests/cli/manifest_tool' "$T/all"
check 'a test: the tools' grep -qx 'tests/cli/manifest_tool' "$T/one"
check '  and no unit' eval "! grep -q /test_ '$T/one'"
