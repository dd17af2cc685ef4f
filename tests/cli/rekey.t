#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll rekey, rekey --lost and amend: what comes after the first
# enrolment, and what stays good of what came before.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
need jq openssl

operator='--operator-passphrase file:operator.pass'
key() {
	deed party show "$1" --json | jq -r .key
}
state() {
	deed party show "$1" --json | jq -r .state
}
subject() {
	deed key show "$1" --pem | openssl x509 -noout -subject
}
sign() { # PARTY PASSPHRASE OUTPUT
	deed sign --as "$1" --passphrase "file:$2" -o "$3" contract.pdf
}
verify() {
	deed ca bundle >house.pem
	deed verify --trust house.pem "$@"
}
sed 's/passphrase of/next passphrase of/' wang.pass >next.pass
chmod 600 next.pass

# ---- new keys, of which the old one speaks ----
quietly sign wang wang.pass before.pdf
first=$(deed shard put terms.txt --party wang 2>/dev/null)
old=$(key wang) old_subject=$(subject wang)
entries=$(deed audit log | wc -l)
# shellcheck disable=SC2086
expect 0 'a dry run' deed enroll rekey wang -n --passphrase file:wang.pass \
	$operator
is 'writes nothing' "$(deed audit log | wc -l)" "$entries"
# shellcheck disable=SC2086
expect 6 'a wrong passphrase' deed enroll rekey wang \
	--passphrase file:li.pass $operator
err_has 'names the way' 'deed enroll rekey wang --lost'
# shellcheck disable=SC2086
expect 2 'the office loses nothing' deed enroll rekey office --lost --yes \
	$operator
# shellcheck disable=SC2086
expect 2 'a reason without --lost' deed enroll rekey wang \
	--reason superseded --passphrase file:wang.pass $operator
# shellcheck disable=SC2086
expect 0 'new keys' deed enroll rekey wang --key p384 --json \
	--passphrase file:wang.pass $operator
json 'certified at once' .state verified
is 'one entry' "$(deed audit log | wc -l)" "$((entries + 1))"
isnt 'another key' "$(key wang)" "$old"
is 'the same name and pseudonym' "$(subject wang)" "$old_subject"
check 'the old key stays' test -e home/keystore/wang/signature-1.key
expect 0 'it signs' sign wang wang.pass after.pdf
expect 0 'both are good' verify before.pdf after.pdf
expect 0 'the old deposit opens' deed shard get "$first" --as wang \
	--passphrase file:wang.pass -o t.txt
check 'it is what was deposited' cmp t.txt terms.txt
run prove_home wang
exits 0 'the name is proven of the new key'
out_has 'and how it followed is shown' 'the old key speaks for the new one'
# shellcheck disable=SC2086
expect 0 'once more' deed enroll rekey wang --passphrase file:wang.pass \
	$operator
run deed party show wang --json
json 'three keys' '[.generations[].key] | unique | length' 3
expect 0 'the log verifies' deed audit verify

# ---- another name ----
cat >married.yaml <<'EOF_'
name: Li Na-Wang
EOF_
old_subject=$(subject li)
quietly sign li li.pass maiden.pdf
expect 6 'not with another passphrase' deed enroll amend li \
	--from married.yaml --passphrase file:wang.pass
expect 7 'nothing is new' deed enroll amend li --email li@example.org \
	--passphrase file:li.pass
expect 2 'a kind stays' sh -c 'echo "kind: enterprise" |
	deed enroll amend li --from - --passphrase file:li.pass'
expect 2 'a number that is none' deed enroll amend li --id cn-ric:1 \
	--passphrase file:li.pass
expect 4 'nobody' deed enroll amend nobody --name X --passphrase file:li.pass
expect 0 'a dry run' deed enroll amend li -n --from married.yaml \
	--passphrase file:li.pass
expect 0 'amended' deed enroll amend li --from married.yaml --json \
	--passphrase file:li.pass
json 'is logged' '.log_index > 0' true
is 'what was certified stays' "$(subject li)" "$old_subject"
is 'until it is proven' "$(state li)" verified
# shellcheck disable=SC2086
expect 7 'nor is it renewed before' deed enroll renew li $operator
err_has 'the way' 'deed verify-id li'
run prove_home li
exits 0 'proven'
out_has 'the new name' 'name: Li Na-Wang'
out_has 'and the old one is shown' 'name before: Li Na'
case $(subject li) in
*'Li Na-Wang'*) pass 'the new name is certified' ;;
*) fail 'the new name is certified' "$(subject li)" ;;
esac
is 'under the same pseudonym' \
	"$(subject li | sed 's/.*serialNumber *= *\([^,]*\).*/\1/')" \
	"$(echo "$old_subject" | sed 's/.*serialNumber *= *\([^,]*\).*/\1/')"
expect 0 'the old name is good for what it signed' verify maiden.pdf
expect 0 'who it was is known' deed party show li --json
json 'by name' '[.generations[].name] | unique | length' 2
# A party that was renamed first.
# shellcheck disable=SC2086
quietly deed party rename li lina $operator
quietly deed enroll amend lina --phone +8613123456781 --passphrase file:li.pass
expect 0 'a renamed party is amended and proven' prove_home lina

# ---- a lost key ----
quietly sign acme acme.pass before2.pdf
quietly deed shard put annex.csv --party acme
quietly deed shard put minutes.odt --party acme --party lina
lost() {
	# shellcheck disable=SC2086
	deed enroll rekey acme --lost --reason superseded \
		--passphrase file:next.pass $operator "$@"
}
entries=$(deed audit log | wc -l)
run setsid -w deed enroll rekey acme --lost --passphrase file:next.pass \
	--operator-passphrase file:operator.pass
exits 7 'without a terminal it wants --yes'
err_has 'which is told' '--yes'
is 'nothing is done' "$(deed audit log | wc -l)" "$entries"
mv home/archive/places away
run setsid -w deed enroll rekey acme --lost --passphrase file:next.pass \
	--operator-passphrase file:operator.pass
mv away home/archive/places
is 'what only it opens is told though no place answers' \
	"$(grep -c 'only the lost key opens' "$T/out")" 1
expect 0 'lost' lost --yes --json
json 'what only it opens is told' '.lost_deposits | length' 1
json 'signature and deposit certificate are revoked' .revoked 2
json 'the name is to be proven' .state registered
is 'as the register says' "$(state acme)" registered
expect 7 'it does not sign before' sign acme next.pass no.pdf
err_has 'the way' 'deed verify-id acme'
# shellcheck disable=SC2086
expect 7 'nor is it renewed' deed enroll renew acme $operator
expect 0 'nor due' deed enroll renew --no-input
deed ca bundle >house.pem
run deed verify --trust house.pem before2.pdf
isnt 'the old certificate is revoked' "$code" 0
run prove_home acme
exits 0 'proven anew'
out_has 'and that nothing speaks for it is shown' \
	'nothing of the old key speaks for it'
expect 0 'it signs' sign acme next.pass after2.pdf
expect 0 'which is good' verify after2.pdf
expect 6 'the old passphrase opens nothing new' sign acme acme.pass no.pdf
expect 0 'the log verifies' deed audit verify

# ---- a compromised one, and who was never proven ----
# shellcheck disable=SC2086
quietly deed ca revoke wang --reason key-compromise $operator
# shellcheck disable=SC2086
expect 7 'an ended key does not speak for another' deed enroll rekey wang \
	--passphrase file:wang.pass $operator
err_has 'the way' 'deed enroll rekey wang --lost'
expect 7 'nor amend' deed enroll amend wang --name X --passphrase file:wang.pass
err_has 'the way' 'deed enroll rekey wang --lost'
# shellcheck disable=SC2086
expect 0 'lost' deed enroll rekey wang --lost --yes \
	--passphrase file:next.pass $operator
expect 0 'proven anew' prove_home wang
expect 0 'it signs again' sign wang next.pass again.pdf
quietly deed enroll person zhao --name 'Zhao Min' --email z@example.org \
	--id cn-ric:110102199101010078 --passphrase file:li.pass
# shellcheck disable=SC2086
expect 7 'what was never proven has no evidence' deed enroll rekey zhao \
	--passphrase file:li.pass $operator
# shellcheck disable=SC2086
expect 0 'but can be lost' deed enroll rekey zhao --lost --yes \
	--passphrase file:next.pass $operator
expect 0 'and proven' prove_home zhao

# ---- a key elsewhere ----
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out own.key \
	2>/dev/null
request() { # NAME
	openssl req -new -key own.key -subj "/CN=$1" -out own.csr
}
request 'Sun Yi'
quietly deed enroll person sun --name 'Sun Yi' --email s@example.org \
	--id cn-ric:110105199001010010 --csr own.csr --passphrase file:li.pass
quietly prove_home sun
expect 6 'its name is amended by a request' deed enroll amend sun \
	--name 'Sun Er' --passphrase file:li.pass
err_has 'which is told' '--csr FILE'
expect 7 'for that name' deed enroll amend sun --name 'Sun Er' \
	--csr own.csr --passphrase file:li.pass
request 'Sun Er'
expect 0 'by its own key' deed enroll amend sun --name 'Sun Er' \
	--csr own.csr --passphrase file:li.pass
expect 0 'and proven' prove_home sun
# shellcheck disable=SC2086
expect 7 'it cannot speak for a new one' deed enroll rekey sun \
	--passphrase file:li.pass $operator
err_has 'the way' 'deed enroll rekey sun --lost'
expect 0 'the log verifies' deed audit verify
