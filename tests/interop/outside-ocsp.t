#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who signs or seals with a certificate of another CA shows that it was not
# revoked, by OCSP too: by whom and how long ago.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3
need_part draw

certs=$top_srcdir/tests/interop/outside_certs.py
need_home
secret_file jaan.pass 'the passphrase of jaan'
quietly python3 "$certs" new cas
root=$(sha256_of cas/root.pem)
awk '/BEGIN X509 CRL/ { n++ } n < 2' cas/anchors.pem >root.crl

# certify KEY SUBJECT EXTENSIONS CA SERIAL OUT
certify() {
	# shellcheck disable=SC2059 # it has lines
	printf "$3" >ext
	quietly openssl x509 -new -force_pubkey "$1" -subj "$2" -CA "cas/$4.pem" \
		-CAkey "cas/$4.key" -set_serial "$5" -days 20 -extfile ext -out "$6"
}
responder() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out "cas/$1.key" 2>/dev/null
	openssl pkey -in "cas/$1.key" -pubout -out "cas/$1.pub"
	certify "cas/$1.pub" "/CN=$1" "$2" "$3" 0x55 "cas/$1.pem"
}
for_ocsp='extendedKeyUsage=OCSPSigning\nnoCheck=ignored\n'
responder ocsp "$for_ocsp" issuing
responder other "$for_ocsp" stranger
responder plain 'keyUsage=critical,digitalSignature\n' issuing

# answer OUT CERT DAYS STATUS [SIGNER]: an OCSP response of so many days ago.
answer() {
	quietly openssl ocsp -issuer cas/issuing.pem -cert "$2" -no_nonce \
		-reqout request.der
	PYTHONPATH=$top_srcdir/tests/servers python3 - "$@" <<'END'
import sys
import time
import authority
out, _, days, status, *signer = sys.argv[1:]
at = time.strftime('%Y%m%d%H%M%SZ',
                   time.gmtime(time.time() - int(days) * 86400 - 60))
with open('request.der', 'rb') as f, open(out, 'wb') as g:
    g.write(authority.ocsp('cas', f.read(), at, status=status, days=30,
                           signer=(signer or ['ocsp'])[0]))
END
}

# ---- a person ----
quietly deed enroll person jaan --name 'Jaan Sample' --email j@example.org \
	--id ee-pno:38001085718 --passphrase file:jaan.pass --csr-out jaan.csr
openssl req -in jaan.csr -noout -pubkey >jaan.pub
quietly python3 "$certs" issue cas card jaan.pub jaan.pem
quietly deed enroll person jaan --certificate jaan.pem --name 'Jaan Sample' \
	--id ee-pno:38001085718 --anchors cas/anchors.pem
quietly prove_home jaan --accept-ca "$root"
sign() {
	rm -f out.p7s
	deed sign --as jaan --passphrase file:jaan.pass --detached \
		-o out.p7s --crl root.crl terms.txt "$@"
}
answer fresh.ocsp jaan.pem 0 good
answer six.ocsp jaan.pem 6 good
answer eight.ocsp jaan.pem 8 good
answer unknown.ocsp jaan.pem 0 unknown
answer revoked.ocsp jaan.pem 0 revoked
answer stranger.ocsp jaan.pem 0 good other
answer plain.ocsp jaan.pem 0 good plain
answer issuer.ocsp jaan.pem 0 good issuing
answer another.ocsp cas/ocsp.pem 0 good
for name in fresh six issuer; do
	expect 0 "OCSP: $name" sign --ocsp $name.ocsp
done
expect 0 'it verifies' deed verify --trust cas/root.pem --crl root.crl \
	--ocsp issuer.ocsp --content terms.txt out.p7s
expect 3 'OCSP: eight days old' sign --ocsp eight.ocsp
err_has 'eight days: in words' 'younger than seven days is wanted'
absent 'nothing was signed' out.p7s
expect 0 'the young one counts beside the old one' sign --ocsp eight.ocsp \
	--ocsp fresh.ocsp
for name in unknown stranger plain another; do
	expect 3 "OCSP: $name" sign --ocsp $name.ocsp
	err_has "OCSP: $name, in words" 'nothing tells whether the certificate'
	absent "OCSP: $name, nothing was signed" out.p7s
done
expect 7 'OCSP: revoked' sign --ocsp revoked.ocsp
err_has 'revoked: in words' revoked
python3 "$certs" crl cas young.crl 1
expect 7 'a CRL that says nothing against it is no way around' sign \
	--ocsp revoked.ocsp --crl young.crl

# ---- an organisation, which seals ----
quietly deed enroll org corp --name 'Corp OU' --email c@example.org \
	--id etsi-legal:NTREE-12345678 --passphrase file:jaan.pass \
	--csr-out corp.csr
openssl req -in corp.csr -noout -pubkey >corp.pub
certify corp.pub \
	'/C=EE/O=Corp OU/organizationIdentifier=NTREE-12345678/CN=Corp seal' \
	'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n' \
	issuing 0x2000 corp.pem
cat corp.pem cas/issuing.pem >corp-chain.pem
expect 0 'an organisation brings its certificate' deed enroll org corp \
	--certificate corp-chain.pem --name 'Corp OU' \
	--id etsi-legal:NTREE-12345678 --anchors cas/anchors.pem
quietly prove_home corp --accept-ca "$root"
seal() {
	rm -f sealed.pdf
	deed seal --as corp --passphrase file:jaan.pass --position 10,10 \
		-o sealed.pdf contract.pdf --crl root.crl "$@"
}
answer corp.ocsp corp.pem 0 good
answer corp-old.ocsp corp.pem 8 good
expect 3 'a seal, and nothing tells' seal
absent 'nothing was sealed' sealed.pdf
expect 3 'a seal, and what tells is old' seal --ocsp corp-old.ocsp
expect 3 'a seal, and what tells is of another' seal --ocsp fresh.ocsp
expect 0 'it seals' seal --ocsp corp.ocsp
expect 0 'the seal verifies' deed verify --trust cas/root.pem --crl root.crl \
	--ocsp corp.ocsp --json sealed.pdf
json 'as a seal' '.documents[0].signatures[0].kind' seal
json 'of the organisation' '.documents[0].signatures[0].signer.organisation' \
	'Corp OU'
expect 3 'without the CA it is nobody of the house' deed verify \
	--trust house.pem --no-revocation sealed.pdf
