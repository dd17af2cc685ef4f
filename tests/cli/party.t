#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed party: suspended, let go on, called otherwise; statuses that lie.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq

write_forms
quietly init_home
quietly enroll_home wang
quietly prove_home wang
quietly enroll_home acme
quietly prove_home acme
operator='--operator-passphrase file:operator.pass'

state() {
	deed party show "$1" --json | jq -r .state
}

# shellcheck disable=SC2086
expect 0 'suspend' deed party suspend wang --reason 'under inquiry' $operator
is 'suspended' "$(state wang)" suspended
# shellcheck disable=SC2086
expect 7 'suspended already' deed party suspend wang $operator
# shellcheck disable=SC2086
expect 0 'lift' deed party suspend wang --lift $operator
is 'verified again' "$(state wang)" verified
# shellcheck disable=SC2086
expect 2 'a reason to lift' deed party suspend wang --lift --reason x $operator
# shellcheck disable=SC2086
expect 4 'nobody' deed party suspend nobody $operator
# shellcheck disable=SC2086
expect 7 'the office stays' deed party suspend office $operator
expect 6 'wrong passphrase' deed party suspend wang \
	--operator-passphrase file:root.pass

# shellcheck disable=SC2086
expect 0 'rename' deed party rename wang xiaoming $operator
expect 4 'the old handle is free' deed party show wang
is 'the new one is verified' "$(state xiaoming)" verified
check 'the keys went with it' deed key show xiaoming
# shellcheck disable=SC2086
expect 7 'a handle that is taken' deed party rename xiaoming acme $operator
# shellcheck disable=SC2086
expect 2 'a handle that is none' deed party rename xiaoming X $operator
# shellcheck disable=SC2086
expect 0 'the enrolment is still found' deed party show xiaoming $operator
out_has 'by its name' 王小明
quietly prove_home xiaoming
is 'and can be renewed' "$(state xiaoming)" verified

# Revoked is not verified, until it is certified anew; an ended key never is.
# shellcheck disable=SC2086
quietly deed ca revoke acme $operator
is 'a revoked certificate' "$(state acme)" revoked
expect 0 'in the list' deed party list
is 'as well' "$(grep -c '^acme *revoked' "$T/out")" 1
out_has 'with the command' 'its certificate is revoked; deed verify-id acme'
quietly prove_home acme
is 'certified anew' "$(state acme)" verified
cp -Rp home before
# shellcheck disable=SC2086
quietly deed ca revoke acme --reason key-compromise $operator
is 'an ended key' "$(state acme)" revoked
run deed party list
out_has 'is replaced' 'deed enroll rekey acme --lost'
rm -rf home && mv before home

# Somebody else's status, an old one, a changed one.
cp home/identity/status/xiaoming.cms kept
cp home/identity/status/acme.cms home/identity/status/xiaoming.cms
is "another's status" "$(state xiaoming)" damaged
head -c 900 kept >home/identity/status/xiaoming.cms
is 'a cut status' "$(state xiaoming)" damaged
sed 's/"may_seal":false/"may_seal":true /' kept \
	>home/identity/status/xiaoming.cms
is 'a changed status' "$(state xiaoming)" damaged
cp kept home/identity/status/xiaoming.cms
is 'the right one' "$(state xiaoming)" verified

# The past: each status is kept, the handle before included.
run deed party show xiaoming --json
json 'each status is kept' '.generations | length' 5
json 'in their order' '[.generations[].generation] == [1, 2, 3, 4, 5]' true
json 'the suspension among them' '.generations[1].state' suspended
json 'under one key' '[.generations[].key] | unique | length' 1
json 'the last is in use' '.generations[4].log_index == .log_index' true
then=$(jq -r '.generations[4].signed' <"$T/out")
expect 0 'at a time' deed party show xiaoming --at "$then" --json
json 'it was verified' .state verified
json 'with this certificate' '.pem | startswith("-----BEGIN")' true
expect 0 'before it was known' deed party show xiaoming --json \
	--at 2020-01-01T00:00:00Z
json 'it was registered at most' .state registered
expect 0 'long after' deed party show xiaoming --at 2050-01-01T00:00:00Z
out_has 'the status is over' 'state: expired'
expect 4 'nobody at a time' deed party show nobody --at "$then"
one=$(find home/identity/statuses/xiaoming -type f | head -n 1)
mv "$one" kept.cms
head -c 900 kept.cms >"$one"
expect 7 'a past that was changed' deed party show xiaoming --at "$then"
err_has 'is named' 'cannot be trusted'
expect 0 'and the present is told all the same' deed party show xiaoming
err_has 'with a warning' 'the generations are not known'
mv kept.cms "$one"

run deed party list --json
exits 0 'list'
json 'three parties' '.parties | length' 3

# Why a status does not hold: four reasons, each by its name.
listed() {
	sed -n "/^$1 /,/^[^ ]/p" "$T/out" | head -n 2 | tr -s ' \n' ' '
}
if ! faketime -f +1d deed version >/dev/null 2>&1; then
	skip 'why a status does not hold' 'faketime does not run here'
	exit 0
fi
at() {
	run faketime -f "+$1d" deed party list
	exits 0 "after $1 days"
}
# Both lists, as of so many days from now.
lists() {
	# shellcheck disable=SC2086
	quietly faketime -f "+$1d" deed ca crl -q $operator
	quietly faketime -f "+$1d" deed ca crl -q --ca root \
		--root-passphrase file:root.pass
}
says() {
	# shellcheck disable=SC2254 # a pattern
	case $2 in
	$3) pass "$1" ;;
	*) fail "$1" "expected: $3" "seen: $2" ;;
	esac
}
at 0
is 'a good one has one line' "$(grep -c . "$T/out")" 3
at 36
says 'no list is fresh' "$(listed xiaoming)" \
	'xiaoming unknown*revocation list*ended at*; deed ca crl '
says 'for nobody' "$(listed office)" 'office unknown*; deed ca crl '
lists 1100
at 1100
says 'a certificate has ended' "$(listed xiaoming)" \
	'xiaoming expired person to *its certificate ended at*; deed enroll renew xiaoming '
says "the office's has not" "$(listed office)" 'office verified notary*'
lists 1850
at 1850
says "the office's has ended" "$(listed acme)" \
	"acme unknown*the office's certificate ended at*; deed enroll rekey office "
run faketime -f +1850d deed party list --json
json 'in JSON' '.parties[] | select(.party == "acme") | .state' unknown
json 'with the command' '.parties[] | select(.party == "acme") | .remedy' \
	'deed enroll rekey office'
run faketime -f -3d deed party show xiaoming
exits 0 'a clock that is behind'
out_has 'is no fault of the party' 'state: unknown'
out_has 'but of the time' "problem: the office's certificate begins at"
lists 0
# shellcheck disable=SC2016
quietly faketime -f +10d sh -c '
	. "$top_srcdir/tests/cli/home.sh"
	prove_home acme'
at 0
says 'a status that begins later' "$(listed acme)" \
	'acme not-yet*its status begins at*'
