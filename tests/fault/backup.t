#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed backup and deed restore killed at every step, and on a disk that fails:
# there is a whole backup or none, a whole home or none, nothing in clear
# beside them, and the next run does what this one did not.  Of the hundreds of
# files and folders that are restored, one by one in the same way, some:
#
#	make check TESTS=tests/fault/backup.t KILL_POINTS=all
#
# takes each.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=20}"
. "$top_srcdir/tests/fault/lib.sh"
need openssl

write_forms
quietly init_home
mv home fresh
openssl req -x509 -noenc -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	-subj /CN=backup -days 3650 -keyout backup.key -out backup.pem \
	2>/dev/null || exit 99
quietly deed backup --home fresh --to backup.pem -o good.bak
cp fresh/audit/checkpoint kept

whole() {
	deed restore -q -n --home none "$1" --key backup.key --moved --against kept
}
killed=y

before_backup() {
	rm -rf home a.bak .a.bak.deed-* && cp -a fresh home
}
after_backup() {
	deed audit verify -q || return 1
	left=$(find . -maxdepth 1 -name '.a.bak*')
	if [ -n "$left" ]; then
		[ "$killed" = y ] || { echo "left: $left"; return 1; }
		# shellcheck disable=SC2086
		if grep -a -q -e deed.home/1 -e 'PRIVATE+KEY' $left; then
			echo 'in clear'
			return 1
		fi
	fi
	if [ ! -e a.bak ]; then
		deed backup -q --to backup.pem -o a.bak || return 1
	fi
	whole a.bak
}

before_restore() {
	chmod -R u+rwX back .back.deed-restore 2>/dev/null
	rm -rf back .back.deed-restore
}
after_restore() {
	if [ "$killed" = n ] && [ -e .back.deed-restore ]; then
		echo 'left: .back.deed-restore'
		return 1
	fi
	if [ ! -e back ]; then
		deed restore -q --home back good.bak --key backup.key \
			--moved --against kept || return 1
	fi
	[ ! -e .back.deed-restore ] || { echo 'not swept'; return 1; }
	diff -r -x config -x crl-floor -x lock -x .lock -x places -x trust \
		-x revoked back fresh || return 1
	deed audit verify -q --home back
}

kill_at_every 'backup' before_backup after_backup -- \
	deed backup --to backup.pem -o a.bak
kill_at_every 'restore' before_restore after_restore -- \
	deed restore --home back good.bak --key backup.key --moved --against kept

# What fails leaves nothing; what the helper meets is a failure as well.
killed=n
KILL_CALLS='write fsync rename renameat renameat2 mkdir syncfs'
fail_at_every ENOSPC 'backup' before_backup after_backup -- \
	deed backup --to backup.pem -o a.bak
fail_at_every EIO 'restore' before_restore after_restore -- \
	deed restore --home back good.bak --key backup.key --moved --against kept
