#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put --pack and get --to, killed at every step, and with calls that
# fail: a pack is there as a whole or not at all, each document that is got is
# whole, and a second run completes either.
#
#	make check TESTS=tests/fault/shard-pack.t KILL_POINTS=100000
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=2}"
need_home
. "$top_srcdir/tests/fault/lib.sh"

# More than are synced together, for fewer files may be open.
mkdir -p in/a in/b/c
i=0
while [ $i -lt 60 ]; do
	echo "document $i" >"in/a/$i"
	i=$((i + 1))
done
cp contract.pdf in/b
head -c 5000000 /dev/urandom >in/b/c/large
cp -Rp home fresh

before_put() {
	rm -rf home
	cp -Rp fresh home
}
after_put() {
	# The catalogue is nobody's reason to fail; it says so then.
	if grep -q 'the catalogue lacks' "$T/err"; then
		deed shard reindex || return 1
	fi
	deed shard put --pack --party wang in >"$T/id" || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	[ -z "$(ls -A home/archive/begun)" ] || return 1
	[ -z "$(find home/archive home/audit home/identity/box -name '.*')" ] || return 1
	deposits=$(deed audit log --event deposit | wc -l)
	voids=$(deed audit log --event void | wc -l)
	[ "$deposits" -eq 1 ] || [ "$deposits" -eq 2 ] || return 1
	[ "$(deed shard list | wc -l)" -eq $((deposits - voids)) ] || return 1
	for p in 1 2 3 4 5; do
		[ "$(find home/archive/places/$p -mindepth 2 -type d | wc -l)" \
			-eq $((deposits - voids)) ] || return 1
	done
	deed shard check || return 1
	[ $(($2 % 5)) -eq 1 ] || return 0
	rm -rf back
	deed shard get "$(cat "$T/id")" --as wang --passphrase file:wang.pass \
		--to back && diff -r in back
}
export KILL_CALLS='write pwrite64 fsync fdatasync syncfs rename renameat2 linkat
	unlink ftruncate mkdir'
kill_at_every 'put --pack' before_put after_put -- \
	deed shard put --pack --party wang in
KILL_CALLS='write fsync syncfs rename renameat2 linkat mkdir openat'
for error in ENOSPC EIO; do
	fail_at_every $error "put --pack with $error" before_put after_put -- \
		deed shard put --pack --party wang in
done

rm -rf home
cp -Rp fresh home
quietly deed shard put --pack --party wang in
id=$(cat "$T/out")
few='ulimit -n 90; exec deed shard get "$0" --as wang --to back \
	--passphrase file:wang.pass "$@"'

before_get() {
	rm -rf back
}
# What is there is whole, and nothing else is there.
after_get() {
	if [ -d back ]; then
		find back -name '.deed-*' | grep -q . && return 1
		(cd back && find . -type f) >"$T/there"
		while read -r file; do
			cmp "in/$file" "back/$file" || return 1
		done <"$T/there"
	fi
	deed shard get "$id" --as wang --passphrase file:wang.pass --to back &&
		diff -r in back
}
KILL_CALLS='write syncfs linkat mkdir mkdirat'
KILL_LEAST=5
kill_at_every 'get --to' before_get after_get -- sh -c "$few" "$id"
KILL_CALLS='write syncfs linkat mkdir mkdirat openat2 openat'
for error in ENOSPC EIO; do
	fail_at_every $error "get --to with $error" before_get after_get -- \
		sh -c "$few" "$id"
done

# Where another is to be replaced, the old or the new one is there.
before_force() {
	rm -rf back
	mkdir -p back/a
	echo other >back/a/7
}
after_force() {
	[ "$(cat back/a/7)" = other ] || cmp in/a/7 back/a/7 || return 1
	deed shard get "$id" --as wang --passphrase file:wang.pass --to back \
		--force || return 1
	find back -name '.deed-*' -delete
	diff -r in back
}
KILL_CALLS='syncfs linkat renameat'
KILL_LEAST=2
kill_at_every 'get --to --force' before_force after_force -- \
	sh -c "$few" "$id" --force
