#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll renew: the same key and evidence, a new certificate; what is
# not due is left alone, and what cannot be renewed is told the way.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
need jq openssl faketime

operator='--operator-passphrase file:operator.pass'
now=$(date -u +%s)
later() { # DAYS COMMAND ...
	then=$(date -u -d "@$((now + $1 * 86400))" '+%Y-%m-%d %H:%M:%S')
	shift
	faketime -f "@$then" "$@"
}
need_that 'faketime does not reach deed' sh -c \
	'faketime -f "@2030-01-01 00:00:00" date +%Y | grep -q 2030'
crl() { # DAYS
	# shellcheck disable=SC2086
	later "$1" deed ca crl $operator &&
		later "$1" deed ca crl --ca root --root-passphrase file:root.pass
}
serial() {
	deed key show "$1" --pem | openssl x509 -noout -serial
}
key() {
	deed key show "$1" --pem | openssl x509 -noout -pubkey
}
subject() {
	deed key show "$1" --pem | openssl x509 -noout -subject
}

# Nothing is due: no passphrase is asked for, and nothing is written.
entries=$(deed audit log | wc -l)
expect 0 'nothing is due' deed enroll renew --no-input
err_has 'which is told' 'nothing is due'
expect 0 'nor within a year' deed enroll renew --within 52w --no-input
is 'nothing is logged' "$(deed audit log | wc -l)" "$entries"
expect 2 'what is no span of time' deed enroll renew --within soon
expect 4 'nobody' deed enroll renew nobody --within 30d

# By name.
old=$(serial wang) old_key=$(key wang) old_subject=$(subject wang)
cp -p home/keystore/wang/signature-1.pem before.pem
# shellcheck disable=SC2086
expect 0 'a dry run' deed enroll renew wang -n $operator
out_has 'says would' 'wang: would be renewed to'
is 'and writes nothing' "$(deed audit log | wc -l)" "$entries"
# shellcheck disable=SC2086
expect 0 'renewed' deed enroll renew wang --days 1200 --json $operator
json 'one party' '.parties | length' 1
json 'is named' '.parties[0].party' wang
isnt 'a new certificate' "$(serial wang)" "$old"
is 'of the same key' "$(key wang)" "$old_key"
is 'under the same name' "$(subject wang)" "$old_subject"
check 'the old one stays' cmp before.pem home/keystore/wang/signature-1.1.pem
expect 0 'it is event renew' deed audit log --event renew
run deed party show wang --json
json 'two generations' '.generations | length' 2
json 'of one enrolment' '[.generations[].enrolment] | unique | length' 1
expect 0 'it signs' deed sign --as wang --passphrase file:wang.pass \
	-o s.pdf contract.pdf
deed ca bundle >house.pem
expect 0 'and passes' deed verify --trust house.pem s.pdf
# shellcheck disable=SC2086
expect 7 'it would end no later' deed enroll renew wang --days 1 $operator
err_has 'with the way' '--days N'
# shellcheck disable=SC2086
quietly deed enroll renew wang --days 3650 $operator
# shellcheck disable=SC2086
expect 7 'not beyond the office' deed enroll renew wang --days 3650 $operator
err_has 'whose end it is' 'the certificate of the office holds to'
err_has 'and the way' 'deed enroll renew office'
# shellcheck disable=SC2086
expect 6 'a wrong passphrase' deed enroll renew wang \
	--operator-passphrase file:root.pass

# Who cannot be renewed.
# shellcheck disable=SC2086
quietly deed party suspend li $operator
# shellcheck disable=SC2086
expect 7 'suspended' deed enroll renew li $operator
err_has 'the way' 'deed party suspend li --lift'
# shellcheck disable=SC2086
quietly deed party suspend li --lift $operator
# shellcheck disable=SC2086
quietly deed ca revoke li $operator
# shellcheck disable=SC2086
expect 7 'revoked' deed enroll renew li $operator
err_has 'the way' 'deed verify-id li'
quietly prove_home li
write_zhao() {
	deed enroll person zhao --name 'Zhao Min' --email z@example.org \
		--id cn-ric:110102199101010078 --passphrase file:li.pass
}
quietly write_zhao
# shellcheck disable=SC2086
expect 7 'not proven' deed enroll renew zhao $operator
err_has 'the way' 'deed verify-id zhao'

# By cron, as time goes on.
crl 1080 || fail 'a list in three years'
# shellcheck disable=SC2086
run later 1080 deed enroll renew --json $operator
exits 0 'what ends is renewed'
json 'all but who has time, and whom nobody proved' \
	'[.parties[].party] | join(",")' acme,li
run later 1080 deed enroll renew --no-input
exits 0 'a second run finds nothing'
err_has 'and says so' 'nothing is due'
# shellcheck disable=SC2086
run later 1080 deed enroll renew wang --evidence-age 1000d $operator
exits 7 'evidence that is too old'
err_has 'is told' 'was proven at'
err_has 'the way is' 'deed verify-id wang'
err_has 'or' 'deed enroll amend wang'
# The office itself, and then all who ended with it.
crl 1820 || fail 'a list in five years'
# shellcheck disable=SC2086
run later 1820 deed enroll renew --json $operator
exits 0 'the office comes first'
json 'and the others after it' '[.parties[].party] | join(",")' \
	office,acme,li,wang
run later 1820 deed sign --as li --passphrase file:li.pass -o l.pdf \
	contract.pdf
exits 0 'li signs in five years'
run later 1830 deed enroll renew --within 1d --no-input
exits 0 'nothing is left to do'
run later 1830 deed party show li --json --at "$(date -u -d "@$now" \
	+%Y-%m-%dT%H:%M:%SZ)"
json 'the past is still known' .state verified
