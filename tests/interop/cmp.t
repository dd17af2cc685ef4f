#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A certificate over CMP from the server of openssl: granted, pending, refused,
# and each answer that must not be believed.
# shellcheck disable=SC2086 # by_secret and by_key are several words
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
openssl req -in leaf.csr -outform DER -out leaf.der
openssl x509 -in leaf.crt -outform DER -out leaf.crt.der

# serve ARGS...: a server in $server at $url; another port where one is taken.
serve() {
	tries=0
	while [ "$tries" -lt 20 ]; do
		tries=$((tries + 1)) port_step=$((port_step + 1))
		port=$((20000 + ($$ * 31 + port_step * 97) % 12000))
		: >server.log
		openssl cmp -config '' -port "$port" "$@" >>server.log 2>&1 &
		server=$!
		while kill -0 "$server" 2>/dev/null; do
			grep -q '^ACCEPT' server.log && break 2
			sleep 0.05
		done
	done
	url=http://127.0.0.1:$port/pkix/
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
	rm -f state out
}

# front: before $url, from now on; what it does is told by the path.
front() {
	rm -f port
	python3 "$top_srcdir/tests/servers/cmp.py" "$url" port &
	front=$!
	while ! [ -s port ] && kill -0 "$front" 2>/dev/null; do
		sleep 0.05
	done
	at=http://127.0.0.1:$(cat port)
}
away() {
	kill "$front" 2>/dev/null
	wait "$front" 2>/dev/null
	stop
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
	grep -q 'certificate rejected by client' server.log
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
front
url=$at/pass
asks 'waiting' 3 'pending' "$secret"
asks 'polling' 3 'pending, 7' "$secret"
cp state before
url=$at/again
asks 'an answer before, again' 8 'answers another message' "$secret"
url=$at/pass
check 'a failure leaves the state as it was' cmp -s state before
asks 'polling to the end' 0 '' "$secret"
check 'the certificate came of polling' cmp -s out leaf.crt.der
away
serve -rsp_cert leaf.crt $by_secret
front
url=$at/flip
asks 'a bit was changed' 8 'does not hold' "$secret"
url=$at/cut
asks 'an octet is missing' 8 'no message of CMP' "$secret"
url=$at/again
asks 'of another transaction' 8 'of another transaction' "$secret"
printf 'nonsense' >state
asks 'a state that is none' 5 'cannot be read' "$secret"
away

# By signature; who is not the CA does not speak for it.
serve -rsp_cert leaf.crt $by_key
asks 'by signature' 0 '' office.crt office.key
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
asks 'nobody there' 8 '' "$secret"
