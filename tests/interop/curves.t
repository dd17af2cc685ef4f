#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# CRLs and OCSP responses of CAs on brainpool curves and on SM2, made by
# openssl; and what is said where the library is not there.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq python3

cat >ca.cnf <<'EOF'
[ca]
default_ca = own
[own]
database = index
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = default
policy = any
default_days = 3650
default_crl_days = 3650
unique_subject = no
[any]
commonName = supplied
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
keyUsage = critical,digitalSignature,nonRepudiation
EOF
printf 'We agree on 1000.\n' >content

# Of each CA: a party, one revoked, and a CRL.
quiet() {
	"$@" >>openssl.log 2>&1
}
issue() { # CA NAME EXTENSIONS
	quiet openssl genpkey -algorithm EC -pkeyopt \
		ec_paramgen_curve:P-256 -out "$2.key" &&
		quiet openssl req -new -key "$2.key" -subj "/CN=$2" \
			-out "$2.csr" &&
		quiet openssl ca -config ca.cnf -batch -notext -md "$md" \
			-cert "$1.pem" -keyfile "$1.key" -in "$2.csr" \
			-extensions "$3" -out "$2.pem" $sigopt
}
authority() { # NAME CURVE DIGEST
	rm -f index* serial* crlnumber*
	: >index
	echo 1000 >serial
	echo 01 >crlnumber
	md=$3
	sigopt=
	if [ "$2" = SM2 ]; then
		sigopt='-sigopt distid:1234567812345678'
	fi
	quiet openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$2" \
		-out "$1.key" &&
		quiet openssl req -x509 -new -key "$1.key" -"$md" -subj \
			"/CN=$1" -days 3650 -config ca-req.cnf -extensions \
			root -out "$1.pem" $sigopt &&
		issue "$1" "$1-good" leaf && issue "$1" "$1-bad" leaf &&
		quiet openssl ca -config ca.cnf -cert "$1.pem" -keyfile \
			"$1.key" -md "$md" -revoke "$1-bad.pem" $sigopt &&
		quiet openssl ca -config ca.cnf -cert "$1.pem" -keyfile \
			"$1.key" -md "$md" -gencrl -out "$1.crl" $sigopt
}
cp ca.cnf ca-req.cnf
printf '[req]\ndistinguished_name = dn\n[dn]\n' >>ca-req.cnf

sign() { # NAME
	quiet openssl cms -sign -binary -nodetach -outform DER -md sha256 \
		-in content -signer "$1.pem" -inkey "$1.key" -out "$1.p7m"
}
# said WHAT FILE JQ EXPECTED ARGS...
said() {
	what=$1
	file=$2
	ask=$3
	want=$4
	shift 4
	"$deed" verify --json "$@" "$file" >said.json 2>said.err || :
	is "$what" "$(jq -r ".documents[0].signatures[0] | $ask" said.json)" \
		"$want"
}
deed=$(command -v deed)
verdict='.indication + " " + (.sub_indication // "")'
reasons='[.reasons[].message] | join(" ")'

while read -r ca curve digest; do
	check "$ca: openssl makes a CA" authority "$ca" "$curve" "$digest"
	check "$ca: and parties sign" eval "sign $ca-good && sign $ca-bad"
	said "$ca: a CRL clears one" "$ca-good.p7m" "$verdict" \
		'TOTAL-PASSED ' --trust "$ca.pem" --crl "$ca.crl"
	said "$ca: and revokes the other" "$ca-bad.p7m" \
		'.reasons[].id' certificate-revoked --trust "$ca.pem" --crl "$ca.crl"
	# A changed bit, in the signature at the end.
	openssl crl -in "$ca.crl" -outform DER -out whole.crl
	python3 -c '
import sys
data = bytearray(open("whole.crl", "rb").read())
data[-1] ^= 1
open("spoilt.crl", "wb").write(data)'
	said "$ca: a changed bit in it" "$ca-good.p7m" .indication \
		INDETERMINATE --trust "$ca.pem" --crl spoilt.crl
	# By OCSP: a responder with a key of the CA's kind.
	quiet openssl ocsp -index index -CA "$ca.pem" -rsigner "$ca.pem" \
		-rkey "$ca.key" -rmd "$digest" -issuer "$ca.pem" -cert \
		"$ca-good.pem" -respout "$ca.ocsp" -ndays 3000 \
		${sigopt:+-rsigopt "${sigopt#* }"}
	said "$ca: OCSP clears it" "$ca-good.p7m" "$verdict" \
		'TOTAL-PASSED ' --trust "$ca.pem" --ocsp "$ca.ocsp"
	# A changed bit, in the second at which it was produced.
	python3 -c '
import re, sys
data = bytearray(open(sys.argv[1], "rb").read())
data[re.search(rb"\x18\x0f\d{14}Z", data).end() - 2] ^= 1
open("spoilt.ocsp", "wb").write(data)' "$ca.ocsp"
	said "$ca: a changed bit in the answer" "$ca-good.p7m" .indication \
		INDETERMINATE --trust "$ca.pem" --ocsp spoilt.ocsp
done <<'EOF'
bp256 brainpoolP256r1 sha256
bp384 brainpoolP384r1 sha384
bp512 brainpoolP512r1 sha512
sm2 SM2 sm3
EOF

# Without the library: it is said, by name, and is a doubt.
mkdir none
: >none/libgcrypt.so.20
LD_LIBRARY_PATH=$PWD/none
export LD_LIBRARY_PATH
said 'without the library: a doubt' bp256-good.p7m .indication INDETERMINATE \
	--trust bp256.pem --crl bp256.crl
said 'with an id' bp256-good.p7m '[.reasons[].id] | unique | join(" ")' \
	algorithm-unknown --trust bp256.pem --crl bp256.crl
has=$(jq -r ".documents[0].signatures[0] | $reasons" said.json)
check 'the curve is named, and the library' eval \
	'case $has in *brainpoolP256r1*libgcrypt.so.20*) ;; *) false ;; esac'
said 'SM2 too' sm2-good.p7m "$reasons | test(\"sm2.*libgcrypt\")" true \
	--trust sm2.pem --crl sm2.crl
check 'and the rest works' deed version
unset LD_LIBRARY_PATH
# A library that is made to keep to FIPS has no such curve; the key is good.
export LIBGCRYPT_FORCE_FIPS_MODE=1
said 'in FIPS mode: a doubt, too' bp256-good.p7m \
	'[.reasons[].id] | unique | join(" ")' algorithm-unknown \
	--trust bp256.pem --crl bp256.crl
unset LIBGCRYPT_FORCE_FIPS_MODE

# Who meets no such key does not load it.
if strace_reads >/dev/null 2>&1; then
	for of in bp256.pem "$data/pki/root.crt"; do
		strace -f -e trace=openat -o trace deed verify --no-revocation \
			--trust "$of" "$([ "$of" = bp256.pem ] &&
				echo bp256-good.p7m ||
				echo "$data/pki/token.tst")" >/dev/null 2>&1
		grep -c 'libgcrypt.*= [0-9]' trace >>loads
	done
	is 'it is loaded once where it is needed, and else not' \
		"$(tr '\n' ' ' <loads)" '1 0 '
else
	skip 'it is loaded where it is needed' 'strace does not read here'
fi
