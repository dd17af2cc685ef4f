#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate over CMP from the server of openssl: granted, pending, refused,
# and each answer that must not be believed.
# shellcheck disable=SC2086 # by_secret and by_key are several words
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/cmp.sh"
need_cmp

tool=$top_builddir/tests/interop/cmp_tool
secret=0123456789abcdef0123456789abcdef

make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.crt" -subj "/CN=$1" -days 3 \
		2>/dev/null
}
make_ca ca
make_ca stranger
chmod 600 ./*.key
make_leaf() {
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
	printf '%s\n' "${2:-basicConstraints = CA:FALSE}" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key \
		-CAcreateserial -days 2 -extfile "$1.ext" -out "$1.crt" \
		2>/dev/null
	chmod 600 "$1.key"
}
make_leaf leaf
make_leaf office
make_leaf sub 'basicConstraints = critical, CA:TRUE'
make_leaf ra 'extendedKeyUsage = 1.3.6.1.5.5.7.3.28'
make_leaf ra-crypt 'extendedKeyUsage = 1.3.6.1.5.5.7.3.28
keyUsage = critical, keyEncipherment'
make_leaf ra-sign 'extendedKeyUsage = 1.3.6.1.5.5.7.3.28
keyUsage = critical, digitalSignature'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout issuing.key -out issuing.crt -subj "/CN=issuing" -days 3 \
	-addext 'keyUsage = critical, keyCertSign, cRLSign' 2>/dev/null
chmod 600 issuing.key
# of another root, and one that has ended
openssl x509 -req -in ra.csr -CA stranger.crt -CAkey stranger.key \
	-CAcreateserial -days 2 -extfile ra.ext -out ra-other.crt 2>/dev/null
cp ra.key ra-other.key
mkdir db && : >db/index && echo 01 >db/serial
openssl ca -batch -config /dev/stdin -in ra.csr -out ra-ended.crt -notext \
	-startdate 20200101000000Z -enddate 20200201000000Z 2>/dev/null <<'END'
[ca]
default_ca = c
[c]
database = db/index
serial = db/serial
new_certs_dir = db
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = p
x509_extensions = x
[p]
commonName = supplied
[x]
extendedKeyUsage = 1.3.6.1.5.5.7.3.28
END
cp ra.key ra-ended.key
openssl req -in leaf.csr -outform DER -out leaf.der
openssl x509 -in leaf.crt -outform DER -out leaf.crt.der

# serve ARGS...: a server, at $url.
serve() {
	cmp_serve "$@"
	url=$cmp
}
by_secret="-srv_ref ca -srv_secret pass:$secret"
by_key='-srv_cert ca.crt -srv_key ca.key -srv_trusted ca.crt'

# asks NAME CODE WORDS TOOL-ARGS...: the answer, then the server's end.
asks() {
	name=$1 want=$2 words=$3
	shift 3
	rm -f out
	expect "$want" "$name" "$tool" "$url" ca.crt leaf.der state out "$@"
	[ -z "$words" ] || err_has "$name: in words" "$words"
	[ "$want" -eq 0 ] || absent "$name: nothing is kept" out
}
stop() {
	cmp_front_stop
	cmp_stop
	rm -f state out
}

serve -rsp_cert leaf.crt $by_secret
asks 'by secret' 0 '' "$secret"
check 'the certificate is the one issued' cmp -s out leaf.crt.der
stop
serve -rsp_cert leaf.crt $by_secret
asks 'wrong secret' 8 'not hold under the secret' wrong-secret-wrong-secret
stop
serve -rsp_cert leaf.crt $by_secret
asks 'short secret over http' 2 'shorter than 16' short
stop
serve -rsp_cert office.crt $by_secret -verbosity 8
asks 'of another key' 1 'its key is another' "$secret"
check 'of another key: the CA is told' \
	grep -q 'certificate rejected by client' cmp.log
stop
serve -rsp_cert leaf.crt $by_secret -send_error
asks 'error' 1 'error processing message' "$secret"
stop
serve -rsp_cert leaf.crt $by_secret -pkistatus 2 -statusstring 'not today'
asks 'rejection' 1 'not today' "$secret"
stop
serve -rsp_cert leaf.crt $by_secret -send_unprotected
asks 'unprotected' 8 'not protected' "$secret"
stop

# A transaction is gone on with from what was kept of it.
serve -rsp_cert leaf.crt $by_secret -poll_count 2 -check_after 7
cmp_front
url=$cmp_front/pass
asks 'waiting' 3 'pending' "$secret"
asks 'polling' 3 'pending, 7' "$secret"
cp state before
url=$cmp_front/again
asks 'an answer before, again' 8 'answers another message' "$secret"
url=$cmp_front/pass
check 'a failure leaves the state as it was' cmp -s state before
asks 'polling to the end' 0 '' "$secret"
check 'the certificate came of polling' cmp -s out leaf.crt.der
stop
serve -rsp_cert leaf.crt $by_secret
cmp_front
url=$cmp_front/flip
asks 'a bit was changed' 8 'does not hold' "$secret"
url=$cmp_front/cut
asks 'an octet is missing' 8 'no message of CMP' "$secret"
url=$cmp_front/again
asks 'of another transaction' 8 'of another transaction' "$secret"
printf 'nonsense' >state
asks 'a state that is none' 5 'cannot be read' "$secret"
stop

# By signature; who is not the CA does not speak for it.
serve -rsp_cert leaf.crt $by_key
asks 'by signature' 0 '' office.crt office.key
# The anchors of an account have the CRLs, too, that certificates are judged by.
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=db/index\ndefault_md=sha256\n' |
	openssl ca -config /dev/stdin -gencrl -cert ca.crt -keyfile ca.key \
		-crldays 3 -out ca.crl 2>/dev/null
cp ca.crt ca-alone.crt
cat ca.crl ca-alone.crt ca.crl >ca.crt
asks 'anchors with CRLs' 0 '' office.crt office.key
cp ca.crl ca.crt
asks 'anchors that are CRLs alone' 4 'no certificate in' office.crt office.key
cp ca-alone.crt ca.crt
stop
serve -rsp_cert leaf.crt -srv_cert ra.crt -srv_key ra.key -srv_trusted ca.crt
asks 'signed by whom the CA named for it' 0 '' office.crt office.key
stop
serve -rsp_cert leaf.crt -srv_cert stranger.crt -srv_key stranger.key \
	-srv_trusted ca.crt
asks 'signed by a stranger' 8 'not believed' office.crt office.key
stop
for other in office sub; do
	serve -rsp_cert leaf.crt -srv_cert $other.crt -srv_key $other.key \
		-srv_trusted ca.crt
	asks "signed by another below the CA ($other)" 8 'not speak for' \
		office.crt office.key
	stop
done
serve -rsp_cert leaf.crt -srv_cert ra-sign.crt -srv_key ra-sign.key \
	-srv_trusted ca.crt
asks 'its keyUsage has digitalSignature' 0 '' office.crt office.key
asks "signed with the office's own key" 8 "own key" ra-sign.crt ra-sign.key
stop
for other in 'ra-crypt:lacks digitalSignature' 'ra-other:not of the CA' \
	'ra-ended:not of the CA'; do
	serve -rsp_cert leaf.crt -srv_cert "${other%%:*}.crt" \
		-srv_key "${other%%:*}.key" -srv_trusted ca.crt
	asks "signed by ${other%%:*}" 8 "${other#*:}" office.crt office.key
	stop
done
serve -rsp_cert leaf.crt -srv_cert issuing.crt -srv_key issuing.key \
	-srv_trusted ca.crt
rm -f out
expect 8 'signed by an anchor that signs certificates alone' "$tool" "$url" \
	issuing.crt leaf.der state out office.crt office.key
err_has 'signed by an anchor: in words' 'lacks digitalSignature'
stop
asks 'nobody there' 8 '' "$secret"
