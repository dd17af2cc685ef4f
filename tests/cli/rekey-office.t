#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll rekey office: the notary's new key, everybody attested again,
# the old key revoked last; killed in between it is gone on with.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home
need jq openssl

operator='--operator-passphrase file:operator.pass'
state() {
	deed party show "$1" --json | jq -r .state
}
# Whose key signed the status of a party.
notary() {
	openssl cms -verify -inform DER -in "home/identity/status/$1.cms" \
		-noverify -signer "$T/signer" -out /dev/null 2>/dev/null
	openssl x509 -in "$T/signer" -noout -pubkey
}
key() {
	deed key show "$1" --pem | openssl x509 -noout -pubkey
}
end() {
	deed party show "$1" --json | jq -r .not_after
}
quietly deed enroll person zhao --name 'Zhao Min' --email z@example.org \
	--id cn-ric:110102199101010078 --passphrase file:li.pass
# shellcheck disable=SC2086
quietly deed party suspend li --reason 'under inquiry' $operator
quietly deed enroll amend acme --phone +8613123456781 --passphrase \
	file:acme.pass
quietly deed sign --as wang --passphrase file:wang.pass -o before.pdf \
	contract.pdf
cp -Rp home fresh

old=$(key office) wang_key=$(key wang) wang_end=$(end wang)
entries=$(deed audit log | wc -l)
run setsid -w deed enroll rekey office \
	--operator-passphrase file:operator.pass
exits 7 'without a terminal it wants --yes'
# shellcheck disable=SC2086
expect 0 'a dry run' deed enroll rekey office -n $operator
is 'writes nothing' "$(deed audit log | wc -l)" "$entries"
expect 6 'a wrong passphrase' deed enroll rekey office --yes \
	--operator-passphrase file:root.pass
# shellcheck disable=SC2086
expect 0 'a new key' deed enroll rekey office --yes --json $operator
json 'is not gone on with' .resumed false
json 'wang, li and acme are attested' .attested 3
json 'the old certificates are revoked' .revoked 2
isnt 'the office has another key' "$(key office)" "$old"
new=$(key office)
for who in office wang li acme; do
	is "$who is by the new key" "$(notary $who)" "$new"
done
is 'keys of parties stay' "$(key wang)" "$wang_key"
is 'and their ends' "$(end wang)" "$wang_end"
is 'who was suspended is' "$(state li)" suspended
is 'who was not proven is not' "$(state zhao)" registered
expect 0 'the log verifies' deed audit verify
deed ca bundle >house.pem
expect 0 'wang signs' deed sign --as wang --passphrase file:wang.pass \
	-o after.pdf contract.pdf
expect 0 'before and after are good' deed verify --trust house.pem \
	before.pdf after.pdf
expect 0 'who was amended can still be proven' prove_home acme
expect 0 'and zhao' prove_home zhao
# shellcheck disable=SC2086
expect 0 'li goes on' deed party suspend li --lift $operator
# shellcheck disable=SC2086
expect 0 'and can be renewed' deed enroll renew li --days 1200 $operator
expect 0 'what held before is known' deed party show wang --json
json 'from two notaries' '.generations | length' 2
# shellcheck disable=SC2086
expect 0 'once more is another one' deed enroll rekey office --yes --json \
	$operator
json 'with all four' .attested 4

# Killed between any two of its transactions it is gone on with.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	for n in 1 3 5 7 9 11; do
		rm -rf home
		cp -Rp fresh home
		ASAN_OPTIONS=detect_leaks=0 strace -f -o "$T/trace" \
			-e trace=renameat \
			-e inject="renameat:signal=SIGKILL:when=$n" \
			deed enroll rekey office --yes \
			--operator-passphrase file:operator.pass \
			>/dev/null 2>&1
		# shellcheck disable=SC2086
		quietly deed ca crl $operator
		for who in wang li acme; do
			case $(state $who) in
			verified | suspended) ;;
			*) fail "killed at $n: $who is believed" "$(state $who)" ;;
			esac
		done
		# shellcheck disable=SC2086
		quietly deed enroll rekey office --yes $operator
		seen=$(notary wang; notary li; notary acme; notary office)
		is "killed at $n: the same command comes to its end" \
			"$(echo "$seen" | sort -u)" "$(key office | sort -u)"
		is "killed at $n: nothing of an old key is left" "$(
			deed audit verify >/dev/null && find home/keystore/office \
				-name 'signature-*.key' | wc -l)" \
			"$(($(find home/ca/revoked -name '*.json' | wc -l) / 2 + 1))"
	done
else
	skip 'killed' 'strace may not trace here'
fi
