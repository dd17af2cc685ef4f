#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The file of an attestation that has gone, or was changed: what was about a
# certificate of another CA cannot be known any more, so that nobody signs by
# it and nothing is deposited for it; who has the house's own goes on.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3

need_home
enroll_jaan
ls "$DEED_HOME/identity/attestations" | sort >before
quietly prove_home jaan --accept-ca "$(sha256_of cas/root.pem)"
ls "$DEED_HOME/identity/attestations" | sort >after
held=$DEED_HOME/identity/attestations/$(comm -13 before after)
quietly python3 "$outside_certs" crl cas young.crl 1
awk '/BEGIN X509 CRL/ { n++ } n < 2' cas/anchors.pem >root.crl
sign() {
	rm -f out.p7s
	deed sign --as jaan --passphrase file:jaan.pass --detached -o out.p7s \
		--crl root.crl --crl young.crl terms.txt
}
deposit() {
	deed shard put terms.txt --party "$1"
}
expect 0 'jaan signs' sign
expect 0 'and has deposits' deposit jaan
id=$(cat "$T/out")
fetch() {
	rm -rf got
	deed shard get "$id" --as jaan --passphrase file:jaan.pass -o got
}
expect 0 'which jaan opens' fetch
mv "$held" kept
expect 1 'the attestation has gone: jaan signs nothing' sign
err_has 'it is said' 'attestation'
err_has 'it is said, how' 'is missing'
absent 'nothing was signed' out.p7s
expect 1 'nothing is deposited for jaan' deposit jaan
err_has 'that is said, too' 'is missing'
expect 0 'for wang it is' deposit wang
expect 0 'jaan opens what there was before' fetch
cp kept "$held"
printf x >>"$held"
expect 1 'the attestation was changed: jaan signs nothing' sign
err_has 'this, too, is said' 'another than the newest by the log'
expect 1 'nor is anything deposited' deposit jaan
err_has 'and here' 'was changed'
cp kept "$held"
expect 0 'it is back: jaan signs' sign
