#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Logs of many sizes against a computation that shares no line with deed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3

check_log=$top_srcdir/tests/interop/check_log.py
make_log=$top_builddir/tests/interop/make_log

try() {
	total=0
	for group in "$@"; do
		total=$((total + group))
	done
	rm -rf log
	expect 0 "a log of $total entries" "$make_log" log "$@"
	expect 0 'python reads it' python3 "$check_log" log numbered
	out_has 'whole' "size $total"
}

try 1 1 1
try 255
try 256
try 257
try 200 56 1 255 256
try 1000 24 512
# Past 256 * 256: a full tile of level 1, and level 2.
try 65000 536 1 300

cp -r "$data/tlog" vectors
chmod -R u+w vectors
expect 0 'python reads the vectors' python3 "$check_log" vectors
out_has 'whole' 'size 15'
printf 'x' >>vectors/tile/0/000.p/15
expect 1 'and sees a changed tile' python3 "$check_log" vectors
