#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who may not sign does not: every reason has exit code 7, a message that says
# it, and leaves no output.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home

operator='--operator-passphrase file:operator.pass'

refused() {
	refused_by 7 "$@"
}

# What lies there is not what the log says: exit 1.
refused_by() {
	wanted=$1
	shift
	run deed sign --as "$2" --passphrase "file:$3.pass" -o out.pdf \
		contract.pdf
	exits "$wanted" "$1"
	err_has "$1: it says so" "$4"
	absent "$1: no output" out.pdf
}

signs() {
	run deed sign --as "$1" --passphrase "file:$2.pass" -o out.pdf \
		contract.pdf
	exits 0 "$1 signs"
	rm -f out.pdf
}

run deed sign --as nobody --passphrase file:wang.pass -o out.pdf contract.pdf
exits 4 'who is no party'
quietly deed enroll person zhao --name 'Zhao Min' --email z@example.org \
	--id cn-ric:110102199101010078 --passphrase file:li.pass
refused 'who is registered only' zhao li 'is not verified'

# shellcheck disable=SC2086
quietly deed party suspend wang --reason 'under inquiry' $operator
refused 'who is suspended' wang wang 'under inquiry'
# shellcheck disable=SC2086
quietly deed party suspend wang --lift $operator
signs wang wang

# shellcheck disable=SC2086
quietly deed ca revoke wang $operator
refused 'whose certificate is revoked' wang wang revoked
quietly prove_home wang
signs wang wang

# Statuses that are not the notary's word for this party.
cp home/identity/status/wang.cms kept.cms
cp home/identity/status/li.cms home/identity/status/wang.cms
refused_by 1 "another's status" wang wang 'not the newest'
rm home/identity/status/wang.cms
refused_by 1 'no status' wang wang 'is missing'
cp kept.cms home/identity/status/wang.cms
signs wang wang

# Another's certificate beside one's own key.
cp home/keystore/wang/signature-1.pem kept.pem
cp home/keystore/li/signature-1.pem home/keystore/wang/signature-1.pem
refused_by 1 "another's certificate" wang wang 'another than the newest'
cp kept.pem home/keystore/wang/signature-1.pem

# A person has no seal.
run deed seal --as wang --passphrase file:wang.pass --position 10,10 \
	-o out.pdf contract.pdf
exits 7 'a person does not seal'
absent 'no sealed file' out.pdf

# A name with a newline in it forges no line, on either stream.
forged="$(printf 'a.pdf\ndeed verify: error: b.pdf is forged\nb.pdf: TOTAL-PASSED')"
clean='a.pdf deed verify: error: b.pdf is forged b.pdf: TOTAL-PASSED'
expect 4 'a name with newlines' deed verify --short "$forged"
is 'is one line of standard error' "$(wc -l <"$T/err")" 1
err_has 'with spaces in their place' "cannot open '$clean'"
out_is 'and of standard output' <<EOF
$clean: UNREADABLE
EOF
cp "$data/contract.pdf" "$forged"
expect 4 'a document of that name' deed verify "$forged"
is 'has one line' "$(grep -c TOTAL-PASSED "$T/out")" 1
has 'which is its own' "$T/out" "$clean: NO-SIGNATURE"
expect 0 'its fields' deed field list "$forged"
is 'are one line' "$(wc -l <"$T/out")" 1
expect 4 'as what was signed' deed trust path "$forged"
is 'is one line' "$(wc -l <"$T/err")" 1
expect 2 'as an option' deed verify "--$forged" x.pdf
is 'is one line, and a hint' "$(grep -vc '^hint: ' "$T/err")" 1
expect 7 'in a hint, too, as what exists' deed verify --report "tap=$forged" \
	"$forged"
is 'it is one line' "$(grep -vc '^hint: ' "$T/err")" 1
if command -v jq >/dev/null; then
	run deed verify --json "$forged"
	json 'in JSON it is as it is' '.documents[0].file' "$forged"
fi
