#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Servers that stall, redirect, flood, lie and answer late, two hundred times:
# no document takes longer than its budget, and none makes deed ask whom it
# may not, as the servers see it.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers

pki_make
unset DEED_VERIFY_ONLINE_HOSTS
mkdir runs
# A build with sanitizers is some times slower.
grace=1
! grep -q 'define DEED_SANITIZERS' "$top_builddir/config.h" || grace=3
(cd runs && /usr/bin/python3 "$top_srcdir/tests/fault/online.py" "$pki" \
	$grace) >claims 2>errors || fail 'the runs were made' "$(tail errors)"
while IFS='|' read -r how what seen; do
	if [ "$how" = ok ]; then
		pass "$what"
	else
		fail "$what" "$seen"
	fi
done <claims
