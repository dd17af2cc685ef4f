#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A trust list is fetched again from a server, which may send anything: what
# is held stays unless the answer is a newer list by the same signer.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need jq python3
need_home

# issue SEQUENCE OUT: a list, signed by this office or, with $3, by that home's.
issue() {
	quietly python3 "$top_srcdir/tests/interop/licensed_list.py" lists 2 \
		--sequence "$1"
	quietly deed trust import --kind yaml --at 2026-11-20 lists/list.yaml \
		--operator-passphrase file:operator.pass --force -o "$2" \
		--home "${3:-$DEED_HOME}"
}
update() {
	run deed trust update --at 2026-11-20 "$@"
}
sequence() {
	deed trust list --json | jq -r '.lists[] | select(.name == "cn") | .sequence'
}
entries() {
	deed audit log | wc -l
}
front_start
quietly deed key show --pem office
cp "$T/out" notary.pem
issue 1 one.p7s
issue 2 two.p7s
issue 3 three.p7s
(
	DEED_HOME=$W/elsewhere
	quietly init_home
) || exit 1
issue 4 foreign.p7s "$W/elsewhere"

cp two.p7s "$pki/list.p7s"
run deed trust add --at 2026-11-20 "$front/list.p7s" --list-signer notary.pem \
	--as cn
exits 0 'a list from a server'
run deed trust list --json
json 'where it is from is kept' '.lists[0].from' "$front/list.p7s"
run deed trust add --at 2026-11-20 "$front/slow/40/list.p7s" \
	--list-signer notary.pem --as slow -n --offline
exits 7 'offline nothing is fetched'
requests=$(front_requests /slow)
is 'and nobody asked' "$requests" 0
# Half a minute: meanwhile the others.
deed trust add --at 2026-11-20 "$front/slow/60/list.p7s" \
	--list-signer notary.pem --as slow -n >slow.out 2>slow.err &
slow=$!

before=$(entries)
update
exits 0 'the same again'
err_has 'is told' 'held already'
is 'and is no entry' "$(entries)" "$before"
cp three.p7s "$pki/list.p7s"
update -n
exits 0 'a newer one'
is 'is not held for a dry run' "$(sequence)" 2
update --json
exits 0 'a newer one'
json 'is another' '.lists[0].changed' true
json 'and in the log' '.lists[0].log_index' "$before"
is 'is held' "$(sequence)" 3

# stays CODE WHAT WORDS: nothing has changed.
before=$(entries)
stays() {
	update
	exits "$1" "$2"
	err_has "$2: told" "$3"
	is "$2: what is held stays" "$(sequence) $(entries)" "3 $before"
}
cp one.p7s "$pki/list.p7s"
stays 1 'an older one' 'rollback: it has the sequence number 1'
cp foreign.p7s "$pki/list.p7s"
stays 7 'a newer one by another signer' 'none of the signers named or pinned'
printf '<!doctype html><title>Maintenance</title>\n' >"$pki/list.p7s"
stays 5 'a page' 'is no trust list: expected a signed statement'
: >"$pki/list.p7s"
stays 5 'nothing' 'is no trust list: expected a signed statement'
head -c 2000 three.p7s >"$pki/list.p7s"
stays 5 'half a list that calls itself whole' 'is no statement of a trust list'
rm "$pki/list.p7s"
stays 8 'a list that is gone' 404

# from PATH: what is held comes from there.
from() {
	jq --arg from "$front/$1" -cjS '.from = $from' \
		"$DEED_HOME/trust/lists/cn.json" >note &&
		cp note "$DEED_HOME/trust/lists/cn.json"
}
issue 5 "$pki/list.p7s"
from cut/list.p7s
stays 8 'an answer that is cut short' "$front/cut/list.p7s"
from status/503
stays 8 'a server that is busy' 503
from redirect/302/list.p7s
update
exits 0 'a redirection is followed'
is 'to the newer list' "$(sequence)" 5
head -c 34000000 /dev/zero >"$pki/list.p7s"
update
exits 8 'an answer over the limit'
wait "$slow"
is 'who does not answer in time' $? 8
check 'is told' grep -q 'does not answer within 30 seconds' slow.err
issue 6 "$pki/list.p7s"
front_stop
update
exits 8 'nobody there'
is 'what is held is as it was' "$(sequence)" 5
run deed audit verify
exits 0 'the log agrees'
