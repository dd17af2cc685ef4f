#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual has the program's options, synopses and exit codes: no fewer and
# no more.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3 mandoc

deed help --json >table || exit 99
trap - EXIT
python3 "$top_srcdir/tests/drift/options.py" "$top_srcdir" table
status=$?
cleanup
exit "$status"
