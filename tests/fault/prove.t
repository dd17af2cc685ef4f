#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# verify-id, ca revoke and party rename, killed at calls of each kind: the log
# verifies, the register says what the log says, and the same command typed
# again comes to its end.
#
#	make check TESTS=tests/fault/prove.t KILL_POINTS=all
#
# does so at every call.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
: "${KILL_POINTS:=4}"
need_home
. "$top_srcdir/tests/fault/lib.sh"
need jq

operator='--operator-passphrase file:operator.pass'
entries=$(deed audit log | wc -l)
cp -Rp home fresh
# Between two of these nothing but temporaries changes.
export KILL_CALLS='renameat renameat2 rename linkat unlink'
export KILL_LEAST=6

before() {
	rm -rf home
	cp -Rp fresh home
}

# What the next command that writes finds, and that nothing is half done.
sound() {
	# shellcheck disable=SC2086
	deed ca crl $operator || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	made=$(($(deed audit log | wc -l) - entries - 1))
}

serial() {
	deed key show "$1" --pem | openssl x509 -noout -serial | cut -d= -f2 |
		tr A-F a-f
}

old=$(serial wang)
after_verify() {
	sound || return 1
	[ "$(deed party show wang --json | jq -r .state)" = verified ] ||
		return 1
	if [ "$made" -eq 0 ]; then
		[ "$(serial wang)" = "$old" ]
	else
		[ "$(serial wang)" != "$old" ]
	fi || return 1
	deed sign --as wang --passphrase file:wang.pass -o s.pdf contract.pdf ||
		return 1
	rm -f s.pdf
}
kill_at_every 'verify-id' before after_verify -- deed verify-id wang \
	--attest seen --location Beijing --yes --operator-passphrase \
	file:operator.pass

after_revoke() {
	sound || return 1
	deed ca bundle >bundle.pem
	openssl crl -inform DER -in home/ca/issuing.crl -noout -text >crl.txt
	if [ "$made" -eq 0 ]; then
		! grep -qi "$old" crl.txt
	else
		grep -qi "$old" crl.txt
	fi || return 1
	# shellcheck disable=SC2086
	deed ca revoke wang $operator || [ "$made" -eq 1 ]
}
kill_at_every 'ca revoke' before after_revoke -- deed ca revoke wang \
	--operator-passphrase file:operator.pass

after_rename() {
	# shellcheck disable=SC2086
	deed party rename wang xiaoming $operator
	code=$?
	[ $code -eq 0 ] || [ $code -eq 4 ] || return 1
	sound || return 1
	[ "$(deed party show xiaoming --json | jq -r .state)" = verified ] ||
		return 1
	! deed party show wang || return 1
	[ ! -e home/keystore/wang ] || return 1
	deed sign --as xiaoming --passphrase file:wang.pass -o s.pdf \
		contract.pdf || return 1
	rm -f s.pdf
}
kill_at_every 'party rename' before after_rename -- deed party rename wang \
	xiaoming --operator-passphrase file:operator.pass
