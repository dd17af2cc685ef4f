#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signers' certificates that openssl makes, with every key purpose, critical
# and not: which of them sign documents is a matter of the policy.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq
openssl ecparam -name prime256v1 -genkey -noout -out key.pem || exit 99
openssl req -new -x509 -key key.pem -subj /CN=Root -days 3000 -out root.pem \
	-addext basicConstraints=critical,CA:TRUE 2>/dev/null || exit 99
openssl ecparam -name prime256v1 -genkey -noout -out signer.key || exit 99
openssl req -new -key signer.key -subj /CN=Signer -out signer.csr || exit 99
echo contract >contract.txt

n=0
# made EKU: signature.p7s by a certificate with this extKeyUsage; - is none
made() {
	n=$((n + 1))
	echo 'keyUsage=critical,digitalSignature,nonRepudiation' >ext
	[ "$1" = - ] || echo "extendedKeyUsage=$1" >>ext
	openssl x509 -req -in signer.csr -CA root.pem -CAkey key.pem \
		-set_serial $((n + 100)) -days 2000 -extfile ext \
		-out signer.pem 2>/dev/null &&
		openssl cms -sign -cades -binary -in contract.txt \
			-signer signer.pem -inkey signer.key -outform DER \
			-out signature.p7s 2>/dev/null
}
judge() { # EXIT EKU OPTION...
	code_wanted=$1 eku=$2
	shift 2
	made "$eku" || { fail "$eku" 'openssl makes no such thing'; return; }
	expect "$code_wanted" "${*:+$*: }$eku" deed verify --trust root.pem \
		--no-revocation --content contract.txt "$@" signature.p7s
	[ "$code_wanted" -eq 0 ] ||
		out_has "${*:+$*: }$eku: why" CHAIN_CONSTRAINTS_FAILURE
}

judge 0 -
for purpose in clientAuth emailProtection 1.3.6.1.5.5.7.3.36 \
	1.3.6.1.4.1.311.10.3.12 1.3.6.1.4.1.311.3.10.3.12 \
	1.2.840.113583.1.1.5 anyExtendedKeyUsage msSmartcardLogin; do
	judge 0 "$purpose"
	judge 0 "critical,$purpose"
	judge 0 "critical,serverAuth,$purpose"
done
for purpose in serverAuth codeSigning timeStamping OCSPSigning 1.2.3.4; do
	judge 0 "$purpose"
	judge 3 "critical,$purpose"
done
judge 3 critical,serverAuth,codeSigning,timeStamping
out_has 'the purposes are told' 'serverAuth, codeSigning, timeStamping'

# The policy decides.
printf 'name: own\nkey-purposes: [codeSigning, 1.2.3.4]\n' >own.yaml
printf 'name: open\nkey-purposes: any\n' >any.yaml
printf 'name: shut\nkey-purposes: none\n' >none.yaml
judge 0 critical,codeSigning --policy own.yaml
judge 0 critical,1.2.3.4 --policy own.yaml
judge 3 critical,emailProtection --policy own.yaml
judge 0 critical,serverAuth --policy any.yaml
judge 3 critical,emailProtection --policy none.yaml
judge 0 - --policy none.yaml
