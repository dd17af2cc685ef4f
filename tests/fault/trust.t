#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# trust add, update and remove, killed at every step: a list is held with its
# entry or as before, and the same command typed again comes to its end.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"
need jq python3 openssl

# Between two of these nothing but temporaries changes.
export KILL_CALLS='renameat renameat2 rename linkat unlink'
export KILL_LEAST=4

issue() {
	quietly python3 "$top_srcdir/tests/interop/licensed_list.py" lists 1 \
		--sequence "$1"
	quietly deed trust import --kind yaml --at 2026-11-20 lists/list.yaml \
		--operator-passphrase file:operator.pass -o "$2"
}
issue 1 one.p7s
issue 2 two.p7s
quietly deed key show --pem office
cp "$T/out" notary.pem
cp one.p7s list.p7s
add() {
	deed trust add --at 2026-11-20 list.p7s --list-signer notary.pem --as cn
}
cp -Rp home none
quietly add
cp -Rp home one
cp two.p7s list.p7s

of_none() {
	rm -rf home
	cp -Rp none home
}
of_one() {
	rm -rf home
	cp -Rp one home
}
# What is held is what the last entry says, and there is one of each step.
whole() {
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	deed audit log --json --event "trust-$1" >entries.json || return 1
	[ "$(jq '.entries | length' entries.json)" -ge 1 ] || return 1
	[ "$1" = remove ] || jq -e --arg is \
		"sha256:$(sha256sum <home/trust/lists/cn.cms | cut -d' ' -f1)" \
		'.entries[-1].hashes.statement == $is' entries.json
}
once() {
	[ "$(jq '.entries | length' entries.json)" -eq 1 ]
}
added() {
	add && whole add && once && deed trust check cn --at 2026-11-20
}
updated() {
	deed trust update --at 2026-11-20 && whole update && once &&
		[ "$(deed trust list --json | jq '.lists[0].sequence')" = 2 ]
}
removed() {
	deed trust remove cn
	code=$?
	[ $code -eq 0 ] || [ $code -eq 4 ] || return 1
	[ -z "$(ls home/trust/lists)" ] && whole remove
}
kill_at_every 'add' of_none added -- deed trust add --at 2026-11-20 list.p7s \
	--list-signer notary.pem --as cn
kill_at_every 'update' of_one updated -- deed trust update --at 2026-11-20
kill_at_every 'remove' of_one removed -- deed trust remove cn
