#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures of the kind adbe.x509.rsa_sha1, as programs made them before 2010,
# with values by openssl: integrity is told, and none passes.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3 jq

pki=$data/pki
cat "$pki/root.crt" "$pki/root.crl" "$pki/inter.crl" >root.pem
cp "$top_srcdir/tests/fuzz/corpus/pdf/plain" small.pdf
verify() {
	deed verify --at=2026-06-01T00:00:00Z --trust root.pem --json "$@"
}

# make OUT DIGEST CERT...
make() {
	out=$1 digest=$2
	shift 2
	check "$out: is made" python3 "$top_srcdir/tests/interop/x509_rsa.py" \
		small.pdf "$out" "$digest" "$pki/rsa.p8" "$@"
}

# says NAME WANT: integrity, sub-indication, coverage, level, who, by what.
says() {
	is "$1" "$(jq -r '.documents[0].signatures[0] | [.integrity,
		.sub_indication, .coverage, .level, .signer.name // "-",
		.algorithms.digest // "-"] | join(" ")' "$T/out")" "$2"
}

# ids NAME WANT: of the reasons.
ids() {
	is "$1" "$(jq -r '.documents[0].signatures[0].reasons | map(.id) |
		join(" ")' "$T/out")" "$2"
}

make chain.pdf sha1 "$pki/rsa.crt" "$pki/inter.crt"
expect 3 'a chain in an array: does not pass' verify chain.pdf
says 'it is intact' \
	'intact CRYPTO_CONSTRAINTS_FAILURE_NO_POE whole-file none rsa sha1'
ids 'for its digest, and for what it is' 'algorithm-weak sub-filter'

make one.pdf sha1 "$pki/rsa.crt"
expect 3 'a certificate alone' verify one.pdf
says 'it is intact, and leads to nobody' \
	'intact NO_CERTIFICATE_CHAIN_FOUND whole-file none rsa sha1'

printf 'name: old\ndigests:\n  sha1: open\n' >old.yaml
expect 3 'a policy that accepts the digest' verify --policy old.yaml chain.pdf
ids 'does not make it pass' sub-filter
for digest in sha256 sha384 sha512; do
	make $digest.pdf $digest "$pki/rsa.crt" "$pki/inter.crt"
	expect 3 "$digest: nor does another digest" verify $digest.pdf
	says "$digest: it is read from the value" \
		"intact GENERIC whole-file none rsa $digest"
done
if openssl dgst -ripemd160 small.pdf >/dev/null 2>&1; then
	make ripemd.pdf ripemd160 "$pki/rsa.crt" "$pki/inter.crt"
	expect 3 'a digest that is not known' verify ripemd.pdf
	says 'cannot be told' \
		'unknown CRYPTO_CONSTRAINTS_FAILURE whole-file none rsa -'
fi

LC_ALL=C sed 's/0000>/4a55>/' chain.pdf >behind.pdf
expect 3 'bytes behind the value' verify behind.pdf
says 'it is intact' \
	'intact CRYPTO_CONSTRAINTS_FAILURE_NO_POE whole-file none rsa sha1'
ids 'and they are told' 'algorithm-weak sub-filter bytes-behind-cms'

LC_ALL=C sed 's/(Hi) Tj/(Ho) Tj/' chain.pdf >changed.pdf
expect 1 'a changed document' verify changed.pdf
says 'is broken' 'broken HASH_FAILURE whole-file none rsa sha1'
make other.pdf sha1 "$pki/p256.crt"
expect 1 'the certificate of another key' verify other.pdf
says 'is broken, too' 'broken SIG_CRYPTO_FAILURE whole-file none p256 -'
LC_ALL=C sed 's/Contents<0482/Contents<3082/' chain.pdf >form.pdf
expect 1 'another form of the value' verify form.pdf
says 'has no integrity to tell' 'unknown FORMAT_FAILURE whole-file none rsa -'
LC_ALL=C sed 's/Contents<0482010\(.\)\(....\)/Contents<0482010\10000/' \
	chain.pdf >value.pdf
expect 1 'another value' verify value.pdf
says 'is broken' 'broken SIG_CRYPTO_FAILURE whole-file none rsa -'
LC_ALL=C sed 's/Cert \([0-9]\)/Cerf \1/' chain.pdf >none.pdf
expect 3 'no certificate' verify none.pdf
says 'nothing can be told' \
	'unknown NO_SIGNING_CERTIFICATE_FOUND whole-file none - -'
LC_ALL=C sed 's/5a180f/30180f/' chain.pdf >malformed.pdf
expect 3 'a malformed certificate' verify malformed.pdf
says 'is not missing' \
	'unknown CERTIFICATE_CHAIN_GENERAL_FAILURE whole-file none - -'
ids 'and called that' 'certificate-malformed sub-filter'
out_has 'with what is wrong' 'notBefore does not end in Z'
python3 "$top_srcdir/tests/cli/append_pdf.py" chain.pdf later.pdf 4 '<<>>'
expect 1 'changed in a later revision' verify later.pdf
says 'what was signed is intact' \
	'intact FORMAT_FAILURE whole-revision none rsa sha1'
