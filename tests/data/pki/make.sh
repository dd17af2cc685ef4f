#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How the files of this folder were made, once, with openssl 3.0.  They are
# stored: never run this to make a test pass.
set -eu
cd "$(dirname "$0")"
FROM=20200101000000Z TO=20991231235959Z
export OPENSSL_CONF=/dev/null

key() { # NAME ALGORITHM
	case $2 in
	p256) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 ;;
	p384) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384 ;;
	rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 ;;
	ed25519) openssl genpkey -algorithm ED25519 ;;
	esac >"$1.key"
}

# cert NAME ALGORITHM ISSUER SERIAL EXTENSIONS... (one a word)
cert() {
	name=$1 issuer=$3 serial=$4
	key "$name" "$2"
	shift 4
	{
		printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\n'
		printf 'new_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n'
		printf '[p]\ncommonName=supplied\norganizationName=optional\n'
		printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nO=Test\nCN=%s\n' "$name"
		printf '[x]\n'
		for e in "$@"; do printf '%s\n' "$e"; done
	} >conf
	: >index
	echo "$serial" >serial
	openssl req -config conf -new -key "$name.key" -out req
	if [ "$issuer" = self ]; then
		set -- -selfsign -keyfile "$name.key"
	else
		set -- -cert "$issuer.crt" -keyfile "$issuer.key"
	fi
	openssl ca -config conf -batch -notext "$@" -in req -out "$name.crt" \
		-extensions x -startdate "${START:-$FROM}" \
		-enddate "${END:-$TO}" 2>/dev/null
}

# crl NAME ISSUER LAST NEXT [CERT DATE]
crl() {
	: >index
	echo 01 >crlnumber
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\n' >conf
	printf 'crlnumber=crlnumber\n[x]\nauthorityKeyIdentifier=keyid\n' >>conf
	if [ $# -gt 4 ]; then
		n=$(openssl x509 -in "$5.crt" -noout -serial | cut -d= -f2)
		printf 'R\t991231235959Z\t%s,keyCompromise\t%s\tunknown\t/CN=%s\n' \
			"$6" "$n" "$5" >index
	fi
	openssl ca -config conf -gencrl -crlexts x -cert "$2.crt" \
		-keyfile "$2.key" -crl_lastupdate "$3" -crl_nextupdate "$4" \
		-out "$1.crl"
}

CA='basicConstraints=critical,CA:true'
CS='keyUsage=critical,keyCertSign,cRLSign'
EE='keyUsage=critical,digitalSignature,nonRepudiation'
SKI='subjectKeyIdentifier=hash'
AKI='authorityKeyIdentifier=keyid'
cert root p256 self 01 "$CA" "$CS" "$SKI"
cert other p256 self 02 "$CA" "$CS" "$SKI"
cert inter p256 root 11 "$CA" "$CS" "$SKI" "$AKI"
cert rsa rsa inter 21 "$EE" "$SKI" "$AKI"
cert p256 p256 inter 22 "$EE" "$SKI" "$AKI"
cert p384 p384 inter 23 "$EE" "$SKI" "$AKI"
cert ed25519 ed25519 inter 24 "$EE" "$SKI" "$AKI"
cert tsa p256 inter 25 'keyUsage=critical,digitalSignature' \
	'extendedKeyUsage=critical,timeStamping' "$SKI" "$AKI"
cert exchange p256 inter 26 'keyUsage=critical,keyAgreement' "$SKI" "$AKI"
END=20210101000000Z
cert expired p256 inter 27 "$EE" "$SKI" "$AKI"
END=
cert unknown p256 inter 28 "$EE" '1.2.3.4=critical,ASN1:NULL:' "$AKI"
cert policy p256 inter 29 "$EE" 'certificatePolicies=critical,1.2.3.4' "$AKI"
# Authorities that are none, or may not do what they do.
cert noca p256 root 31 'basicConstraints=critical,CA:false' "$SKI"
cert under-noca p256 noca 32 "$EE" "$AKI"
cert nosign p256 root 33 "$CA" 'keyUsage=critical,cRLSign' "$SKI"
cert under-nosign p256 nosign 34 "$EE" "$AKI"
cert short p256 root 35 'basicConstraints=critical,CA:true,pathlen:0' "$CS" "$SKI"
cert deep p256 short 36 "$CA" "$CS" "$SKI"
cert under-deep p256 deep 37 "$EE" "$AKI"
cert under-short p256 short 38 "$EE" "$AKI"
cert named p256 root 39 "$CA" "$CS" "$SKI" \
	'nameConstraints=critical,permitted;email:example.org'
cert under-named p256 named 40 "$EE" "$AKI"
cert softnamed p256 root 41 "$CA" "$CS" "$SKI" \
	'nameConstraints=permitted;email:example.org'
cert under-softnamed p256 softnamed 42 "$EE" "$AKI"
# Lists.
crl root root 20260101000000Z 20270101000000Z
crl inter inter 20260101000000Z 20270101000000Z
crl inter-old inter 20250101000000Z 20250201000000Z
crl inter-future inter 20280101000000Z 20290101000000Z
crl inter-revoked inter 20260101000000Z 20270101000000Z rsa 260301000000Z
crl root-revoked root 20260101000000Z 20270101000000Z inter 260301000000Z
# The issuer's name on another authority's signature.
cp inter.crt keep.crt; cp inter.key keep.key
openssl req -new -x509 -key other.key -subj '/CN=inter/O=Test' -days 9000 \
	-addext keyUsage=cRLSign -out inter.crt
cp other.key inter.key
crl inter-forged inter 20260101000000Z 20270101000000Z
mv keep.crt inter.crt; mv keep.key inter.key

# Signatures over "Hello, contract.\n".
printf 'Hello, contract.\n' >content.txt
cms() { # NAME SIGNER OPTIONS
	out=$1 signer=$2
	shift 2
	openssl cms -sign -binary -in content.txt -signer "$signer.crt" \
		-inkey "$signer.key" -certfile inter.crt -outform DER \
		-out "$out" "$@"
}
cms rsa.p7s rsa -cades
cms p256.p7s p256 -cades
cms p384.p7s p384 -cades -md sha384
cms pss.p7s rsa -cades -keyopt rsa_padding_mode:pss
cms pss-max.p7s rsa -cades -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:222
cms enveloping.p7m p256 -cades -nodetach
cms plain.p7s p256
cms noattr.p7s p256 -noattr
cms keyid.p7s p256 -cades -keyid
cms nocerts.p7s p256 -cades -nocerts
openssl cms -sign -binary -stream -nodetach -in content.txt -cades \
	-signer p256.crt -inkey p256.key -certfile inter.crt -outform DER \
	-out stream.p7m
openssl cms -sign -binary -in content.txt -cades -signer p256.crt \
	-inkey p256.key -signer rsa.crt -inkey rsa.key -certfile inter.crt \
	-outform DER -out two.p7s
openssl crl2pkcs7 -nocrl -certfile inter.crt -outform DER -out degenerate.p7b

# A time-stamp token over content.txt.
printf '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_digest=sha256\n' >conf
printf 'default_policy=1.2.3.4.5\ndigests=sha256\nsigner_cert=tsa.crt\n' >>conf
printf 'certs=inter.crt\nsigner_key=tsa.key\ness_cert_id_alg=sha256\n' >>conf
echo 01 >serial
openssl ts -query -data content.txt -sha256 -cert -out query 2>/dev/null
openssl ts -reply -config conf -queryfile query -token_out -out token.tst 2>/dev/null
rm -f conf index* serial* crlnumber* req query 0*.pem [0-9]*.pem
for k in *.key; do
	case $k in rsa.key | p256.key | p384.key | ed25519.key)
		openssl pkcs8 -topk8 -nocrypt -outform DER -in "$k" -out "${k%.key}.p8" ;;
	esac
	rm -f "$k"
done
