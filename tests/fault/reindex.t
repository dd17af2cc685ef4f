#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard reindex, killed at every step, and each step failing: what is
# there is the old catalogue or the new one, and a second run completes.
#
#	make check TESTS=tests/fault/reindex.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=4}"
need sqlite3 python3
need_home
. "$top_srcdir/tests/fault/lib.sh"

db=home/archive/catalogue.db
quietly deed shard put contract.pdf --party wang --label one
cp $db older.db
for file in terms.txt annex.csv; do
	quietly deed shard put $file --party wang --party li
done
deed shard list >all
cp $db whole.db

# The deposits of the old one and of the new one, and nothing else.
listed() {
	deed shard list >now || return 1
	sort all >a
	sort now >b
	[ -z "$(comm -13 a b)" ]
}
after() {
	listed || return 1
	deed shard reindex || return 1
	deed shard list >now || return 1
	cmp all now || return 1
	deed shard list --label one >now || return 1
	[ "$(wc -l <now)" -eq 1 ] || return 1
	deed audit verify || return 1
	[ ! -e $db.new ] && [ ! -e $db-journal ] &&
		[ "$(sqlite3 $db 'pragma integrity_check')" = ok ]
}
clean() {
	rm -rf home/archive/catalogue.*
}
behind() {
	clean
	cp older.db $db
}
forged() {
	clean
	cp whole.db $db
	/usr/bin/python3 "$top_srcdir/tests/cli/catalogue_rows.py" $db change \
		'update deposit set size = 7; delete from recipient'
	/usr/bin/python3 "$top_srcdir/tests/cli/catalogue_rows.py" $db fill 20
}
broken() {
	clean
	head -c 10000 whole.db >$db
}
gone() {
	clean
}
KILL_CALLS='pwrite64 fdatasync fsync rename unlink ftruncate'
for state in behind broken gone; do
	KILL_LEAST=8 kill_at_every "reindex, $state" $state after -- \
		deed shard reindex
done
# What was forged stands until the run has read the places: then it is gone.
after_forged() {
	deed shard reindex && listed && after
}
kill_at_every 'reindex, forged' forged after_forged -- deed shard reindex
for error in EIO ENOSPC; do
	fail_at_every $error "reindex, behind, $error" behind after -- \
		deed shard reindex
	fail_at_every $error "reindex, gone, $error" gone after -- \
		deed shard reindex
done
# So is the catalogue that whoever lists makes anew.
KILL_LEAST=8 kill_at_every 'list, gone' gone after -- deed shard list
[ "$KILL_POINTS" = all ] || KILL_POINTS=8
KILL_CALLS='pread64 openat' fail_at_every EIO \
	'reindex, reading' behind after -- deed shard reindex -q
