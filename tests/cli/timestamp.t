#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed timestamp against authorities on loopback: what it makes is judged by
# openssl, pdfsig and deed verify; what a false authority sends is refused.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers

pki_make
tsa_start
cp "$data/contract.pdf" contract.pdf
echo 'terms' >terms.txt
cat "$pki/root.pem" "$pki/root.crl.pem" >trust.pem
verify() {
	deed verify --trust trust.pem --crl "$pki/ca.crl" "$@"
}
ts_verify() {
	openssl ts -verify -data "$1" -in "$2" -token_in \
		-CAfile "$pki/root.pem" -untrusted "$pki/ca.pem"
}

# ---- a token beside the file ----
expect 0 'detached' deed timestamp --detached --tsa "$tsa" terms.txt
err_has 'says so' "stamped 'terms.txt': 'terms.txt.tst', 20"
err_has 'and by whom' 'by Test tsa'
check 'openssl ts' ts_verify terms.txt terms.txt.tst
expect 0 'deed verify' verify --content terms.txt terms.txt.tst
out_has 'passes' 'TOTAL-PASSED'
echo 'other' >other.txt
expect 1 'of another file' verify --content other.txt terms.txt.tst
out_has 'is told' 'the time-stamp is not of this content'
expect 0 'done already' deed timestamp --detached --tsa "$tsa" terms.txt
err_has 'which is said' 'is stamped already'
cp other.txt terms.txt
expect 7 'the file has changed' deed timestamp --detached --tsa "$tsa" \
	terms.txt
expect 0 '--force' deed timestamp --force --detached --tsa "$tsa" terms.txt
check 'and it is of the new one' ts_verify terms.txt terms.txt.tst
absent 'no home was made' "$DEED_HOME"

# ---- a container ----
expect 0 'ASiC-S' deed timestamp --tsa "$tsa" --json terms.txt
out_has 'the report' '"authority": "Test tsa"'
expect 0 'deed verify' verify terms.txt.asics
out_has 'passes' 'TOTAL-PASSED'
out_has 'as a time-stamp' 'META-INF/timestamp.tst'
expect 0 'done already' deed timestamp --tsa "$tsa" terms.txt
err_has 'which is said' 'is stamped already'
if command -v unzip >/dev/null; then
	mkdir un && (cd un && unzip -q ../terms.txt.asics)
	check 'the file as it was' cmp un/terms.txt terms.txt
	check 'openssl ts on the token inside' ts_verify terms.txt \
		un/META-INF/timestamp.tst
	is 'the media type' "$(cat un/mimetype)" \
		application/vnd.etsi.asic-s+zip
else
	skip 'the container by unzip' 'not installed'
fi

# ---- a PDF ----
expect 0 'a PDF' deed timestamp --tsa "$tsa" contract.pdf
expect 0 'deed verify' verify contract.stamped.pdf
out_has 'passes' 'TOTAL-PASSED'
check 'the input is a prefix' cmp -n "$(wc -c <contract.pdf)" contract.pdf \
	contract.stamped.pdf
cat >cut.py <<'END'
import re, sys
data = open(sys.argv[1], 'rb').read()
a, b, c, d = map(int, re.findall(
    rb'/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)', data)[-1])
assert a == 0 and c + d == len(data) and b'/ETSI.RFC3161' in data
token = bytes.fromhex(data[b + 1:c - 1].decode())
assert token[:2] == b'\x30\x82'
size = int.from_bytes(token[2:4], 'big') + 4
open('token.der', 'wb').write(token[:size])
open('covered.bin', 'wb').write(data[:b] + data[c:])
END
check 'it covers all but itself' /usr/bin/python3 cut.py contract.stamped.pdf
check 'openssl ts on the token inside' ts_verify covered.bin token.der
if command -v qpdf >/dev/null; then
	check 'qpdf finds nothing wrong' qpdf --check contract.stamped.pdf
fi
expect 0 'done already' deed timestamp --tsa "$tsa" contract.pdf
err_has 'which is said' 'is stamped already'
expect 0 'once more' deed timestamp --tsa "$tsa" contract.stamped.pdf
expect 0 'both pass' verify contract.stamped.2.pdf
is 'two time-stamps' "$(deed verify --json --trust trust.pem \
	contract.stamped.2.pdf | grep -c '"kind": "document-timestamp"')" 2
cp contract.pdf place.pdf
expect 0 'in place' deed timestamp --in-place --tsa "$tsa" place.pdf
expect 0 'passes' verify place.pdf
if command -v pdfsig >/dev/null; then
	run pdfsig -nocert contract.stamped.pdf
	out_has 'pdfsig sees it' 'Common Name: Test tsa'
	out_has 'over all' 'Total document signed'
else
	skip 'by pdfsig' 'not installed'
fi
expect 0 '-n' deed timestamp -n -o not.pdf --tsa "$tsa" contract.pdf
absent 'writes nothing' not.pdf

# ---- authorities ----
rm -f terms.txt.tst
before=$(front_requests '^POST /tsa')
expect 2 'none' deed timestamp --detached terms.txt
err_has 'says how to name one' '--tsa URL names one'
expect 2 '--offline' deed timestamp --offline --detached --tsa "$tsa" terms.txt
expect 0 '-n asks nobody' deed timestamp -n --detached --tsa "$tsa" terms.txt
is 'nothing was asked' "$(front_requests '^POST /tsa')" "$before"
expect 0 'the next one is asked' deed timestamp -v --detached \
	--tsa "$front/status/500" --tsa "$front/tsa?fault=reject" \
	--tsa "$tsa" terms.txt
err_has 'a status' 'answers with status 500; the next authority is asked'
err_has 'a refusal' "rejects the request: 'go away"
err_has 'each URL is told' "POST $tsa"
rm terms.txt.tst
expect 8 'all fail' deed timestamp --detached --tsa "$front/status/500" \
	--tsa "$front/status/404" terms.txt
absent 'nothing is written' terms.txt.tst
expect 8 'nobody there' deed timestamp --detached --tsa http://127.0.0.1:9/ \
	terms.txt
for fault in imprint nonce no-nonce policy signature no-certificate ess \
	no-ess detached content two-signers reject policy-refused time waiting \
	warning unknown-status garbage no-token not-a-token trailing; do
	policy=
	[ $fault != policy ] || policy='--tsa-policy 1.2.3.4.1'
	# shellcheck disable=SC2086 # two words or none
	expect 8 "refused: $fault" deed timestamp --detached $policy \
		--tsa "$front/tsa?fault=$fault" terms.txt
	absent 'nothing is written' terms.txt.tst
done
pki_issue plain plain
expect 8 'a certificate for anything' deed timestamp --detached \
	--tsa "$front/tsa?signer=plain" terms.txt
expect 8 'not that content type' deed timestamp --detached \
	--tsa "$front/tsa?type=text/html" terms.txt
expect 0 'a policy' deed timestamp --detached --tsa-policy 1.2.3.4.2 \
	--tsa "$tsa" terms.txt
rm terms.txt.tst
expect 8 'another policy' deed timestamp --detached --tsa-policy 1.2.3.4.3 \
	--tsa "$tsa" terms.txt
err_has 'which is told' 'the policy is not supported'
expect 2 'no policy at all' deed timestamp --detached --tsa-policy x \
	--tsa "$tsa" terms.txt
expect 2 'no URL' deed timestamp --detached --tsa ftp://127.0.0.1/ terms.txt

# ---- who we are ----
echo secret >pass && chmod 600 pass
expect 8 'without a user' deed timestamp --detached --tsa "$front/auth/tsa" \
	terms.txt
err_has 'the status is told' 'status 401'
expect 0 'with' deed timestamp --detached --tsa-user alice \
	--tsa-passphrase file:pass --tsa "$front/auth/tsa" terms.txt
rm terms.txt.tst
expect 6 'no passphrase' deed timestamp --no-input --detached \
	--tsa-user alice --tsa "$front/auth/tsa" terms.txt
tls_start
pki_issue client client
expect 8 'https, not trusted' deed timestamp --detached --tsa "$tls/tsa" \
	terms.txt
err_has 'which is told' "the server's certificate is not trusted"
expect 0 'https' deed timestamp --detached --tsa-ca "$pki/root.pem" \
	--tsa "$tls/tsa" terms.txt
rm terms.txt.tst
expect 8 'a client certificate is asked for' deed timestamp --detached \
	--tsa-ca "$pki/root.pem" --tsa "$tls/client/tsa" terms.txt
expect 0 'and shown' deed timestamp --detached --tsa-ca "$pki/root.pem" \
	--tsa-certificate "$pki/client.pem" --tsa-key "$pki/client.key" \
	--tsa "$tls/client/tsa" terms.txt
rm terms.txt.tst
openssl pkcs8 -topk8 -in "$pki/client.key" -passout file:pass \
	-out locked.key
expect 0 'whose key is locked' deed timestamp --detached \
	--tsa-ca "$pki/root.pem" --tsa-certificate "$pki/client.pem" \
	--tsa-key locked.key --tsa-key-passphrase file:pass \
	--tsa "$tls/client/tsa" terms.txt
rm terms.txt.tst
expect 10 'a missing file' deed timestamp --detached --tsa "$tls/tsa" \
	--tsa-ca gone.pem terms.txt

# ---- configuration ----
mkdir -p "$HOME/.config/deed"
printf 'timestamp:\n  tsa: %s %s\n' "$front/status/500" "$tsa" \
	>"$HOME/.config/deed/config.yaml"
expect 0 'by configuration' deed timestamp --detached terms.txt
err_has 'one after the other' 'the next authority is asked'
rm terms.txt.tst
expect 2 '--offline' deed timestamp --offline --detached terms.txt
err_has 'forbids it' '--offline forbids'
expect 0 'the environment goes before' env DEED_TIMESTAMP_TSA="$tsa" \
	deed timestamp --detached terms.txt
check 'what is configured' sh -c '! grep -q "the next authority" "$T/err"'

# ---- many ----
for i in 1 2 3 4 5 6 7 8; do
	echo "$i" >"many$i.txt"
done
expect 0 'many at once' deed timestamp --jobs 4 --detached --tsa "$tsa" \
	many*.txt
good=0
for i in 1 2 3 4 5 6 7 8; do
	ts_verify "many$i.txt" "many$i.txt.tst" >/dev/null 2>&1 &&
		good=$((good + 1))
done
is 'each its own' "$good" 8
