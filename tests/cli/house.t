#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the house stands on: the office is not revoked, suspended, renamed or
# shortened by the way, and an office that has ended certifies nothing.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl
need_home

operator='--operator-passphrase file:operator.pass'
number() {
	openssl x509 "$@" -noout -serial | cut -d= -f2 | tr A-F a-f
}
refused() {
	what=$1
	shift
	run "$@"
	exits 7 "$what"
	err_has 'and the way is named' 'deed enroll rekey office'
}
deed audit log --json | jq '.entries | length' >before

# shellcheck disable=SC2086
{
	refused 'the office is not revoked' deed ca revoke office $operator
	refused 'nor in a dry run' deed ca revoke office -n $operator
	deed key show office --pem >office.pem
	refused 'nor its certificate by number' \
		deed ca revoke --serial "$(number -in office.pem)" $operator
	refused "nor its deposit key's" deed ca revoke $operator \
		--serial "$(number -in home/keystore/office/deposit-1.pem)"
	refused "nor the archive's" deed ca revoke $operator \
		--serial "$(number -in home/keystore/manifest.pem)"
	refused 'it is not suspended' deed party suspend office $operator
	refused 'nor renamed' deed party rename office bureau $operator
	refused 'nor shortened' deed verify-id office --attest seen --yes \
		--location Beijing --days 100 $operator
	err_has 'or how not to shorten it' '--days N'
	expect 0 'it is renewed' deed verify-id office --attest seen --yes \
		--location Beijing --days 2000 $operator
}
expect 0 'a party is believed after that' deed sign -n --as wang contract.pdf \
	--passphrase file:wang.pass
is 'nothing else was done' "$(deed audit log --json | jq '.entries | length')" \
	$(($(cat before) + 1))

# The clock goes on.
if ! command -v faketime >/dev/null ||
	! faketime -f +1d deed version >/dev/null 2>&1; then
	skip 'an office that has ended' 'faketime does not run here'
	exit 0
fi
prove_at() {
	run faketime -f "$1" deed verify-id wang --attest seen --yes \
		--location Beijing --operator-passphrase file:operator.pass
}
prove_at +1990d
exits 0 'an office in its last days certifies'
until=$(deed party show wang --json | jq -r .not_after)
is 'no longer than its own certificate holds' "$until" \
	"$(deed party show office --json | jq -r .not_after)"
end=$(deed key show wang --pem | openssl x509 -noout -enddate | cut -d= -f2)
check 'and the certificate not in the past' \
	[ "$(date -d "$end" +%s)" -gt $(($(date +%s) + 1990 * 86400)) ]
prove_at +2001d
exits 7 'an office that has ended certifies nothing'
err_has 'and says what to do' 'deed enroll rekey office'
# shellcheck disable=SC2086
{
	quietly faketime -f +2001d deed ca crl $operator
	quietly faketime -f +2001d deed ca crl --ca root \
		--root-passphrase file:root.pass
}
run faketime -f +2001d deed sign -n --as wang contract.pdf \
	--passphrase file:wang.pass
exits 7 'whom it certified signs no more'
err_has 'and is told why' 'the certificate of the office ended'
err_has 'and what to do' 'deed enroll rekey office'
run faketime -f +2001d deed party suspend wang --operator-passphrase \
	file:operator.pass
exits 7 'and states nothing'
err_has 'and says what to do' 'deed enroll rekey office'
prove_at +3661d
exits 7 'a CA that has ended certifies nothing'
err_has 'and says what to do' 'deed ca renew'
