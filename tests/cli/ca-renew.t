#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed ca renew: a second issuing CA, and what the first certified stays good.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl
need_home

operator='--operator-passphrase file:operator.pass'
both="$operator --root-passphrase file:root.pass"
sign() {
	deed sign --as "$1" --passphrase "file:$1.pass" -o "$2" contract.pdf
}
passes() {
	expect 0 "$1" deed verify --trust house.pem --json "$2"
	json 'and passes' .indication TOTAL-PASSED
}
serial() {
	deed key show "$1" --pem | openssl x509 -noout -serial | cut -d= -f2 |
		tr A-F a-f
}
lists_in() {
	openssl crl -inform DER -in "home/ca/$1" -noout -text
}

quietly sign wang old.pdf
quietly deed shard put terms.txt --party wang --party li
deposit=$(cat "$T/out")
first=$(serial wang)
cp home/ca/issuing.cer first.cer
entries=$(deed audit log --json | jq '.entries | length')

secret_file cron.pass 'the passphrase of a timer'
# shellcheck disable=SC2086
{
	run deed ca renew -n $both --json
	json 'there is no other slot' '.slots | length' 0
}
quietly deed key slot add office cron --role issuing \
	--passphrase file:operator.pass --new-passphrase file:cron.pass

# shellcheck disable=SC2086
{
	expect 0 'a dry run' deed ca renew -n $both --json
	json 'says which CA it would be' .generation 2
	check 'and changes nothing' cmp first.cer home/ca/issuing.cer
	check 'nor makes a key' [ ! -e home/keystore/office/issuing-2.key ]
	expect 6 'the operator alone makes no CA' deed ca renew $operator \
		--root-passphrase file:operator.pass
	expect 6 'nor does the root alone' deed ca renew \
		--operator-passphrase file:root.pass \
		--root-passphrase file:root.pass
	check 'nor is a key left' [ ! -e home/keystore/office/issuing-2.key ]
	expect 0 'renew' deed ca renew $both --json
}
json 'the second' .generation 2
json 'the slot that its key lacks' .slots[0] cron
err_has 'is told, and what adds it' \
	"no slot 'cron'; deed key slot add office cron --role issuing"
expect 6 'the timer cannot make lists' deed ca crl \
	--operator-passphrase file:cron.pass
quietly deed key slot add office cron --role issuing \
	--passphrase file:operator.pass --new-passphrase file:cron.pass
expect 0 'and can by what was said' deed ca crl -n \
	--operator-passphrase file:cron.pass
is 'one entry' "$(deed audit log --json | jq '.entries | length')" \
	$((entries + 1))
check 'the first is kept' cmp first.cer home/ca/issuing-1.cer
openssl x509 -inform DER -in home/ca/issuing.cer -out second.pem
openssl x509 -inform DER -in first.cer -out first.pem
check 'it has a name of its own' sh -c 'openssl x509 -in second.pem -noout \
	-subject -nameopt utf8 | grep -q "Issuing CA 2"'
deed ca bundle >house.pem
is 'the bundle has one root' "$(grep -c 'BEGIN CERTIFICATE' house.pem)" 1
is 'and three lists' "$(grep -c 'BEGIN X509 CRL' house.pem)" 3
passes 'what was signed under the first' old.pdf
quietly sign wang between.pdf
passes 'and is signed with its certificate' between.pdf

quietly prove_home li
quietly sign li new.pdf
passes 'what is signed under the second' new.pdf
deed key show li --pem | openssl x509 >li.pem
deed key show wang --pem | openssl x509 >wang.pem
check 'openssl: the second, with its list' openssl verify -CAfile house.pem \
	-crl_check_all -untrusted second.pem li.pem
check 'openssl: the first, with both about' sh -c 'cat first.pem second.pem \
	>cas.pem && openssl verify -CAfile house.pem -crl_check_all \
	-untrusted cas.pem wang.pem'
expect 0 'the archive goes on' deed shard put annex.csv --party li
expect 0 'also with what was put before' deed shard check "$deposit"
openssl x509 -in home/keystore/manifest.pem -noout -issuer >issuer
check "the archive's key is certified anew" grep -q 'Issuing CA 2' issuer

# The list of the first is looked at as that of the second is.
expect 0 'nothing is amiss' deed status
mv home/ca/issuing-1.crl kept.crl
printf x >home/ca/issuing-1.crl
expect 1 'without the list of the first' deed status --json
is 'one thing is' "$(jq '[.items[] | select(.state == "amiss")] | length' \
	"$T/out")" 1
cp kept.crl home/ca/issuing-1.crl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout backup.key -out backup.pem -subj '/CN=backups' -days 30 \
	-addext keyUsage=keyAgreement 2>/dev/null
chmod 600 backup.key
quietly deed backup -o a.bak --to backup.pem

# Where the CA of a certificate is missing its list is not asked: such a one is
# not taken for another CA's.
cp -Rp home other
kept=$DEED_HOME DEED_HOME=$W/other
# shellcheck disable=SC2086
{
	quietly deed enroll renew office --days 1835 $operator
	quietly deed party suspend wang $operator
	quietly deed party suspend wang --lift $operator
	quietly deed ca revoke wang $operator
	mv other/ca/issuing-1.cer first.away
	expect 1 'the log knows that a CA is missing' sign wang no.pdf
	err_has 'by its file' "'issuing-1.cer' of an earlier issuing CA is"
	quietly deed audit recover
	expect 7 'nobody signs without the CA and its list' sign wang no.pdf
	err_has 'for it is of the house' 'is of this house'
	expect 7 'nor is it brought again as one from elsewhere' \
		deed enroll person wang --certificate first.pem
	err_has 'for the same reason' 'is of this house'
	run deed status --json
	is 'status tells it' "$(jq -r '.items[] | select(.about == "wang") |
		.state' "$T/out")" amiss
	quietly prove_home wang
	expect 0 'until the name is proven again' sign wang no.pdf
	rm no.pdf
}
DEED_HOME=$kept

# Each list names its own.
cp house.pem before.pem
# shellcheck disable=SC2086
{
	expect 0 'lists of both are made' deed ca crl $operator --json
	json 'the second' .number 2
	json 'and the first' '.earlier[0].generation' 1
	json 'with its number' '.earlier[0].number' 2
	expect 0 'revoke under the first' deed ca revoke wang $operator --json
	json 'two certificates' .revoked 2
	lists_in issuing-1.crl >one
	lists_in issuing.crl >two
	check 'the first names it' grep -qi "$first" one
	check 'the second does not' sh -c "! grep -qi $first two"
	run openssl verify -CAfile house.pem -crl_check_all -untrusted \
		cas.pem wang.pem
	deed ca bundle >house.pem
	run openssl verify -CAfile house.pem -crl_check_all -untrusted \
		cas.pem wang.pem
	isnt 'openssl sees it' "$code" 0
	expect 7 'and wang signs no more' sign wang no.pdf
	second=$(serial li)
	expect 0 'revoke under the second' deed ca revoke li $operator
	lists_in issuing-1.crl >one
	lists_in issuing.crl >two
	check 'the second names it' grep -qi "$second" two
	check 'the first does not' sh -c "! grep -qi $second one"
	quietly prove_home wang
	deed ca bundle >house.pem
	quietly sign wang again.pdf
	passes 'certified by the second' again.pdf
	expect 7 'what is of the house is not brought from elsewhere' \
		deed enroll org acme --certificate first.pem
	expect 0 'a third' deed ca renew $both --json
	json 'by number' .generation 3
	expect 0 'lists of all' deed ca crl $operator --json
	json 'two earlier' '.earlier | length' 2
	passes 'the second stays good' again.pdf
}
expect 0 'the log verifies' deed audit verify
deed ca bundle >house.pem
cat before.pem house.pem >lists.pem
expect 0 'a backup of before, older lists first' deed restore --home back \
	a.bak --key backup.key --no-checkpoint --crl lists.pem --json
json 'the lists of both tell what was revoked' '.revoked_since | length' 6
is 'also that of the first' "$(jq -r '.revoked_since[].serial' "$T/out" |
	grep -c "$first")" 1

# The last days, by the clock.
if ! command -v faketime >/dev/null ||
	! faketime -f +1d deed version >/dev/null 2>&1; then
	skip 'a CA that has ended' 'faketime does not run here'
	exit 0
fi
later() {
	faketime -f "$@"
}
# shellcheck disable=SC2086
{
	expect 0 'when the first CAs have ended' later +3665d deed ca renew $both
	expect 0 'lists are made of the one in use' \
		later +3665d deed ca crl $operator --json
	json 'and of no other' '.earlier | length' 0
	expect 7 'a root that has ended makes no CA' later +7330d deed ca \
		renew $both
	err_has 'and says so' 'root'
}
