#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll request over CMP, from the server of openssl: each answer has its
# own exit, nothing is kept of what failed, and what is pending goes on, also
# after kill -9 at each message.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/cmp.sh"
need_cmp
need jq python3

need_home
secret_file jaan.pass 'the passphrase of jaan'
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout ca.key -out ca.crt -subj '/CN=A CA' -days 3 2>/dev/null
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >ext
# issue SERIAL: what the CA has ready for jaan's key.
openssl req -in jaan.csr -noout -pubkey >jaan.pub
issue() {
	openssl x509 -new -force_pubkey jaan.pub -CA ca.crt -CAkey ca.key \
		-subj '/GN=Jaan/SN=Sample/serialNumber=PNOEE-38001085718' \
		-set_serial "$1" -days 2 -extfile ext -out jaan.crt 2>/dev/null
}
issue 7
secret=0123456789abcdef0123456789abcdef
secret_file ca.pass $secret
secret_file wrong.pass fedcba9876543210fedcba9876543210
secret_file short.pass short

# at URL: where the CA is, from now on.
at() {
	mkdir -p "$HOME/.config/deed"
	cat >"$HOME/.config/deed/config.yaml" <<-END
		cas:
		  cmp: {protocol: cmp, url: "$1", tls-ca: ca.crt,
		    anchors: ca.crt, user: deed}
		  nobody: {protocol: cmp, url: "$1", tls-ca: ca.crt,
		    anchors: ca.crt}
	END
}
by_cmp() {
	deed enroll request jaan --ca cmp --passphrase file:jaan.pass \
		--ca-passphrase file:ca.pass "$@"
}
serve() {
	cmp_stop
	cmp_serve -srv_ref ca -srv_secret pass:$secret -verbosity 8 "$@"
	at "$cmp"
}
pending=home/ca/pending/cmp/jaan.json
state() {
	find home -type f ! -name '*.lock' -exec sha256sum {} + | sort
}
# fails EXIT NAME WORDS ARGUMENT ...
fails() {
	wanted=$1 name=$2 words=$3
	shift 3
	state >before
	expect "$wanted" "$name" by_cmp "$@"
	err_has "$name: it is said" "$words"
	state >after
	check "$name: nothing is kept" cmp before after
}
has_it() {
	check "$1: the certificate is kept" sh -c 'deed key show jaan --pem |
		openssl x509 | cmp - jaan.crt'
}
is_kept() {
	has_it "$1"
	absent "$1: nothing is pending" "$pending"
}

# What fails, each in its way.
at http://127.0.0.1:9/
expect 2 'an account without a name or a certificate' deed enroll request jaan \
	--ca nobody --passphrase file:jaan.pass --ca-passphrase file:ca.pass
err_has 'which is told' 'cas.nobody has no user'
fails 8 'nobody there' 'refused'
serve -rsp_cert jaan.crt -pkistatus 2 -statusstring 'not today'
fails 1 'refused' "CA 'cmp' refuses: not today"
serve -rsp_cert jaan.crt -send_error
fails 1 'an error' "CA 'cmp' refuses: error processing message"
serve -rsp_cert jaan.crt -send_unprotected
fails 8 'unprotected' 'not protected'
serve -rsp_cert jaan.crt -send_unprotected -send_error
fails 8 'an unprotected error' 'not protected'
serve -rsp_cert ca.crt
fails 7 'a certificate of another key' "is not for the key of party 'jaan'"
check 'of another key: the CA is told, in words' \
	grep -q 'certificate rejected by client' cmp.log
serve -rsp_cert jaan.crt
fails 8 'another secret' 'does not hold under the secret' \
	--ca-passphrase file:wrong.pass
fails 2 'a short secret without https' 'shorter than 16' \
	--ca-passphrase file:short.pass
cmp_front
for way in cut flip; do
	at "$cmp_front/$way"
	fails 8 "the answer: $way" 'the answer of '
done
cmp_front_stop

# Pending: the server of openssl waits as long as a client says what it wants.
serve -rsp_cert jaan.crt -poll_count 2 -check_after 7
expect 3 'pending' by_cmp --json
json 'which is its state' .state pending
json 'it was not resumed' .resumed false
check 'it is kept' test -s "$pending"
jq -r .request "$pending" | base64 -d >first.der
expect 3 'polled' by_cmp --json
json 'resumed' .resumed true
check 'when to come again' jq -e '.retry_at | length > 0' "$T/out"
at http://127.0.0.1:9/
expect 8 'a CA that is away' by_cmp
check 'leaves it pending' test -s "$pending"
at "$cmp"
expect 0 'decided' by_cmp --json
json 'issued' .state issued
is_kept 'decided'
check 'the CA has the confirmation' grep -q 'sending PKICONF' cmp.log

# killed PLACE: kill -9 while a message is under way, to the CA that has not
# got it (before) or with an answer that nobody reads (after).
killed() {
	at "$cmp_front/$1"
	rm -f cmp.port.held
	deed enroll request jaan --ca cmp --passphrase file:jaan.pass \
		--ca-passphrase file:ca.pass >killed.out 2>&1 &
	asking=$!
	tries=0
	while [ ! -e cmp.port.held ] && [ $tries -lt 400 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	check "killed $1: it was asking" test -e cmp.port.held
	kill -9 $asking
	wait $asking 2>/dev/null
	: >cmp.port.go
	check "killed $1: it is pending" test -s "$pending"
	at "$cmp_front/pass"
}
serial=7
another() {
	serial=$((serial + 1))
	issue $serial
	cmp_front_stop
	serve -rsp_cert jaan.crt "$@"
	cmp_front
	at "$cmp_front/pass"
}

another -poll_count 2
killed before
jq -r .request "$pending" | base64 -d >first.der
expect 3 'killed before the request: asked' by_cmp --json
json 'it had no answer before' .resumed false
jq -r .request "$pending" | base64 -d >second.der
check 'the same request, octet by octet' cmp first.der second.der
killed before
expect 3 'killed before polling: polled' by_cmp --json
json 'gone on with' .resumed true
expect 0 'polled to the end' by_cmp
is_kept 'killed before polling'
is 'the CA was asked once' "$(grep -c 'received P10CR' cmp.log)" 1

# An answer that nobody read: the CA does not take the nonces of before, and
# the same request begins anew.
another -poll_count 1
expect 3 'pending again' by_cmp
killed after
jq -r .request "$pending" | base64 -d >first.der
expect 3 'killed after polling: asked anew' by_cmp --json
err_has 'it is said why' "CA 'cmp' says: recipnonce unmatched"
json 'gone on with' .resumed true
jq -r .request "$pending" | base64 -d >second.der
check 'the same request, octet by octet' cmp first.der second.der
expect 0 'polled to the end' by_cmp
is_kept 'killed after polling'

# A CA that forgot who waits, as the server of openssl does when it ends.
another -poll_count 1
expect 3 'pending once more' by_cmp
another
expect 0 'forgotten, asked anew and granted' by_cmp --json
json 'resumed' .resumed true
is_kept 'forgotten'
another -poll_count 1
expect 3 'pending still' by_cmp
another -pkistatus 2 -statusstring 'not today'
expect 1 'asked anew and refused' by_cmp
err_has 'in its words' 'refuses: not today'
absent 'it is pending no more' "$pending"

# The certificate is durable before the CA hears so.
another
killed before-confirm
has_it 'killed before the confirmation'
expect 0 'killed before the confirmation: confirmed' by_cmp --json
json 'gone on with' .resumed true
absent 'nothing is pending' "$pending"
another
killed after-confirm
expect 0 'killed after the confirmation: done' by_cmp --json
json 'the same certificate' .certificate "sha256:$(sha256_of jaan.crt)"
err_has 'the CA has had it' "CA 'cmp' says: "
is_kept 'killed after the confirmation'

# What came cannot be read, today or tomorrow: it is not asked about for ever.
another -poll_count 1
expect 3 'pending, and then' by_cmp
python3 - "$pending" <<'PY'
import base64, json, sys
with open(sys.argv[1], encoding="utf-8") as f:
    pending = json.load(f)
body = base64.b64encode(bytes(300000)).decode()
pem = "\n".join(["-----BEGIN CERTIFICATE-----"] +
                [body[i:i + 64] for i in range(0, len(body), 64)] +
                ["-----END CERTIFICATE-----", ""])
pending["issued"] = base64.b64encode(pem.encode()).decode()
with open(sys.argv[1], "w", encoding="utf-8") as f:
    json.dump(pending, f, sort_keys=True, separators=(",", ":"))
PY
expect 5 'a certificate over a limit' by_cmp
err_has 'over a limit: it is said' 'over the limit'
absent 'over a limit: it is pending no more' "$pending"
another
expect 0 'over a limit: another is asked for' by_cmp --json
json 'over a limit: anew' .resumed false
is_kept 'over a limit'

# By the office's own certificate, whose key has a passphrase; with changes that
# the CA made.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -passout \
	pass:$secret -CA ca.crt -CAkey ca.key -subj '/CN=office' -days 2 \
	-keyout office.key -out office.crt -addext \
	'basicConstraints=critical,CA:FALSE' 2>/dev/null
chmod 600 office.key
serial=$((serial + 1))
issue $serial
cmp_front_stop
cmp_stop
cmp_serve -rsp_cert jaan.crt -srv_cert ca.crt -srv_key ca.key \
	-srv_trusted ca.crt -pkistatus 1
at "$cmp"
sed 's/, user: deed/, certificate: office.crt, key: office.key/' \
	"$HOME/.config/deed/config.yaml" >config &&
	cp config "$HOME/.config/deed/config.yaml"
expect 6 'another passphrase of the key' by_cmp --ca-passphrase file:wrong.pass
expect 0 'by signature' by_cmp --json
json 'nothing tells whether it is revoked' .revocation_checked false
is_kept 'by signature'

# Who got other keys meanwhile has no use for what is pending.
quietly prove_home jaan --accept-ca "$(sha256_of ca.crt)"
another -poll_count 1
expect 3 'pending for the old key' by_cmp
jq -r .request "$pending" | base64 -d >first.der
quietly deed enroll rekey jaan --lost --yes --passphrase file:jaan.pass \
	--operator-passphrase file:operator.pass
another -poll_count 1
expect 3 'pending for its new key' by_cmp --json
json 'not resumed' .resumed false
err_has 'it is said why' 'was for another key'
jq -r .request "$pending" | base64 -d >second.der
check 'another request' openssl req -inform DER -in second.der -verify -noout
key_of() {
	openssl req -inform DER -in "$1" -noout -pubkey
}
isnt 'for another key' "$(key_of first.der)" "$(key_of second.der)"
