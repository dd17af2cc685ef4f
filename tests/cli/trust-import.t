#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# European lists (ETSI TS 119 612) made into statements: who must have signed
# them, what each fault is told as, and that anyone derives them again.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home
make=$top_srcdir/tests/interop
check 'lists are made' python3 "$make/trust_lists.py" .
check 'lists are made' python3 "$make/trust_list_files.py" .
import() {
	run deed trust import --kind ts119612 --at 2026-06-01 \
		--operator-passphrase file:operator.pass "$@"
}
import history.xml --signer ca-a.pem -n -o a.p7s
exits 0 'what would be imported'
absent 'is not written' a.p7s
import history.xml --signer ca-a.pem -o a.p7s
exits 0 'a list is imported'
err_has 'and told' 'EUgeneric/XX'
import history.xml --signer ca-a.pem -o b.p7s --json
json 'as JSON' .list.services 1
payload() {
	openssl cms -verify -noverify -in "$1" -inform DER -out "$2" \
		2>/dev/null
}
payload a.p7s a.json
payload b.p7s b.json
check 'the same list twice gives the same payload' cmp a.json b.json
is 'its source is named' "$(jq -r .source a.json)" \
	"sha256:$(sha256sum <history.xml | cut -d' ' -f1)"
import lotl.xml --pivot p1.xml --pivot p2.xml --pivot p3.xml \
	--signer ca-a.pem -o lotl.p7s
exits 0 'a list of lists with its pivots'
import lotl.xml nation.xml --signer ca-a.pem -o nation.p7s
exits 0 'a list that a list of lists points to'

# refuses CODE WHAT TEXT ARGUMENT...
refuses() {
	want=$1 what=$2 text=$3
	shift 3
	import "$@" -o none.p7s
	exits "$want" "$what"
	err_has "$what: told" "$text"
	absent "$what: nothing is written" none.p7s
}
for file in history.xml ca-a.pem p1.xml; do
	cp "$file" before
	import history.xml --signer ca-a.pem --pivot p1.xml --force -o "$file"
	exits 2 "'$file' is read, and not written"
	check 'it is as it was' cmp before "$file"
done
refuses 2 'nobody who may have signed' 'whose signature counts' history.xml
refuses 1 'a signer whom nobody named' 'none of the signers' \
	history.xml --signer evil.pem
refuses 1 "KeyInfo's own key" 'none of the signers' keyinfo.xml \
	--signer signer.pem
refuses 1 'an altered list' 'was changed' altered.xml --signer signer.pem
refuses 1 'a flipped status' 'was changed' flipped.xml --signer ca-a.pem
refuses 4 'an unsigned list' 'not signed' unsigned.xml --signer signer.pem
refuses 1 'two signatures' '2 signatures' two-signatures.xml \
	--signer signer.pem
refuses 1 'a wrapped list' 'last child' wrap-whole.xml --signer signer.pem
refuses 5 'a second root' 'well-formed' two-roots.xml --signer signer.pem
refuses 1 'an outer reference to a copy' 'first reference' outer-id.xml \
	--signer signer.pem
refuses 5 'another version' 'signature holds' version4.xml --signer ca-a.pem
err_has 'another version: and this is said' 'is of version 4'
refuses 1 'a pivot that was skipped' 'a pivot that is missing' \
	lotl.xml --pivot p1.xml --pivot p3.xml --signer ca-a.pem
run deed trust import --kind ts119612 --at 2026-07-02 history.xml \
	--signer ca-a.pem -o none.p7s \
	--operator-passphrase file:operator.pass
exits 7 'a list that has ended'
err_has 'is told' 'ended at 2026-07-01T00:00:00Z'

# A list that is held: derived again, and not replaced by an older one.
notary_of lotl.p7s notary.pem
cp lotl.p7s eu.p7s
run deed trust add eu.p7s --list-signer notary.pem --as eu --at 2026-06-01
exits 0 'a list is held'
run deed trust check eu --at 2026-06-01 --source lotl.xml --pivot p1.xml \
	--pivot p2.xml --pivot p3.xml --signer ca-a.pem
exits 0 'it says what its source says'
python3 "$make/licensed_list.py" cas 1
run deed trust import --kind yaml --at 2026-11-20 cas/list.yaml -o yaml.p7s \
	--operator-passphrase file:operator.pass
run deed trust add yaml.p7s --list-signer notary.pem --as eu --at 2026-11-20
exits 7 'one written by hand does not replace it'
err_has 'which is told' 'it is a list written by hand in YAML, and the one held'
run deed trust check eu --at 2026-06-01 --source p3.xml --pivot p1.xml \
	--pivot p2.xml --signer ca-a.pem
exits 1 'and not what another says'
run deed trust check eu --at 2026-06-01 --source lotl.xml --signer ca-b.pem
exits 1 'nor what nobody named has signed'
run deed trust check eu --at 2026-06-01 --signer ca-b.pem
exits 2 'a signer of no source'
err_has 'which is told' '--source'
import p3.xml --pivot p1.xml --pivot p2.xml --signer ca-a.pem --force \
	-o eu.p7s
exits 0 'pivots have numbers in no order'
run deed trust update eu --at 2026-06-01
isnt 'but a held list has no lower one' "$code" 0
err_has 'which is told' '300'
