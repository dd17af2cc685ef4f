#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed enroll request over CMP, from the server of openssl.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl
need_that 'openssl has no CMP' sh -c 'openssl cmp -help 2>&1 | grep -q -- -port'

write_forms
quietly init_home
quietly enroll_home wang
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout ca.key -out ca.crt -subj '/CN=A CA' -days 3 2>/dev/null
secret_file ca.pass 0123456789abcdef0123456789abcdef
port=$((20000 + $$ % 30000))
mkdir -p "$HOME/.config/deed"
cat >"$HOME/.config/deed/config.yaml" <<-END
	cas:
	  paper:
	    protocol: file
	    anchors: ca.crt
	    subject: [CN, serialNumber=IDCCN-11010519491231002X]
	  cmp:
	    protocol: cmp
	    url: http://127.0.0.1:$port/pkix/
	    tls-ca: ca.crt
	    anchors: ca.crt
	    user: deed
END
request() {
	run deed enroll request wang --passphrase file:wang.pass "$@"
}
by_cmp() {
	request --ca cmp --ca-passphrase file:ca.pass "$@"
}
# The server answers with a certificate that it has already.
request --ca paper --csr-out wang.csr
printf 'keyUsage=critical,digitalSignature,nonRepudiation\n' >ext
openssl x509 -req -in wang.csr -CA ca.crt -CAkey ca.key -set_serial 7 \
	-days 2 -extfile ext -out wang.crt 2>/dev/null

serve() {
	openssl cmp -config '' -port "$port" -srv_ref ca \
		-srv_secret pass:0123456789abcdef0123456789abcdef "$@" \
		>server.log 2>&1 &
	server=$!
	tries=0
	while ! grep -q ACCEPT server.log && [ "$tries" -lt 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}
stop() {
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
}
pending=home/ca/pending/cmp/wang.json

by_cmp
exits 8 'nobody there'
absent 'nothing is kept' "$pending"
serve -rsp_cert wang.crt -pkistatus 2
by_cmp
exits 1 'refused'
absent 'nothing is kept of it' "$pending"
stop
serve -rsp_cert ca.crt
by_cmp
exits 7 'a certificate of another key'
absent 'nothing is kept of that' "$pending"
stop
serve -rsp_cert wang.crt -poll_count 1 -check_after 1
by_cmp --json
exits 3 'pending'
check 'kept' test -s "$pending"
stop
by_cmp
exits 8 'a CA that is away'
check 'leaves it pending' test -s "$pending"
# This server forgets who waits when it ends.
serve -rsp_cert wang.crt
by_cmp --json
exits 1 'asked again, and refused'
json 'resumed' .resumed true
absent 'pending no more' "$pending"
by_cmp --json
exits 0 'granted'
json 'which is its state' .state issued
absent 'nothing is pending' "$pending"
stop
check 'the certificate' sh -c 'deed key show wang --pem |
	openssl x509 -outform DER | cmp - "$1"' sh \
	"$(openssl x509 -in wang.crt -outform DER -out wang.der && echo wang.der)"
