#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signatures and time-stamps as openssl and Python's mail wrap them: base64,
# S/MIME, time-stamp responses; and what is nearly one of these.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl jq python3

ca=keyUsage=keyCertSign,cRLSign
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout ca.key -out ca.pem -days 30 -subj /CN=CA \
	-addext basicConstraints=critical,CA:true -addext $ca 2>/dev/null
# party NAME EXTENSION...
party() {
	name=$1
	shift
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$name.key" -out req -subj "/CN=$name" 2>/dev/null
	printf '%s\n' "$@" subjectKeyIdentifier=hash >ext
	openssl x509 -req -in req -CA ca.pem -CAkey ca.key -days 20 \
		-extfile ext -out "$name.pem" 2>/dev/null
}
party ann keyUsage=digitalSignature,nonRepudiation,keyEncipherment
party bob keyUsage=digitalSignature,nonRepudiation
party tsa keyUsage=critical,digitalSignature \
	extendedKeyUsage=critical,timeStamping
verify() {
	deed verify --trust ca.pem --no-revocation "$@"
}
ann='-signer ann.pem -inkey ann.key'
# reasons FILE: the ids of all
reasons() {
	jq -r '.documents[].signatures[].reasons[].id' "$T/out"
}
printf 'Content-Type: text/plain\n\nDear Bob,\n\nI agree. \n\n-- \nAnn\n' >letter
printf 'one\r\ntwo\r\n' >crlf
printf 'no line end' >bare
: >empty
head -c 50000 /dev/urandom >random

# ---- what openssl writes ----

# mail WHAT OPTION ...: openssl's message is verified by both
mail() {
	what=$1
	shift
	check "openssl makes: $what" openssl cms -sign "$@" -out mail
	check 'and verifies it' openssl cms -verify -in mail -CAfile ca.pem \
		-purpose any -out /dev/null $checked
	expect 0 'deed passes it' verify mail
	out_has 'whole' 'intact       yes'
}
checked=
# shellcheck disable=SC2086 # several words
for file in letter crlf bare empty; do
	mail "$file beside its signature" -in $file $ann
	mail "$file, CRLF" -in $file $ann -crlfeol
	mail "$file inside" -in $file $ann -nodetach
	[ $file = empty ] || # openssl fails to write it
		mail "$file, streamed" -in $file $ann -nodetach -stream
	checked=-text
	mail "$file as text" -in $file $ann -text
	mail "$file as text inside" -in $file $ann -text -nodetach
	checked=
	mail "$file with CAdES" -in $file $ann -cades
	mail "$file by two" -in $file $ann -signer bob.pem -inkey bob.key
	is 'both are judged' "$(grep -c 'signature by' "$T/out")" 2
	mail "$file as mail" -in $file $ann -from ann@example.org \
		-to bob@example.org -subject Contract
	expect 0 'the head is told' verify --json mail
	is 'as not signed' "$(reasons)" message-headers
	sed 's/\r*$/\r/' mail >dos
	expect 0 'with other line ends' verify dos
	openssl smime -sign -in $file $ann -out mail
	expect 0 'by the older command' verify mail
done
# Signed as it stands: openssl wants -binary to verify it.
checked=-binary
# shellcheck disable=SC2086
mail 'signed as it stands' -in letter $ann -binary
expect 0 'which is told' verify --json mail
is 'as a note' "$(reasons)" message-line-ends
checked=
# shellcheck disable=SC2086
openssl cms -sign -in random $ann -nodetach -binary -out mail
expect 0 'binary content inside' verify mail

# The content that is given besides is that of the message.
# shellcheck disable=SC2086
openssl cms -sign -in letter $ann -out mail
expect 0 'its content is given' verify --content letter mail
expect 1 'another content is given' verify --content crlf mail
out_has 'and it is said' 'not the one that is given'
# shellcheck disable=SC2086
openssl cms -sign -in letter $ann -nodetach -out mail
expect 1 'another than the one inside' verify --content crlf mail

# shellcheck disable=SC2086
openssl cms -encrypt -in letter -out mail ann.pem
expect 5 'an encrypted message' verify mail
openssl crl2pkcs7 -nocrl -certfile ann.pem -outform DER -out none.p7b
base64 none.p7b >none.txt
expect 4 'base64 of certificates alone' verify none.txt

# ---- what Python writes ----

cat >mail.py <<'EOF'
import email.mime.application, email.mime.multipart, email.mime.text
import email.policy, subprocess
text = email.mime.text.MIMEText("Lieber Bob,\n\nsch\u00f6n.\n", "plain", "utf-8")
pdf = email.mime.application.MIMEApplication(b"%PDF-1.4 not really", "pdf")
both = email.mime.multipart.MIMEMultipart("mixed")
both.attach(text)
both.attach(pdf)
wire = both.as_bytes(policy=email.policy.SMTP)
sig = subprocess.run("openssl cms -sign -binary -outform DER -signer ann.pem "
                     "-inkey ann.key".split(), input=wire, check=True,
                     capture_output=True).stdout
part = email.mime.application.MIMEApplication(sig, "pkcs7-signature",
                                              name="smime.p7s")
whole = email.mime.multipart.MIMEMultipart(
    "signed", protocol="application/pkcs7-signature", micalg="sha-256")
whole["Subject"] = "Vertrag"
head = whole.as_bytes().split(b"\n\n")[0]
bound = whole.get_boundary().encode()
open("python.eml", "wb").write(
    head.replace(b"\n", b"\r\n") + b"\r\n\r\n--" + bound + b"\r\n" + wire +
    b"\r\n--" + bound + b"\r\n" + part.as_bytes(policy=email.policy.SMTP) +
    b"\r\n--" + bound + b"--\r\n")
EOF
check 'Python writes a message of parts' /usr/bin/env python3 mail.py
expect 0 'it passes' verify python.eml
tr -d '\r' <python.eml >lf.eml
expect 0 'and so with line feeds alone' verify lf.eml

# ---- what readers make of it ----

# MESSAGES=20000 SEED=2 for more.
printf 'Dear Bob,\n\nI agree. \n\n-- \nAnn\n' >text
# shellcheck disable=SC2086
openssl cms -sign -text -in text $ann -out mail
tr -d '\r' <mail >mail.lf
sed 's/\r*$/\r/' mail >mail.crlf
for mail in mail mail.lf mail.crlf; do
	expect 0 "what passes of a changed $mail is read as it was signed" \
		python3 "$test_dir/wrapping_read.py" "${SEED:-1}" \
		"${MESSAGES:-200}" $mail text deed verify --trust ca.pem \
		--no-revocation
	sed 's/^/# /' "$T/out"
done

# ---- time-stamp responses ----

cat >conf <<'EOF'
[tsa]
default_tsa=t
[t]
serial=serial
signer_digest=sha256
default_policy=1.2.3.4.5
digests=sha256
signer_cert=tsa.pem
signer_key=tsa.key
ess_cert_id_alg=sha256
EOF
echo 01 >serial
openssl ts -query -data letter -sha256 -cert -out query 2>/dev/null
check 'openssl answers' openssl ts -reply -config conf -queryfile query \
	-out good.tsr
expect 0 'the response passes' verify --content letter good.tsr
out_has 'as a time-stamp' 'document-timestamp by tsa'
expect 1 'another content fails' verify --content crlf good.tsr
expect 3 'no content' verify good.tsr
openssl ts -query -data letter -sha256 -out bare.query 2>/dev/null
check 'openssl answers without certificates' openssl ts -reply -config conf \
	-queryfile bare.query -out bare.tsr
expect 3 'its authority is not known' verify --content letter bare.tsr
out_has 'and it is said' NO_SIGNING_CERTIFICATE_FOUND
expect 0 'it is given' verify --content letter --untrusted ann.pem \
	--untrusted tsa.pem bare.tsr
expect 3 'as another' verify --content letter --untrusted ann.pem bare.tsr
openssl ts -reply -config conf -queryfile bare.query -token_out \
	-out bare.tst 2>/dev/null
expect 0 'a token by itself' verify --content letter --untrusted tsa.pem \
	bare.tst
openssl ts -query -data letter -sha512 -cert -out sha512.query 2>/dev/null
# openssl ends with an error where it refuses.
openssl ts -reply -config conf -queryfile sha512.query -out no.tsr \
	2>/dev/null
expect 4 'a refusal' verify --content letter no.tsr
err_has 'says so' 'the authority rejects the request'
err_has 'and why' 'the digest algorithm is not accepted'
expect 4 'in JSON, too' verify --json --content letter no.tsr
is 'as an error' "$(jq -r '.errors[0].id' "$T/out")" no-signature

# ---- neighbours ----

# shellcheck disable=SC2086
openssl cms -sign -in letter $ann -nodetach -outform DER -out good.p7m
# shellcheck disable=SC2086
openssl cms -sign -in letter $ann -out mail
mkdir near
check 'neighbours are made' python3 "$test_dir/wrapping.py" good.p7m mail \
	good.tsr near
python3 "$test_dir/wrapping.py" good.p7m mail good.tsr near >list
while read -r wanted file what; do
	set --
	case $file in response*) set -- --content letter ;; esac
	expect "$wanted" "$file: $what" verify "$@" "near/$file"
done <list
# All at once: the slow ones do not add up to a hang.
expect 1 'all of them' timeout 60 deed verify --trust ca.pem \
	--no-revocation near/*
