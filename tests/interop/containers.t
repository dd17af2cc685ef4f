#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ASiC containers as other programs make them, field by field, and what lies
# close beside them and must not pass.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

check 'every container is taken for what it is' \
	python3 "$top_srcdir/tests/interop/containers.py" \
	"$top_srcdir/tests/servers"
sed 's/^/# /' "$T/check"
