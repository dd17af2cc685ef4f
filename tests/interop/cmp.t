#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate over CMP from the server of openssl: granted, pending, refused,
# and each answer that must not be believed.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl
need_that 'openssl has no CMP' sh -c 'openssl cmp -help 2>&1 | grep -q -- -port'

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
	openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key \
		-CAcreateserial -days 2 -out "$1.crt" 2>/dev/null
	chmod 600 "$1.key"
}
make_leaf leaf
make_leaf office
openssl req -in leaf.csr -outform DER -out leaf.der
openssl x509 -in leaf.crt -outform DER -out leaf.crt.der

# serve ARGS...: a server in $server at $url.
serve() {
	port=$((20000 + ($$ + port_step * 97) % 30000))
	port_step=$((port_step + 1))
	openssl cmp -config '' -port "$port" -rsp_cert leaf.crt "$@" \
		>server.log 2>&1 &
	server=$!
	url=http://127.0.0.1:$port/pkix/
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -q ACCEPT server.log && break
		sleep 0.1
	done
}
port_step=0
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
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	rm -f state
}

# shellcheck disable=SC2086
{
serve $by_secret
asks 'by secret' 0 '' "$secret"
check 'the certificate is the one issued' cmp -s out leaf.crt.der
stop
serve $by_secret
asks 'wrong secret' 8 '' wrong-secret-wrong-secret
stop
serve $by_secret
asks 'short secret over http' 2 'shorter than 16' short
stop
serve $by_secret -poll_count 1
asks 'waiting' 3 'pending' "$secret"
stop
serve $by_secret -send_error -statusstring 'not for you'
asks 'error' 1 'error processing message' "$secret"
stop
serve $by_secret -pkistatus 2 -statusstring 'not today'
asks 'rejection' 1 'not today' "$secret"
stop
serve $by_secret -send_unprotected
asks 'unprotected' 8 'not protected' "$secret"
stop
serve $by_key
asks 'by signature' 0 '' office.crt office.key
stop
serve -srv_cert stranger.crt -srv_key stranger.key -srv_trusted ca.crt
asks 'signed by a stranger' 8 'not believed' office.crt office.key
stop
serve -srv_cert office.crt -srv_key office.key -srv_trusted ca.crt
asks 'signed by a customer' 8 'may not speak for' office.crt office.key
stop
}
asks 'nobody there' 8 '' "$secret"
