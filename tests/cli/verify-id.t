#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed verify-id certifies what was enrolled, and only that.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl

write_forms
quietly init_home
quietly enroll_home wang
quietly enroll_home li

verify() {
	run deed verify-id "$@" --location Beijing --attest 'card seen' --yes \
		--operator-passphrase file:operator.pass
}

verify nobody
exits 4 'no such party'
run deed verify-id wang --location Beijing --attest 'card seen' \
	--operator-passphrase file:root.pass
exits 6 "another's passphrase"
verify wang -n
exits 0 'a dry run'
out_has 'it shows the name' 'name: 王小明'
run deed party show wang --json
json 'and certifies nothing' .state registered

verify wang --json
exits 0 'verified'
json 'the name that was certified' .name 王小明
json 'no problem' '.problems | length' 0
cp "$T/out" verified.json
run deed party show wang --json
json 'the state' .state verified
json 'a person may not seal' .may_seal false

# The certificate and the statements, by openssl.
deed ca bundle >house.pem
deed ca root >root.pem
openssl x509 -in root.pem -outform DER -out root.cer
openssl x509 -inform DER -in home/ca/issuing.cer -out issuing.pem
deed key show wang --pem >wang.pem
check 'openssl verifies the certificate' openssl verify -CAfile root.pem \
	-untrusted issuing.pem wang.pem
check 'and with the CRLs' openssl verify -CAfile house.pem -crl_check_all \
	-untrusted issuing.pem wang.pem
openssl x509 -in wang.pem -noout -text -nameopt utf8,sep_comma_plus >wang.txt
check 'its usage' grep -q 'Digital Signature, Non Repudiation$' wang.txt
check 'no extended usage' sh -c '! grep -q "Extended Key Usage" wang.txt'
check 'a pseudonym' grep -q 'serialNumber=EI:CN-[A-Z2-7]\{52\}' wang.txt
check 'not the number' sh -c '! grep -q 11010519491231002X wang.txt'
if command -v certtool >/dev/null; then
	cat wang.pem issuing.pem root.pem >path.pem
	check 'certtool verifies the path' certtool --verify-chain \
		--infile path.pem
else
	skip 'certtool' 'not installed'
fi
check 'openssl verifies the status' openssl cms -verify -cades -inform DER \
	-CAfile root.pem -in home/identity/status/wang.cms -out status.json
is 'the status names the certificate' "$(jq -r .certificate status.json)" \
	"sha256:$(openssl x509 -in wang.pem -outform DER | sha256sum | cut -c1-64)"
evidence=$(jq -r .evidence status.json)
evidence=${evidence#sha256:}
check 'openssl verifies the attestation' openssl cms -verify -cades \
	-inform DER -CAfile root.pem -out attestation.json \
	-in "home/identity/attestations/$evidence.cms"
is 'it is what the status names' "$evidence" \
	"$(sha256sum "home/identity/attestations/$evidence.cms" | cut -c1-64)"
is 'it is what the certificate names' "$evidence" \
	"$(openssl x509 -in wang.pem -outform DER | xxd -p | tr -d '\n' |
		grep -o "0420$evidence" | cut -c5-)"
is 'what was seen' "$(jq -r .statement attestation.json)" 'card seen'
is 'the same number in both' \
	"$(jq -r .id attestation.json | xxd -r -p | base32 | tr -d '=\n')" \
	"$(sed -n 's/.*serialNumber=EI:CN-\([A-Z2-7]*\).*/\1/p' wang.txt)"

# What is certified is seen first, and somebody answers.
ask() {
	run python3 "$top_srcdir/tests/cli/answer.py" "$1" deed verify-id wang \
		--location Beijing --attest 'card seen' \
		--operator-passphrase file:operator.pass --days 20 -q
}
serial_of() {
	deed key show "$1" --pem | openssl x509 -noout -serial
}
before=$(serial_of wang)
for answer in n '' maybe 'y e s' yesyesyesyesyesyesyes; do
	ask "$answer"
	exits 7 "the answer '$answer' certifies nothing"
done
out_has 'the question has the name' 王小明
out_has 'the number' cn-ric:11010519491231002X
out_has 'and the key' "sha256:$(openssl pkey -pubin -outform DER \
	-in home/keystore/wang/signature-1.pub | sha256sum | cut -c1-64)"
run setsid -w deed verify-id wang --location Beijing --attest 'card seen' \
	--operator-passphrase file:operator.pass
exits 7 'nobody can be asked'
err_has 'and how to go on' --yes
run deed verify-id wang --location Beijing --attest 'card seen' --no-input \
	--operator-passphrase file:operator.pass
exits 7 'asking is forbidden'
is 'and nothing was certified' "$(serial_of wang)" "$before"
ask yes
exits 0 'yes certifies'
isnt 'anew' "$(serial_of wang)" "$before"

# One number, two parties.
sed 's/Li Na/Wang Xiao Ming/; s/^id:.*/id: cn-ric:11010519491231002X/' \
	li.yaml >twin.yaml
run deed enroll person twin --from twin.yaml --passphrase file:li.pass
exits 0 'somebody enrolls with a number that is known'
verify twin -n --json
exits 0 'which may be so'
err_has 'both handles are told' "'twin' is Wang Xiao Ming, and 'wang' is"
json 'with both names' '.problems[0] | contains("王小明")' true

# The country is that of the number.
sed 's/Li Na/Jan Nowak/; s/^id:.*/id: etsi-natural:PASPL-AB1234567/' \
	li.yaml >jan.yaml
quietly deed enroll person jan --from jan.yaml --passphrase file:li.pass
verify jan
exits 0 'a number of another country'
deed key show jan --pem | openssl x509 -noout -subject \
	-nameopt utf8,sep_comma_plus >subject
check 'names that country' grep -q 'C=PL.*serialNumber=EI:PL-' subject

# Again: renewed, with the number itself, for a shorter time.
verify wang --real-number --days 10
exits 0 'renewed'
deed key show wang --pem | openssl x509 -noout -subject >subject
check 'the real number, as asked' grep -q IDCCN-11010519491231002X subject
check 'to ten days from now' sh -c 'deed key show wang --pem |
	openssl x509 -noout -checkend 777600 && ! { deed key show wang --pem |
	openssl x509 -noout -checkend 950400; }'

# What a writer of the drop box can do.
list_box() {
	(cd home/identity/box && find . -name '*.cms' -exec sha256sum {} + | sort)
}
entry=$(deed party show li --json | jq .enrolment)
list_box >before
cp -r home saved

verify li -n
exits 0 'nothing is wrong with li'

# Injected: reported, and ignored.
openssl rand -out junk 500
cp junk "home/identity/box/$(sha256sum junk | cut -c1-64).cms"
verify li -n
exits 0 'a record that no entry names is ignored'
err_has 'and reported' 'no entry names the record'
rm "home/identity/box/$(sha256sum junk | cut -c1-64).cms"

# Each record replaced, then removed: whatever it was, either li is refused
# or it was none of li's.
refused=0
for file in home/identity/box/*/*.cms; do
	cp "$file" kept
	cp junk "$file"
	verify li
	replaced=$code
	rm "$file"
	verify li -n
	[ "$replaced" -ne 1 ] || [ "$code" -ne 1 ] || refused=$((refused + 1))
	[ "$replaced" -eq "$code" ] || fail 'replaced and removed are one' \
		"$file: replaced $replaced, removed $code"
	cp kept "$file"
	if [ "$replaced" -eq 0 ]; then
		rm -rf home
		cp -r saved home
	else
		run deed party show li --json
		json 'li is still registered only' .state registered
	fi
done
# Its enrolment, and the openings of that entry.
is "two records are of li's entry" "$refused" 2

# Its signpost turned to somebody else's enrolment.
cp home/identity/party/li.json kept.json
sed "s/\"enrolment\":$entry/\"enrolment\":1/" kept.json \
	>home/identity/party/li.json
verify li
exits 1 'a signpost that points elsewhere'
cp kept.json home/identity/party/li.json

# Its key replaced by another's.
cp home/keystore/li/signature-1.pub kept.pub
cp home/keystore/wang/signature-1.pub home/keystore/li/signature-1.pub
verify li
exits 1 'a key that was not enrolled'
cp kept.pub home/keystore/li/signature-1.pub

# A log that was tampered with says nothing any more.
cp home/audit/checkpoint kept.cp
printf 'x' >>home/audit/checkpoint
verify li
isnt 'a damaged checkpoint' "$code" 0
cp kept.cp home/audit/checkpoint
run deed party show li --json
json 'still registered only' .state registered
verify li
exits 0 'and verified in the end'
