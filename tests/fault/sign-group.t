#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A group of ten documents, killed at every step: the same command, run
# again, finds none or all of them done, and then all are, once.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"

for i in 0 1 2 3 4 5 6 7 8 9; do cp "$data/pdf/groff.pdf" "d$i.pdf"; done
entries=$(deed audit log | wc -l)
cp -Rp home fresh
mkdir out

before() {
	rm -rf home out
	cp -Rp fresh home
	mkdir out
}
group() {
	deed sign --as wang --passphrase file:wang.pass -O out d?.pdf
}
after() {
	group || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	# Nothing stays behind beside the log.
	[ "$(find out -type f | wc -l)" -eq 10 ] || return 1
	[ "$(find out -name '*.signed.pdf' ! -name '.*' | wc -l)" -eq 10 ] || return 1
	deed verify --trust house.pem out/*.pdf || return 1
	signed=$(deed audit log --event sign | wc -l)
	void=$(deed audit log --event void | wc -l)
	[ $((signed - void)) -eq 10 ] || return 1
	[ "$(deed audit log | wc -l)" -eq $((entries + signed + void)) ]
}
export KILL_CALLS='write pwrite64 fsync syncfs linkat renameat renameat2'
kill_at_every 'a group' before after -- deed sign --as wang \
	--passphrase file:wang.pass -O out d?.pdf
