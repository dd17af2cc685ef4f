#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify --trust-list: was the signer's authority licensed then?
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home
umask 077
python3 "$top_srcdir/tests/interop/licensed_list.py" cas &&
	python3 "$top_srcdir/tests/interop/licensed_signers.py" cas || exit 99
import() {
	deed trust import --kind yaml --at 2026-11-20 -q \
		--operator-passphrase file:operator.pass "$@" 2>"$T/err"
}
import cas/list.yaml -o list.p7s || {
	fail 'the list is imported' "$(cat "$T/err")"
	exit 1
}
# Whose list it is: whoever in it is no authority.
openssl pkcs7 -in list.p7s -inform DER -print_certs -out all.pem
awk '/BEGIN/ { n++ } /BEGIN/, /END/ { print >("one-" n ".pem") }' all.pem
for one in one-*.pem; do
	case $(openssl x509 -in "$one" -noout -text) in
	*'Subject: '*'Notary Office Seven'*) grep -q . "$one" &&
		! openssl x509 -in "$one" -noout -ext keyUsage |
		grep -q 'Certificate Sign' && mv "$one" signer.pem ;;
	esac
done
verify() {
	run deed verify --trust-list list.p7s --list-signer signer.pem \
		--no-revocation --content cas/content "$@"
}
says() {
	is "$1" "$(jq -r ".documents[0].signatures[0].qualification.$2" \
		<"$T/out")" "$3"
}

# Every change of status: the second before it, and the second of it.
tab=$(printf '\t')
: >wrong
: >right
i=0
answer() { # AT SIGNATURE EXPECTED
	verify --at "$1" --json "cas/$2.p7s"
	seen=$(jq -r '.documents[0].signatures[0].qualification.is' <"$T/out")
	[ "$3" = licensed ] && want=licensed || want=not
	if [ "$seen" = "$want" ]; then
		echo "$2" >>right
	else
		echo "$2 at $1: expected $want, saw $seen" >>wrong
	fi
}
while IFS=$tab read -r _ at before after; do
	answer "$(date -u -d "$at - 1 second" +%Y-%m-%dT%H:%M:%SZ)" \
		"before-$i" "$before"
	answer "$at" "at-$i" "$after"
	# What was issued before it has seen both.
	answer "$at" "before-$i" none
	i=$((i + 1))
done <cas/changes.tsv
is 'every change of 48 CAs has its second' "$(cat wrong)" ''
is 'and all were asked' "$(wc -l <right | tr -d ' ')" $((3 * i))

# What is told, and what is required.
NOW=2026-12-05T00:00:00Z
verify --at $NOW --json cas/at-0.p7s
exits 0 'the list alone leads to a signer'
says 'who is licensed' is licensed
says 'at issuance' at_issuance licensed
says 'at the best time' at_best_time licensed
says 'for both' 'for | join(" ")' 'signatures seals'
says 'by whom' by 'Made-up CA 1'
says 'with which licence' licence ECP11010001
says 'by which scheme' scheme cn-esl
says 'compiled by whom' compiled_by 'Notary Office Seven'
says 'and nothing against it' why null
json 'the list is named once' '.trust_lists[0].scheme' cn-esl
json 'its authorities are not' '.trust | length' 0
verify --at $NOW cas/at-0.p7s --report html=page.html
out_has 'people are told' 'licensed for signatures and seals'
out_has 'by which list' 'trust list: cn-esl, number 1'
check 'and in the page' grep -q 'ECP11010001' page.html
verify --at $NOW --require licensed=cn-esl cas/at-0.p7s
exits 0 'what is required'
verify --at $NOW --require licensed=cn-esl cas/before-0.p7s --json
exits 1 'issued a second before the licence'
json 'is the requirement not met' '.documents[0].unmet[0]' licensed=cn-esl
says 'by the list' why not-listed
json 'which is a reason' '.documents[0].signatures[0].reasons[-1].id' \
	not-qualified
verify --at $NOW --require licensed=cn-esl cas/at-0.p7s cas/before-0.p7s
exits 1 'one of two'
verify --at $NOW --require licensed=other cas/at-0.p7s --json
exits 3 'another scheme'
json 'is told' '.documents[0].signatures[0].reasons[-1].id' trust-list-scheme
verify --at $NOW --require qualified cas/at-0.p7s
exits 3 'a list made by hand qualifies nobody'
verify --at 2031-01-01 --require licensed=cn-esl cas/at-0.p7s
exits 0 'a time before the next update'
deed key show wang --pem >wang.pem
python3 "$top_srcdir/tests/interop/licensed_list.py" cas --sequence 2 \
	--until 2027-01-01T00:00:00Z --extra 'house.pem=The House'
import cas/list.yaml -o short.p7s
verify_short() {
	run deed verify --trust-list short.p7s --no-revocation \
		--content cas/content "$@"
}
verify_short --list-signer signer.pem --at 2027-01-01T00:00:00Z \
	--require licensed=cn-esl cas/at-0.p7s
exits 0 'the second of the next update'
verify_short --list-signer signer.pem --at 2027-01-01T00:00:01Z --json \
	--require licensed=cn-esl cas/at-0.p7s
exits 3 'the second after it'
says 'is not known any more' why list-ended
json 'which is a reason' '.documents[0].signatures[0].reasons[-1].id' \
	trust-list-ended

# Whose list it is.
for other in cas/ca-01.pem wang.pem; do
	verify_short --list-signer $other --at $NOW cas/at-0.p7s
	exits 3 "$other did not sign the list"
	err_has 'which is said' 'none of the signers named or pinned'
done
verify_short --at $NOW cas/at-0.p7s
exits 3 'nobody is believed unnamed'
cp list.p7s whole.p7s
python3 - <<'PY'
b = bytearray(open('whole.p7s', 'rb').read())
b[b.index(b'suspended')] ^= 1
open('list.p7s', 'wb').write(b)
PY
verify --at $NOW cas/at-0.p7s
exits 3 'a flipped status'
err_has 'makes the list useless' "the trust list 'list.p7s' cannot be used"
cp whole.p7s list.p7s

# Nobody judges his own authority.
deed sign --as wang --passphrase file:wang.pass contract.pdf -o signed.pdf \
	2>"$T/err" || fail 'a contract is signed' "$(cat "$T/err")"
verify_short --list-signer signer.pem --json --require licensed=cn-esl \
	signed.pdf
exits 3 'a list by the own house'
says 'is told as what it is' is self-asserted
json 'which is a reason' '.documents[0].signatures[0].reasons[-1].id' \
	self-asserted
deed sign --as wang --passphrase file:wang.pass --counter-sign short.p7s \
	-o both.p7s 2>"$T/err" || fail 'it is counter-signed' "$(cat "$T/err")"
run deed verify --trust-list both.p7s --list-signer signer.pem --json \
	--require licensed=cn-esl signed.pdf
exits 3 'a countersigner whom nobody named'
run deed verify --trust-list both.p7s --list-signer signer.pem --json \
	--list-signer wang.pem --require licensed=cn-esl --no-revocation \
	signed.pdf
exits 0 'one who was named'
says 'makes it a licence' is licensed

# A certificate that the CA was given after the listed one is of the same CA.
mkdir re
ca() { # CERTIFICATE FROM TO
	(cd cas && openssl ca -batch -preserveDN -config ca.cnf -selfsign -in \
		../re.csr -keyfile ca-01.key -extfile ../re.ext -startdate \
		"$2" -enddate "$3" -out "../$1") 2>/dev/null
}
openssl x509 -x509toreq -in cas/ca-01.pem -signkey cas/ca-01.key -out re.csr \
	2>/dev/null
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' \
	>re.ext
ca re/ca-01.pem 20100101000000Z 20261125000000Z
ca new.pem 20200101000000Z 20490101000000Z
python3 "$top_srcdir/tests/interop/licensed_list.py" re 1
import re/list.yaml -o re.p7s || fail 'the list is imported' "$(cat "$T/err")"
openssl cms -sign -binary -cades -in cas/content -signer cas/at-0.pem -inkey \
	cas/leaf.key -certfile new.pem -outform DER -out new.p7s
run deed verify --trust-list re.p7s --list-signer signer.pem --at $NOW \
	--no-revocation --content cas/content --trust new.pem --json new.p7s
exits 0 'a path to the new certificate of a CA'
json 'is taken' '.documents[0].signatures[0].chain[1]' \
	"sha256:$(openssl x509 -in new.pem -outform DER | sha256sum |
		cut -d ' ' -f 1)"
says 'and the CA is the licensed one' is licensed

# Those that the home holds.
run deed verify --trust-list home --at $NOW --content cas/content cas/at-0.p7s
exits 3 'a home without lists'
deed trust add whole.p7s --list-signer signer.pem --as cn --at $NOW -q ||
	fail 'a list is held'
run deed verify --trust-list home --at $NOW --no-revocation \
	--require licensed=cn-esl --content cas/content cas/at-0.p7s
exits 0 'the list that the home holds'
run deed verify --trust-list home --at $NOW --no-revocation \
	--require licensed=cn-esl --content cas/content cas/before-0.p7s
exits 1 'answers no, too'
