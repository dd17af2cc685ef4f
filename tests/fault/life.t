#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# enroll renew, rekey, rekey --lost and amend, and ca revoke, killed at a call of
# each kind: the old state or the new one, a log that verifies, and a party that
# goes on.  KILL_POINTS=N kills at so many of each, LIFE_CALLS="renameat linkat
# ..." at every call of these.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
. "$top_srcdir/tests/fault/lib.sh"
need jq

operator='--operator-passphrase file:operator.pass'
secret_file next.pass 'the next passphrase of wang'
entries=$(deed audit log | wc -l)
cp -Rp home fresh
# All of them take half an hour.
if [ -n "${LIFE_CALLS:-}" ]; then
	export KILL_CALLS="$LIFE_CALLS" KILL_LEAST=1
else
	export KILL_POINTS="${KILL_POINTS:-1}" KILL_LEAST=6
fi

before() {
	rm -rf home
	cp -Rp fresh home
}

# What the next command that writes finds, and that nothing is half done:
# one entry or none, and what is in use is of one generation.
sound() {
	# shellcheck disable=SC2086
	deed ca crl $operator || return 1
	deed audit verify || return 1
	[ ! -e home/audit/pending ] || return 1
	made=$(($(deed audit log | wc -l) - entries - 1))
	[ "$made" -eq 0 ] || [ "$made" -eq 1 ] || return 1
	deed party show wang --json >show.json
}
statuses() {
	jq '.generations | length' show.json
}
keys() {
	find home/keystore/wang -name 'signature-*.key' | wc -l
}
signs() { # PASSPHRASE
	deed sign --as wang --passphrase "file:$1" -o s.pdf contract.pdf &&
		rm -f s.pdf
}

after_renew() {
	sound || return 1
	[ "$(statuses)" -eq $((1 + made)) ] || return 1
	[ "$(find home/keystore/wang -name 'signature-1*.pem' | wc -l)" \
		-eq $((1 + made)) ] || return 1
	signs wang.pass || return 1
	# shellcheck disable=SC2086
	deed enroll renew wang --days 1200 $operator && signs wang.pass
}
kill_at_every 'renew' before after_renew -- deed enroll renew wang \
	--days 1100 --operator-passphrase file:operator.pass

after_rekey() {
	sound || return 1
	[ "$(keys)" -eq $((1 + made)) ] || return 1
	[ "$(statuses)" -eq $((1 + made)) ] || return 1
	signs wang.pass || return 1
	# shellcheck disable=SC2086
	deed enroll rekey wang --passphrase file:wang.pass $operator &&
		signs wang.pass
}
kill_at_every 'rekey' before after_rekey -- deed enroll rekey wang \
	--passphrase file:wang.pass --operator-passphrase file:operator.pass

after_lost() {
	sound || return 1
	[ "$(keys)" -eq $((1 + made)) ] || return 1
	[ "$(find home/ca/revoked -name '*.json' | wc -l)" \
		-eq $((2 * made)) ] || return 1
	if [ "$made" -eq 0 ]; then
		signs wang.pass || return 1
		# shellcheck disable=SC2086
		deed enroll rekey wang --lost --yes --passphrase \
			file:next.pass $operator || return 1
	fi
	! signs next.pass || return 1
	prove_home wang && signs next.pass
}
kill_at_every 'rekey --lost' before after_lost -- deed enroll rekey wang \
	--lost --yes --passphrase file:next.pass \
	--operator-passphrase file:operator.pass

after_amend() {
	sound || return 1
	[ "$(statuses)" -eq 1 ] && signs wang.pass || return 1
	if [ "$made" -eq 0 ]; then
		deed enroll amend wang --name 'Wang Er' \
			--passphrase file:wang.pass || return 1
	fi
	prove_home wang || return 1
	[ "$(deed party show wang --json | jq -r .name)" = 'Wang Er' ] &&
		signs wang.pass
}
kill_at_every 'amend' before after_amend -- deed enroll amend wang \
	--name 'Wang Er' --passphrase file:wang.pass

after_revoke() {
	sound || return 1
	[ "$(find home/ca/revoked -name '*.json' | wc -l)" \
		-eq $((2 * made)) ] || return 1
	[ "$(find home/ca/ended -name '*.json' 2>/dev/null | wc -l)" \
		-eq $((2 * made)) ] || return 1
	if [ "$made" -eq 0 ]; then
		signs wang.pass || return 1
		# shellcheck disable=SC2086
		deed ca revoke wang --reason key-compromise $operator ||
			return 1
	fi
	! signs wang.pass
}
kill_at_every 'revoke' before after_revoke -- deed ca revoke wang \
	--reason key-compromise --operator-passphrase file:operator.pass
