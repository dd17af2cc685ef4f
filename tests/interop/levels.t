#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The levels of PAdES, CAdES and ASiC-E, made by deed with test authorities,
# and read by openssl, pdfsig, certtool and a second reader in Python.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq unzip pdfsig certtool qpdf
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/lib.sh"
need_servers
need_home
pki_make
# shellcheck disable=SC2119 # the present time
tsa_start

reader=$top_srcdir/tests/interop/read_levels.py
cat house.pem "$pki/chain.pem" >all.pem
sed -n '/BEGIN CERT/,/END CERT/p' house.pem >house-root.pem

# Whom the test believes, and nothing else: what is inside must do.
roots="--trust house-root.pem --trust $pki/root.pem"

wang() {
	deed sign --as wang --passphrase file:wang.pass --tsa "$tsa" \
		--trust "$pki/root.pem" --crl "$pki/ca.crl" \
		--crl "$pki/root.crl" "$@"
}

extend() {
	deed extend --tsa "$tsa" --trust house.pem --trust "$pki/root.pem" \
		--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" \
		--crl "$pki/root.crl" "$@"
}

# What holds, or does not, goes to standard output.
second_reader() {
	/usr/bin/python3 "$reader" "$@"
}

# level_is WHAT FILE LEVEL [OPTION ...]: the first signature's
level_is() {
	what=$1 file=$2 wanted=$3
	shift 3
	# shellcheck disable=SC2086
	deed verify --json $roots --crl house.pem --crl "$pki/ca.pem" \
		--crl "$pki/ca.crl" --crl "$pki/root.crl" "$@" "$file" \
		>"$T/level.json" 2>/dev/null
	is "$what" "$(jq -r '.documents[0].signatures[0] |
		.indication + " " + .level' "$T/level.json")" \
		"TOTAL-PASSED $wanted"
}

# ---- PAdES ----

for level in t lt lta; do
	upper=$(echo $level | tr '[:lower:]' '[:upper:]')
	expect 0 "a PDF is signed at B-$upper" \
		wang --level $level contract.pdf -o $level.pdf
	expect 0 'the second reader agrees' second_reader pdf $level.pdf all.pem
	out_has 'about the time-stamp' 'signature-time-stamp holds'
	level_is 'deed verify says so' $level.pdf B-"$upper"
	is 'the input is its beginning' "$(head -c "$(wc -c <contract.pdf)" \
		$level.pdf | cmp - contract.pdf && echo same)" same
	check 'qpdf finds no fault' qpdf --check $level.pdf
	is 'pdfsig finds the signature valid' \
		"$(pdfsig -nocert $level.pdf 2>/dev/null |
			grep -c 'Signature is Valid')" 1
done
run second_reader pdf lta.pdf all.pem
out_has 'the last time-stamp is over the store' \
	'the last time-stamp covers the store'
out_has 'the store has what the signer needs' 'signer: the path is whole'
out_has 'and what the authority needs' 'authority: the path is whole'
level_is 'without anything but the roots it passes' lt.pdf B-LT

expect 0 'B-LTA is renewed' extend --level lta lta.pdf -o lta2.pdf
expect 0 'the second reader follows' second_reader pdf lta2.pdf all.pem
is 'with one document time-stamp more' \
	"$(grep -c 'document time-stamp holds' "$T/out")" 2
level_is 'it is B-LTA still' lta2.pdf B-LTA
expect 0 'a level that is there already is left alone' \
	extend --level lt lta2.pdf -o none.pdf
err_has 'and that is said' already
absent 'nothing is written' none.pdf

expect 0 'a signature at B-B is raised afterwards' \
	wang contract.pdf -o b.pdf
expect 0 'by a document time-stamp' extend --level t b.pdf -o b-t.pdf
expect 0 'which the second reader finds' second_reader pdf b-t.pdf all.pem
out_has 'over the document' 'document time-stamp holds'
level_is 'it is B-T' b-t.pdf B-T
expect 0 'to B-LTA at once' extend --level lta b.pdf -o b-lta.pdf
expect 0 'the second reader agrees' second_reader pdf b-lta.pdf all.pem
level_is 'it is B-LTA' b-lta.pdf B-LTA
expect 0 'in place, atomically' extend --level lta --in-place b.pdf
level_is 'the same file is B-LTA' b.pdf B-LTA

expect 0 'a second party signs what is B-LTA' deed sign --as li \
	--passphrase file:li.pass lta.pdf -o both.pdf
expect 0 'both are raised' extend --level lta both.pdf -o both-lta.pdf
expect 0 'the second reader agrees' second_reader pdf both-lta.pdf all.pem
is 'two signers, each with a whole path' \
	"$(grep -c 'signer: the path is whole' "$T/out")" 2
level_is 'the first is B-LTA' both-lta.pdf B-LTA

# ---- CAdES ----

for level in t lt lta; do
	upper=$(echo $level | tr '[:lower:]' '[:upper:]')
	expect 0 "a detached signature at B-$upper" \
		wang --level $level --detached terms.txt -o $level.p7s
	expect 0 'the second reader agrees' \
		second_reader cades $level.p7s terms.txt all.pem
	out_has 'about the time-stamp' 'signature-time-stamp holds'
	level_is 'deed verify says so' $level.p7s B-"$upper" --content terms.txt
	check 'openssl verifies it' openssl cms -verify -cades -binary \
		-inform DER -in $level.p7s -content terms.txt \
		-CAfile house.pem -out verified
	check 'certtool verifies it' certtool --p7-verify --inder \
		--load-data terms.txt --load-ca-certificate house.pem \
		--infile $level.p7s
done
run second_reader cades lta.p7s terms.txt all.pem
out_has 'the archive time-stamp holds' 'archive-time-stamp-v3 holds'
expect 0 'B-LTA is renewed' extend --level lta --content terms.txt lta.p7s \
	-o lta2.p7s
expect 0 'the second reader follows' \
	second_reader cades lta2.p7s terms.txt all.pem
is 'two archive time-stamps' \
	"$(grep -c 'archive-time-stamp-v3 holds' "$T/out")" 2
level_is 'it is B-LTA still' lta2.p7s B-LTA --content terms.txt
expect 4 'an archive time-stamp needs the content' \
	extend --level lta lta.p7s -o none.p7s
err_has 'and says how to give it' '--content'
absent 'nothing is left' none.p7s

# A stranger's signature, by openssl, and OCSP in place of a CRL.
pki_issue stranger
openssl cms -sign -cades -binary -in terms.txt -signer "$pki/stranger.pem" \
	-inkey "$pki/stranger.key" -certfile "$pki/ca.pem" -outform DER \
	-out stranger.p7s
# shellcheck disable=SC2119
ocsp_start
openssl ocsp -issuer "$pki/ca.pem" -cert "$pki/stranger.pem" -no_nonce \
	-url "$ocsp" -respout stranger.ors -CAfile "$pki/chain.pem" \
	>/dev/null 2>&1
expect 0 'what openssl signed is raised, with an OCSP response' \
	deed extend --level lta --tsa "$tsa" --trust "$pki/root.pem" \
	--ocsp stranger.ors --crl "$pki/ca.crl" --crl "$pki/root.crl" \
	--content terms.txt stranger.p7s
expect 0 'the second reader agrees' \
	second_reader cades stranger.extended.p7s terms.txt all.pem
level_is 'it is B-LTA' stranger.extended.p7s B-LTA --content terms.txt
check 'openssl verifies what it signed' openssl cms -verify -cades -binary \
	-inform DER -in stranger.extended.p7s -content terms.txt \
	-CAfile "$pki/root.pem" -certfile "$pki/ca.pem" -out verified

# ---- counter-signatures ----

expect 0 'a counter-signature' deed sign --as li --passphrase file:li.pass \
	--counter-sign lta.p7s -o counter.p7s
deed verify --json --trust house.pem --trust "$pki/root.pem" \
	--content terms.txt counter.p7s >"$T/counter.json" 2>/dev/null
is 'is judged beside the signature' \
	"$(jq -r '[.documents[0].signatures[] | .kind + " " +
		.integrity] | join(", ")' "$T/counter.json")" \
	'signature intact, counter-signature intact'
check 'openssl still verifies the signature' openssl cms -verify -cades \
	-binary -inform DER -in counter.p7s -content terms.txt \
	-CAfile house.pem -out verified
expect 0 'the archive time-stamp still holds' \
	second_reader cades counter.p7s terms.txt all.pem
expect 0 'and it is raised with the counter-signature' extend --level lta \
	--content terms.txt counter.p7s -o counter-lta.p7s
expect 0 'the second reader agrees' \
	second_reader cades counter-lta.p7s terms.txt all.pem
level_is 'it is B-LTA' counter-lta.p7s B-LTA --content terms.txt
# Wrapped signatures.
openssl cms -cmsout -inform DER -in t.p7s -outform PEM -out t.pem
base64 t.p7s >t.b64
for wrapped in t.pem t.b64; do
	expect 0 "$wrapped is raised" extend --level lt $wrapped -o $wrapped.lt
	level_is 'to B-LT' $wrapped.lt B-LT --content terms.txt
	expect 0 'the second reader agrees' \
		second_reader cades $wrapped.lt terms.txt all.pem
	expect 0 "$wrapped is counter-signed" deed sign --as li \
		--passphrase file:li.pass --counter-sign $wrapped -o $wrapped.counter
	for made in $wrapped.lt $wrapped.counter; do
		check 'what comes of it is DER' openssl cms -cmsout \
			-inform DER -in $made -out /dev/null
	done
done
{
	printf 'MIME-Version: 1.0\nContent-Type: application/pkcs7-mime;'
	printf ' smime-type=signed-data\nContent-Transfer-Encoding: base64\n\n'
	cat t.b64
} >t.eml
openssl ts -query -data terms.txt -sha256 -cert -out terms.tsq 2>/dev/null
openssl ts -reply -queryfile terms.tsq -config "$pki/ts.cnf" -section t \
	-out terms.tsr 2>/dev/null
for verb in 'extend --level lt' 'sign --counter-sign --as li
	--passphrase file:li.pass'; do
	# shellcheck disable=SC2086 # words
	expect 5 "${verb%% *}: a message" deed $verb --tsa "$tsa" -o none.p7s \
		t.eml
	err_has 'is called one' 'S/MIME message'
	err_has 'and how to get at it' \
		"openssl cms -cmsout -inform SMIME -in 't.eml'"
	# shellcheck disable=SC2086 # words
	expect 5 "${verb%% *}: a response" deed $verb --tsa "$tsa" \
		-o none.p7s terms.tsr
	err_has 'is called one' 'time-stamp response'
	err_has 'and how to get at it' \
		"openssl ts -reply -in 'terms.tsr' -token_out"
	absent 'nothing is left' none.p7s
done
expect 0 'the command does it' sh -c "$(sed -n \
	's/^hint: \(openssl .*\) takes it out$/\1/p' "$T/err")"
check 'it is the token' test -s token.tst
expect 0 'a time-stamp is over any file' deed timestamp --detached \
	--tsa "$tsa" t.b64
expect 7 'the same party counter-signs once' deed sign --as li \
	--passphrase file:li.pass --counter-sign counter.p7s -o none.p7s
absent 'nothing is left' none.p7s

# ---- ASiC-E ----

for level in t lt lta; do
	upper=$(echo $level | tr '[:lower:]' '[:upper:]')
	expect 0 "a container at B-$upper" wang --level $level \
		--bundle $level.asice terms.txt annex.csv
	expect 0 'the second reader agrees' second_reader asic $level.asice \
		all.pem
	level_is 'deed verify says so' $level.asice B-"$upper"
	check 'unzip finds no fault' unzip -tq $level.asice
done
expect 0 'B-LTA is renewed' extend --level lta lta.asice -o lta2.asice
expect 0 'the second reader follows' second_reader asic lta2.asice all.pem
out_has 'from the new manifest to the old' '2 archive manifests'
out_has 'whose authority is judged from inside' \
	'authority of META-INF/ASiCArchiveManifest001.xml: the path is whole'
level_is 'it is B-LTA still' lta2.asice B-LTA
expect 0 'and a third time' extend --level lta lta2.asice -o lta3.asice
expect 0 'the second reader follows' second_reader asic lta3.asice all.pem
out_has 'three of them' '3 archive manifests'
for file in terms.txt annex.csv META-INF/signature001.p7s; do
	is "$file is what it was" \
		"$(unzip -p lta3.asice $file | openssl dgst -sha256)" \
		"$(unzip -p lta.asice $file | openssl dgst -sha256)"
done

expect 0 'a container gets a second signature' deed sign --as li \
	--passphrase file:li.pass --level t --tsa "$tsa" lt.asice
check 'under a name of its own' test -f lt.signed.asice
expect 0 'the second reader sees two' second_reader asic lt.signed.asice \
	all.pem
out_has 'the second manifest' 'META-INF/ASiCManifest002.xml covers 2 files'
level_is 'the first is what it was' lt.signed.asice B-LT
is 'the second is B-T' "$(jq -r '.documents[0].signatures[1] |
	.integrity + " " + .level' "$T/level.json")" 'intact B-T'
expect 0 'both are raised' extend --level lta lt.signed.asice -o two.asice
expect 0 'and covered by one archive manifest' \
	second_reader asic two.asice all.pem
level_is 'B-LTA' two.asice B-LTA

# ---- done already ----

for level in t lt lta; do
	expect 0 "a PDF at $level is left alone" \
		wang --level $level contract.pdf -o $level.pdf
	err_has 'and that is said' already
	expect 0 'a detached signature too' \
		wang --level $level --detached terms.txt -o $level.p7s
	err_has 'and that is said' already
	expect 0 'and a container' wang --level $level \
		--bundle $level.asice terms.txt annex.csv
	err_has 'and that is said' already
done
expect 7 'a lower level is not what was asked for' \
	wang --level lta contract.pdf -o t.pdf
expect 7 'nor in a container' wang --level lta --bundle t.asice \
	terms.txt annex.csv

# ---- an encrypted document ----

secret_file user.pass user
for version in 3 6; do
	expect 0 "an encrypted document (r$version) at B-LTA" wang --level lta \
		--document-passphrase file:user.pass \
		"$data/encrypted/r$version.pdf" -o "r$version.pdf"
	level_is 'it is B-LTA' "r$version.pdf" B-LTA \
		--document-passphrase file:user.pass
	check 'qpdf finds no fault' qpdf --password=user --check \
		"r$version.pdf"
	expect 0 'it is renewed' extend --level lta \
		--document-passphrase file:user.pass --in-place \
		"r$version.pdf"
	level_is 'and B-LTA still' "r$version.pdf" B-LTA \
		--document-passphrase file:user.pass
done

# ---- what is missing, what is refused ----

# Certificates say whom to ask: within the bounds of verify --online.
asked=$(front_requests 'ca.crl\|/ocsp')
for verb in sign seal; do
	as=wang hosts=DEED_SIGN_ONLINE_HOSTS place=
	if [ $verb = seal ]; then
		as=acme hosts=DEED_SEAL_ONLINE_HOSTS
		place='--position 140,230'
	fi
	# shellcheck disable=SC2086 # words
	expect 3 "$verb asks no host on loopback" env -u $hosts deed $verb \
		--as $as --passphrase file:$as.pass --tsa "$tsa" $place \
		--trust "$pki/root.pem" --level lt contract.pdf -o none.pdf
	err_has 'it is told which' '127.0.0.1 is not a public address'
	err_has 'and the remedy' '--online-hosts HOST'
	absent 'nothing is left' none.pdf
done
is 'the server was not asked' "$(front_requests 'ca.crl\|/ocsp')" "$asked"
cp "$pki/openssl.cnf" openssl.kept
sed -e "s|$front/ca.crl|$front/slow/30/ca.crl|" \
	-e "s|$front/ocsp|$front/slow/30/ocsp|" openssl.kept >"$pki/openssl.cnf"
pki_issue slowtsa tsa
cp openssl.kept "$pki/openssl.cnf"
began=$(date +%s)
expect 3 'a server that stalls' deed sign --as wang \
	--passphrase file:wang.pass --tsa "$tsa?signer=slowtsa" \
	--trust "$pki/root.pem" --online-timeout 2 --level lt contract.pdf \
	-o none.pdf
took=$(($(date +%s) - began))
check 'has the time that a document has' test $took -le 6
absent 'nothing is left' none.pdf
expect 0 'what is missing for B-LT is fetched' deed sign --as wang \
	--passphrase file:wang.pass --tsa "$tsa" --trust "$pki/root.pem" \
	--level lt contract.pdf -o fetched.pdf
expect 0 'the second reader agrees' second_reader pdf fetched.pdf all.pem
level_is 'it is B-LT' fetched.pdf B-LT
expect 0 'for what others made too' deed extend --level lta --tsa "$tsa" \
	--trust "$pki/root.pem" --content terms.txt stranger.p7s \
	-o fetched.p7s
expect 0 'the second reader agrees' \
	second_reader cades fetched.p7s terms.txt all.pem
expect 3 'without revocation data there is no B-LT' deed extend --offline \
	--trust house.pem --trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
	--level lt t.pdf -o none.pdf
err_has 'it is said how to give it' '--crl FILE'
absent 'nothing is left' none.pdf
expect 3 'nor without the root' deed extend --level lt --tsa "$tsa" \
	--trust house.pem t.pdf -o none.pdf
err_has 'it is said how to give it' '--trust FILE'
absent 'nothing is left' none.pdf
expect 2 'an authority must be named' deed sign --as wang \
	--passphrase file:wang.pass --level t contract.pdf -o none.pdf
expect 2 'a level must be one' wang --level lx contract.pdf -o none.pdf
expect 2 'B-B is nothing to raise to' extend --level b t.pdf -o none.pdf
expect 2 'and none with --offline' deed sign --as wang \
	--passphrase file:wang.pass --level t --offline --tsa "$tsa" \
	contract.pdf -o none.pdf
err_has 'which is named' '--offline forbids'
expect 4 'what is not signed is not raised' extend --level t contract.pdf \
	-o none.pdf
absent 'nothing is left' none.pdf
/usr/bin/python3 - <<'END'
data = bytearray(open('t.pdf', 'rb').read())
data[200] ^= 1
open('broken.pdf', 'wb').write(data)
END
# An authority that is listed as revoked from later on.
pki_issue later tsa
expect 0 'a time-stamp by it' deed sign --as wang --passphrase file:wang.pass \
	--tsa "$tsa?signer=later" --level t --detached terms.txt -o later.p7s
pki_revoke later superseded 20290801000000Z
# shellcheck disable=SC2086
expect 0 'holds until then' deed verify --json $roots --untrusted \
	"$pki/ca.pem" --crl house.pem --crl "$pki/ca.crl" \
	--crl "$pki/root.crl" --content terms.txt later.p7s
json 'and it is told' '.documents[0].signatures[0].reasons[] |
	select(.id == "revocation-ahead") |
	.message | test("of the time-stamp of .*2029-08-01T00:00:00Z")' true
run extend --level lta broken.pdf -o none.pdf
isnt 'what has failed is not raised' "$code" 0
absent 'nothing is left' none.pdf
pki_issue revoked
openssl cms -sign -cades -binary -in terms.txt -signer "$pki/revoked.pem" \
	-inkey "$pki/revoked.key" -certfile "$pki/ca.pem" -outform DER \
	-out revoked.p7s
pki_revoke revoked keyCompromise 20260101000000Z
expect 7 'a revoked signer is not raised' extend --level lt \
	--content terms.txt revoked.p7s -o none.p7s
err_has 'and that is said' revoked
absent 'nothing is left' none.p7s
expect 0 'a dry run writes nothing' extend -n --level lta t.pdf -o none.pdf
absent 'nothing is there' none.pdf

# ---- bad authorities ----

for fault in imprint nonce policy signature no-ess garbage not-a-token; do
	expect 8 "an authority with a fault ($fault)" deed sign --as wang \
		--passphrase file:wang.pass --tsa "$tsa?fault=$fault" \
		--tsa-policy 1.2.3.4.1 --level t contract.pdf -o none.pdf
	absent 'nothing is left' none.pdf
done
expect 8 'an authority that is down' deed sign --as wang \
	--passphrase file:wang.pass --tsa http://127.0.0.1:9/ --level t \
	contract.pdf -o none.pdf
absent 'nothing is left' none.pdf
is 'not even a temporary' "$(find . -name '*.deed-*' | wc -l)" 0
expect 0 'the second authority is asked' deed sign --as wang \
	--passphrase file:wang.pass --tsa "$tsa?fault=imprint" --tsa "$tsa" \
	--level t contract.pdf -o second.pdf
level_is 'it is B-T' second.pdf B-T
pki_issue oldtsa tsa 20200101000000Z 20210101000000Z
expect 7 'an authority that has expired' deed sign --as wang \
	--passphrase file:wang.pass --tsa "$tsa?signer=oldtsa" \
	--trust "$pki/root.pem" --untrusted "$pki/ca.pem" \
	--crl "$pki/ca.crl" --crl "$pki/root.crl" \
	--level lt contract.pdf -o none.pdf
absent 'nothing is left' none.pdf
{
	echo '[x_bigtsa]'
	echo 'basicConstraints = critical,CA:FALSE'
	echo 'keyUsage = critical,digitalSignature'
	echo 'extendedKeyUsage = critical,timeStamping'
	echo "nsComment = $(head -c 12000 /dev/zero | tr '\0' x)"
} >>"$pki/openssl.cnf"
pki_issue bigtsa bigtsa
expect 0 'a token that is larger than foreseen finds room' deed sign \
	--as wang --passphrase file:wang.pass --tsa "$tsa?signer=bigtsa" \
	--level t contract.pdf -o big.pdf
expect 0 'the second reader agrees' second_reader pdf big.pdf all.pem
expect 0 'also as a document time-stamp' deed extend \
	--tsa "$tsa?signer=bigtsa" --trust house.pem --trust "$pki/root.pem" \
	--untrusted "$pki/ca.pem" --crl "$pki/ca.crl" --crl "$pki/root.crl" \
	--level lta second.pdf -o big-lta.pdf
expect 0 'the second reader agrees' second_reader pdf big-lta.pdf all.pem

# ---- many ----

mkdir many made
for i in 1 2 3 4 5 6 7 8; do
	cp contract.pdf "many/$i.pdf"
done
before=$(front_requests 'POST /tsa')
expect 0 'a batch at B-T' wang --level t --jobs 4 -O made many/*.pdf
after=$(front_requests 'POST /tsa')
is 'asks for one time-stamp a document' "$((after - before))" 8
for i in 1 5 8; do
	expect 0 "document $i holds" second_reader pdf "made/$i.signed.pdf" \
		all.pem
done

# ---- thirty years ----

# at YEAR FILE [OPTION ...]: judged offline, with the CRLs of that day and
# nothing else.
at() {
	year=$1 file=$2
	shift 2
	pki_crl "${year}0601000000Z" "${year}0701000000Z"
	# shellcheck disable=SC2086
	deed verify --json --offline --at "$year-06-15T00:00:00Z" $roots \
		--crl "$pki/ca.crl" --crl "$pki/root.crl" "$@" "$file" \
		>"$T/past.json" 2>/dev/null
}
past_is() {
	is "$1" "$(jq -r '.documents[0].signatures[0] | .indication + " " +
		.level' "$T/past.json")" "$2"
}

pki_issue longtsa tsa 20250101000000Z 20590101000000Z
today=$tsa
tsa="$today?signer=longtsa"
for kind in pdf p7s asice; do
	pki_crl
	case $kind in
	pdf) wang --level lta contract.pdf -o "long.$kind" ;;
	p7s) wang --level lta --detached terms.txt -o "long.$kind" ;;
	asice) wang --level lta --bundle "long.$kind" terms.txt annex.csv ;;
	esac 2>/dev/null
	at 2056 "long.$kind" --content terms.txt
	past_is "$kind: what is made today passes in 2056" 'TOTAL-PASSED B-LTA'
	has 'and it is said why' "$T/past.json" proof-of-existence
	cp "lta.$kind" "renewed.$kind"
done

# Authorities come and go: each renewal by one that is there then.
for step in '2029 2028 2042' '2041 2040 2055' '2054 2053 2059'; do
	# shellcheck disable=SC2086
	set -- $step
	pki_issue "tsa$1" tsa "${2}0101000000Z" "${3}1231235959Z"
	pki_crl "${1}0601000000Z" "${1}0701000000Z"
	for kind in pdf p7s asice; do
		expect 0 "$kind: renewed in $1" deed extend \
			--at "$1-06-15T00:00:00Z" --level lta --in-place \
			--tsa "$today?signer=tsa$1&at=${1}0615000000Z" \
			--trust house.pem --trust "$pki/root.pem" \
			--crl "$pki/ca.crl" --crl "$pki/root.crl" \
			--content terms.txt "renewed.$kind"
	done
done
for kind in pdf p7s asice; do
	at 2056 "renewed.$kind" --content terms.txt
	past_is "$kind: renewed three times, it passes in 2056" \
		'TOTAL-PASSED B-LTA'
	at 2056 "lta.$kind" --content terms.txt
	isnt "$kind: without renewal it does not" "$(jq -r \
		'.documents[0].signatures[0].indication' "$T/past.json")" \
		TOTAL-PASSED
done
