#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll registers; what is wrong with a form is told, and nothing made.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3

write_forms
quietly init_home

run deed enroll person wang --from wang.yaml --passphrase file:wang.pass --json
exits 0 'a person'
json 'the state' .state registered
json 'the name' .name 王小明
json 'the number is well-formed, no more' .id_state well-formed
json 'the phone is unconfirmed' .phone.confirmed false
run deed enroll org acme --from acme.yaml --passphrase file:acme.pass
exits 0 'an organisation'
err_has 'contact is unconfirmed' unconfirmed
run deed enroll person wang --from wang.yaml --passphrase file:wang.pass
exits 7 'a handle is given once'
run deed enroll person li --name 'Li Na' --email li@example.org \
	--id cn-ric:440524188001010014 --passphrase file:li.pass \
	--key ed25519 --deposit-key rsa2048
exits 0 'the same fields as options, other keys'
expect 0 'list' deed party list
out_has 'registered' 'wang             registered'
expect 0 'show opens' deed party show wang --operator-passphrase \
	file:operator.pass
out_has 'the operator sees the name' 王小明
out_has 'and that the phone is unconfirmed' '+8613123456789 (unconfirmed)'
expect 6 'not with another passphrase' deed party show wang \
	--operator-passphrase file:root.pass
expect 7 'who is registered only cannot be suspended' deed party suspend wang \
	--operator-passphrase file:operator.pass

# From standard input; a dry run.
run sh -c 'deed enroll person zhao --from - --passphrase file:li.pass -n \
	<li.yaml'
exits 0 'a dry run from standard input'
run deed party show zhao
exits 4 'a dry run registers nobody'

# Forms that are not in order.
bad() {
	what=$1
	shift
	run deed enroll person sun --name Sun --email sun@example.org \
		--id cn-ric:110102199101010078 --passphrase file:li.pass "$@"
	exits 2 "$what"
}
bad 'a wrong check digit' --id cn-ric:110102199101010079
bad 'a kind that is none' --id cn-xyz:1
bad 'no kind' --id 110102199101010078
bad "an organisation's number" --id cn-uscc:91310000MADEED101N
bad 'a name with an escape sequence' --name "$(printf 'a\033[1mb')"
bad 'a name that begins with a blank' --name ' Sun'
bad 'a name that is too long' --name "$(printf '%065d' 0)"
bad 'a name that is not UTF-8' --name "$(printf '\377')"
bad 'an e-mail address' --email 'sun@'
bad 'a phone number' --phone 13123456789
bad 'an option of organisations' --kind enterprise
for handle in Sun 'a b' ../x .x x/y "$(printf '%065d' 0)" x. ; do
	run deed enroll person "$handle" --from li.yaml \
		--passphrase file:li.pass
	exits 2 "handle '$handle'"
done
printf 'name: Sun\nemial: x@example.org\n' >typo.yaml
expect 2 'a misspelt field' deed enroll person sun --from typo.yaml \
	--passphrase file:li.pass
printf 'name: [a, b]\n' >list.yaml
expect 2 'a field that is no text' deed enroll person sun --from list.yaml \
	--passphrase file:li.pass
expect 6 'no passphrase and no terminal' deed enroll person sun \
	--from li.yaml --no-input
run deed party show sun
exits 4 'nobody came of all that'

# A key made elsewhere.
quietly openssl ecparam -name prime256v1 -genkey -noout -out far.key
quietly openssl req -new -utf8 -key far.key -subj '/CN=Qian Far' -out far.csr
quietly openssl req -new -utf8 -key far.key -subj '/CN=Somebody' -out other.csr
far() {
	run deed enroll person "$1" --name 'Qian Far' --email q@example.org \
		--id cn-ric:110102199101010078 --passphrase file:li.pass \
		--csr "$2"
}
far qian other.csr
exits 7 'a request for another name'
openssl req -in far.csr -outform DER -out far.der 2>/dev/null
sed 's/Qian/Qiam/' far.der >forged.der
far qian forged.der
exits 1 'a request that its key did not sign'
far qian wang.yaml
exits 5 'what is no request'
far qian far.csr
exits 0 'a request'
quietly prove_home qian
is 'the house certified that key' \
	"$(deed key show qian --pem | openssl x509 -noout -pubkey)" \
	"$(openssl pkey -in far.key -pubout)"

# A request for another CA, and its answer.
run deed enroll person sun --name 'Sun Ext' --email s@example.org \
	--id cn-ric:360426199101010071 --passphrase file:li.pass \
	--csr-out sun.csr
exits 0 'a request is written'
check 'openssl verifies it' openssl req -in sun.csr -noout -verify
run deed verify-id sun --location Beijing --attest seen --yes \
	--operator-passphrase file:operator.pass
exits 7 'no certificate has come yet'
quietly openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj '/CN=CA' \
	-out ca.pem -days 30
issue() {
	quietly openssl x509 -req -in "$1" -CA ca.pem -CAkey ca.key \
		-set_serial "$2" -days 20 -out "$3"
}
# A number longer than any of the house is none of the house.
issue sun.csr "0x$(printf '%080d' 0 | tr 0 7)" sun.pem
issue far.csr 1 wrong.pem
run deed enroll person sun --certificate wrong.pem --anchors ca.pem
exits 7 "a certificate for another's key"
run deed enroll person sun --certificate sun.csr --anchors ca.pem
exits 4 'a file without a certificate'
run deed enroll person sun --certificate sun.pem --name 'Another Name' \
	--anchors ca.pem
exits 7 'a certificate for another name'
run deed enroll person sun --certificate sun.pem --name 'Sun Ext' \
	--name-in-certificate 'Sun Ext'
exits 7 'a certificate of whom nobody named'
# It waits for the log, and somebody enrolls the party anew meanwhile.
cp home/identity/party/sun.json sun.json
if [ "$(id -u)" -eq 0 ]; then
	exec 8<>home/audit/lock
	flock 8
	deed enroll person sun --certificate sun.pem --name 'Sun Ext' \
		--name-in-certificate 'Sun Ext' --anchors ca.pem --wait 60 \
		>"$T/out" 2>"$T/err" 8>&- &
	waits=$!
	until { readlink /proc/$waits/exe | grep -q deed-office &&
		readlink /proc/$waits/fd/* | grep -q audit/lock; } ||
		! kill -0 $waits 2>/dev/null; do
		sleep 0.1
	done
	jq -jcS '.enrolment += 1' sun.json >home/identity/party/sun.json
	exec 8>&-
	wait $waits
	code=$?
	exits 1 'what was judged before is not kept for another enrolment'
	err_has 'and why is said' 'enrolled anew meanwhile'
else
	skip 'enrolled anew meanwhile' 'only root sees what it waits for'
fi
mv sun.json home/identity/party/sun.json
run deed enroll person sun --certificate sun.pem --name 'Sun Ext' \
	--name-in-certificate 'Sun Ext' --anchors ca.pem
exits 0 'the answer fits'
quietly prove_home sun --accept-ca "$(sha256_of ca.pem)"
is 'the status is about that certificate' \
	"$(deed key show sun --pem | openssl x509 -noout -issuer)" 'issuer=CN = CA'
run deed enroll person qian --certificate wrong.pem
exits 7 'not in the place of a certificate of the house'
run deed enroll person nobody --certificate sun.pem
exits 2 'a certificate for nobody'
expect 0 'the log verifies' deed audit verify
out_lacks 'no name is in the log' 王小明
check 'nor anywhere in it' sh -c '! grep -rqF -e 13123456789 \
	-e li@example.org -e 11010519491231002X home/audit'

# ---- a key and a certificate that the party brings ----
cat >ca.cnf <<'EOF'
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
[tls]
basicConstraints = critical,CA:FALSE
keyUsage = critical,keyEncipherment
EOF
secret_file export.pass 'the passphrase of the file'
secret_file brought.pass 'the passphrase of whom brings a key'
new_ca() { # NAME
	openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" \
		-subj "/CN=$1" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -signkey "$1.key" -days 30 \
		-extfile ca.cnf -extensions ca -out "$1.pem" 2>/dev/null
}
new_file() { # FILE CA NAME EXTENSIONS DAYS
	openssl req -new -newkey rsa:2048 -nodes -keyout own.key \
		-subj "/SN=${3% *}/GN=${3#* }" -out own.csr 2>/dev/null
	openssl x509 -req -in own.csr -CA "$2.pem" -CAkey "$2.key" \
		-CAcreateserial -days "$5" -extfile ca.cnf \
		-extensions "$4" -out own.pem 2>/dev/null
	openssl pkcs12 -export -inkey own.key -in own.pem -certfile "$2.pem" \
		-passout file:export.pass -out "$1"
}
bring() { # PARTY FILE ANCHORS ...
	bring_party=$1 bring_file=$2 bring_anchors=$3
	shift 3
	deed enroll person "$bring_party" --name 'Qian Yi' \
		--email q@example.org --id cn-ric:110105199001010037 \
		--pkcs12 "$bring_file" --anchors "$bring_anchors" \
		--import-passphrase file:export.pass \
		--passphrase file:brought.pass "$@"
}
new_ca trusted
new_ca other
new_file name.p12 trusted 'Qian Er' leaf 20
new_file use.p12 trusted 'Qian Yi' tls 20
new_file ended.p12 trusted 'Qian Yi' leaf -1
new_file good.p12 trusted 'Qian Yi' leaf 20
expect 7 'without anchors' deed enroll person brings --name 'Qian Yi' \
	--email q@example.org --id cn-ric:110105199001010037 \
	--pkcs12 good.p12 --import-passphrase file:export.pass \
	--passphrase file:brought.pass
err_has 'which is told' '--anchors FILE'
expect 7 'a CA that is no anchor' bring brings good.p12 other.pem
err_has 'the way' '--anchors FILE names the root of its CA'
expect 7 "another's name" bring brings name.p12 trusted.pem
expect 7 'a certificate for something else' bring brings use.p12 trusted.pem
expect 7 'one that ended' bring brings ended.p12 trusted.pem
expect 5 'a file that is none' bring brings trusted.pem trusted.pem
expect 4 'nobody was enrolled by that' deed party show brings
expect 0 'a dry run' bring brings good.p12 trusted.pem -n
expect 4 'enrolls nobody' deed party show brings
expect 0 'brought' bring brings good.p12 trusted.pem --json
json 'with its certificate' '.certificate_log_index > .log_index' true
is 'it is the certificate of the file' "$(deed key show brings --pem)" \
	"$(openssl x509 -in own.pem)"
expect 7 'twice is once too often' bring brings good.p12 trusted.pem
quietly prove_home brings --accept-ca "$(sha256_of trusted.pem)"
quietly empty_crl trusted.pem trusted.key trusted.crl
expect 0 'and it signs once the name is proven' deed sign --as brings \
	--passphrase file:brought.pass --crl trusted.crl -o q.asice own.pem

# A certificate that binds the key to one form of RSA-PSS, of which the private
# key knows nothing.
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 \
	-pkeyopt rsa_pss_keygen_md:sha384 \
	-pkeyopt rsa_pss_keygen_mgf1_md:sha384 \
	-pkeyopt rsa_pss_keygen_saltlen:32 -out bound.key 2>/dev/null
openssl req -new -key bound.key -sha384 -sigopt rsa_pss_saltlen:48 \
	-subj '/SN=Qian/GN=Yi' -out bound.csr
quietly openssl x509 -req -in bound.csr -CA trusted.pem -CAkey trusted.key \
	-CAcreateserial -days 20 -extfile ca.cnf -extensions leaf \
	-out bound.pem
openssl rsa -in bound.key -traditional 2>/dev/null | sed 's/RSA-PSS/RSA/' \
	>unbound.key
openssl pkcs12 -export -nocerts -inkey unbound.key -nomac \
	-passout file:export.pass -out unbound.p12 2>/dev/null
openssl pkcs12 -export -nokeys -in bound.pem -nomac \
	-passout file:export.pass -out certificate.p12 2>/dev/null
python3 "$top_srcdir/tests/cli/odd_p12.py" join bound.p12 unbound.p12 \
	certificate.p12
expect 0 'a key by another name' bring bound bound.p12 trusted.pem
is 'has the public key of its certificate' \
	"$(deed key show bound --pem | openssl x509 -noout -pubkey)" \
	"$(openssl x509 -in bound.pem -noout -pubkey)"
quietly prove_home bound --accept-ca "$(sha256_of trusted.pem)"
expect 0 'it signs' deed sign --as bound --passphrase file:brought.pass \
	--crl trusted.crl --detached own.pem
check 'as its certificate binds it to' openssl cms -verify -cades -binary \
	-inform DER -in own.pem.p7s -content own.pem -CAfile trusted.pem \
	-purpose any -out none
expect 0 'which holds' deed verify --trust trusted.pem --crl trusted.crl \
	--content own.pem own.pem.p7s
openssl cms -sign -binary -signer bound.pem -inkey bound.key -md sha384 \
	-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:40 \
	-in own.pem -outform DER -out theirs.p7s
expect 0 'as one by openssl does' deed verify --trust trusted.pem \
	--crl trusted.crl --content own.pem theirs.p7s
openssl pkey -in unbound.key -pubout -out unbound.pub
quietly openssl x509 -req -in bound.csr -force_pubkey unbound.pub \
	-CA trusted.pem -CAkey trusted.key -CAcreateserial -days 20 \
	-extfile ca.cnf -extensions leaf -out free.pem
openssl pkcs12 -export -nocerts -inkey bound.key -nomac \
	-passout file:export.pass -out key.p12 2>/dev/null
openssl pkcs12 -export -nokeys -in free.pem -nomac \
	-passout file:export.pass -out free.p12 2>/dev/null
python3 "$top_srcdir/tests/cli/odd_p12.py" join loose.p12 key.p12 free.p12
expect 7 'a certificate that sets it free' bring loose loose.p12 trusted.pem
err_has 'is told so' 'is bound to RSA-PSS, and its certificate is not'
cp -Rp home/keystore/bound home/keystore/spare
expect 7 'by import too' deed key import spare loose.p12 \
	--import-passphrase file:export.pass --passphrase file:brought.pass
err_has 'in the same words' 'is bound to RSA-PSS, and its certificate is not'
expect 0 'and the key is imported' deed key import spare bound.p12 \
	--import-passphrase file:export.pass --passphrase file:brought.pass
