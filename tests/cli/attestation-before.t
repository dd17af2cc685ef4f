#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who was attested with a certificate of another CA before attestations named
# that CA signs as before while the status lasts, without a CRL of that CA;
# proven again, it is asked for one like everybody.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 jq

need_home
enroll_jaan
root=$(sha256_of cas/root.pem)
prove() {
	"$1" verify-id --location Beijing --yes --accept-ca "$root" \
		--attest 'identity card seen, face compared, in person' \
		--operator-passphrase file:operator.pass jaan
}
sign() {
	rm -f out.p7s
	deed sign --as jaan --passphrase file:jaan.pass --detached -o out.p7s \
		terms.txt "$@"
}
# Its helpers lie beside it.
mkdir before
cp "$top_builddir/tests/cli/office_before" before/
ln -s "$top_builddir"/deed-* before/
expect 0 'proven as before' prove before/office_before
check 'by an attestation of then' sh -c \
	'cat "$1"/* | grep -aq "Jaan Sample.*deed.attestation/1"' sh \
	"$DEED_HOME/identity/attestations"
expect 0 'jaan signs, and nobody asks the CA' sign
expect 0 'it is his' deed verify --trust cas/root.pem --no-revocation \
	--content terms.txt out.p7s
expect 0 'deposits are made for him' deed shard put terms.txt --party jaan
expect 0 'the log holds' deed audit verify
expect 0 'proven again' prove deed
expect 3 'now his CA is asked' sign
err_has 'it is said' 'which another CA issued'
absent 'nothing was signed' out.p7s
