#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Seed values: what the author of a form demands of a signature is obeyed, or
# the signature refused, saying what.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 jq qpdf openssl
need_home

# seeded SV: fields.pdf with these seed values in the field Buyer.
seeded() {
	python3 "$top_srcdir/tests/cli/append_pdf.py" "$data/pdf/fields.pdf" \
		seeded.pdf 30 "<</Type/SV$1>>" 6 \
		'<</Type/Annot/Subtype/Widget/FT/Sig/T(Buyer)/F 4/Rect[100 600 300 660]/P 3 0 R/SV 30 0 R>>'
}
sign() {
	deed sign --as wang --passphrase file:wang.pass --field Buyer "$@"
}
# obeyed WHAT SV [ARG...], refused WHAT SV WORD [ARG...]
obeyed() {
	what=$1 sv=$2
	shift 2
	seeded "$sv"
	rm -f out.pdf
	expect 0 "$what: signed" sign -o out.pdf "$@" seeded.pdf
	expect 0 "$what: passes" deed verify --trust house.pem out.pdf
}
refused() {
	what=$1 sv=$2 word=$3
	shift 3
	seeded "$sv"
	rm -f out.pdf
	expect 7 "$what: refused" sign -o out.pdf "$@" seeded.pdf
	err_has "$what: and named" "$word"
	check "$what: nothing is left" test ! -e out.pdf
}
docmdp() {
	qpdf --json out.pdf | jq '[.. | objects |
		select(."/TransformMethod"? == "/DocMDP")][0]
		."/TransformParams"."/P"'
}

obeyed 'nothing demanded' ''
obeyed 'a reason of two' '/Ff 8/Reasons[(I agree)(I have seen it)]' \
	--reason 'I agree'
refused 'a reason that is none of them' \
	'/Ff 8/Reasons[(I agree)(I have seen it)]' "'I agree', 'I have seen it'" \
	--reason 'Why not'
refused 'no reason' '/Ff 8/Reasons[(I agree)]' 'one of these reasons'
obeyed 'reasons that are only proposed' '/Reasons[(I agree)]' --reason Mine
refused 'a reason where none may be' '/Ff 8/Reasons[(.)]' 'no reason' \
	--reason Mine
obeyed 'no reason where none may be' '/Ff 8/Reasons[(.)]'
obeyed 'no reason where none is listed' '/Ff 8'
obeyed 'a reason in Chinese' '/Ff 8/Reasons[<FEFF540C610F>]' --reason 同意
obeyed 'its handler' '/Ff 1/Filter/Adobe.PPKLite'
refused 'another handler' '/Ff 1/Filter/Entrust.PPKEF' handler
obeyed 'another handler, proposed' '/Filter/Entrust.PPKEF'
obeyed 'its kind among others' \
	'/Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]'
refused 'another kind' '/Ff 2/SubFilter[/adbe.pkcs7.detached]' SubFilter
obeyed 'another kind, proposed' '/SubFilter[/adbe.pkcs7.detached]'
obeyed 'a version that is known' '/Ff 4/V 2'
refused 'a version that is not' '/Ff 4/V 9' 'later version'
obeyed 'its digest' '/Ff 64/DigestMethod[(SHA384)(SHA256)]'
obeyed 'its digest with a dash' '/Ff 64/DigestMethod[/SHA-256]'
refused 'another digest' '/Ff 64/DigestMethod[(SHA1)(RIPEMD160)]' DigestMethod
obeyed 'another digest, proposed' '/DigestMethod[(SHA512)]'

for p in 1 2 3; do
	obeyed "certification $p" "/MDP<</P $p>>"
	is "it certifies by $p" "$(docmdp)" "$p"
done
obeyed 'an approval' '/MDP<</P 0>>'
is 'does not certify' "$(docmdp)" null
refused 'a certification where an approval is wanted' '/MDP<</P 0>>' /MDP \
	--certify form
refused 'another certification' '/MDP<</P 3>>' /MDP --certify form
refused 'a final one' '/MDP<</P 2>>' /MDP --final
obeyed 'the same one' '/MDP<</P 2>>' --certify form
obeyed 'a document to be locked' '/Ff 128/LockDocument/true'
is 'is' "$(docmdp)" 1
obeyed 'one that may be' '/Ff 128/LockDocument/auto'
is 'is not' "$(docmdp)" null
refused 'one that must not be' '/Ff 128/LockDocument/false' LockDocument \
	--final
refused 'a time-stamp' '/TimeStamp<</URL(http://tsa.example/)/Ff 1>>' \
	'--level t'
obeyed 'a time-stamp, proposed' '/TimeStamp<</URL(http://tsa.example/)>>'
refused 'a legal attestation' '/Ff 16/LegalAttestation[(none)]' Legal
refused 'revocation data' '/Ff 32/AddRevInfo true' AddRevInfo
obeyed 'none of it' '/Ff 32/AddRevInfo false'
refused 'a look' '/Ff 256/AppearanceFilter(blue)' AppearanceFilter
refused 'something unknown' '/Ff 4096' 'does not know'

# Certificates.
expect 0 'a signature gives the certificate' sign -o w.pdf \
	"$data/pdf/fields.pdf"
deed verify --json w.pdf >w.json
deed key show wang --json >key.json 2>/dev/null
deed key export wang --passphrase file:wang.pass \
	--export-passphrase file:wang.pass -o wang.p12 2>/dev/null
openssl pkcs12 -in wang.p12 -passin file:wang.pass -nokeys -clcerts 2>/dev/null |
	openssl x509 -outform DER -out wang.der
openssl pkcs12 -in wang.p12 -passin file:wang.pass -nokeys -cacerts 2>/dev/null |
	openssl x509 -outform DER -out ca.der
openssl req -x509 -newkey rsa:2048 -nodes -keyout o.key -outform DER \
	-out other.der -subj /CN=Other 2>/dev/null
hex() {
	printf '<%s>' "$(xxd -p "$1" | tr -d '\n')"
}
obeyed 'this certificate' "/Cert<</Ff 1/Subject[$(hex other.der)$(hex wang.der)]>>"
refused 'another certificate' "/Cert<</Ff 1/Subject[$(hex other.der)]>>" Subject
obeyed 'another, proposed' "/Cert<</Subject[$(hex other.der)]>>"
refused 'no certificate at all' '/Cert<</Ff 1/Subject[]>>' Subject
obeyed 'its issuer' "/Cert<</Ff 2/Issuer[$(hex ca.der)]>>"
refused 'another issuer' "/Cert<</Ff 2/Issuer[$(hex other.der)]>>" Issuer
refused 'an issuer that is no certificate' '/Cert<</Ff 2/Issuer[(x)]>>' Issuer
obeyed 'its country' '/Cert<</Ff 8/SubjectDN[<</C(FR)>><</C(CN)>>]>>'
refused 'another name' '/Cert<</Ff 8/SubjectDN[<</C(CN)/CN(Nobody)>>]>>' \
	SubjectDN
obeyed 'its use' '/Cert<</Ff 32/KeyUsage[(11XXXXXXX)]>>'
refused 'another use' '/Cert<</Ff 32/KeyUsage[(XXXXX1XXX)(0XXXXXXXX)]>>' \
	KeyUsage
refused 'a policy' '/Cert<</Ff 4/OID[(1.2.3)]>>' policy

# Nonsense is no demand, or refused; it never breaks anything.
for sv in '/Ff(x)' '/Reasons 5/Ff 8' '/MDP 7' '/MDP<</P 9>>' '/MDP<</P(1)>>' \
	'/Cert(x)' '/Cert<</Ff 1>>' '/SubFilter/ETSI/Ff 2' '/LockDocument 3/Ff 128' \
	'/Ff 8/Reasons[30 0 R 30 0 R]' '/DigestMethod<<>>/Ff 64' '/TimeStamp 30 0 R' \
	'/Ff 99999999999' '/Cert<</Ff 8/SubjectDN[(x)5<<>>]>>'; do
	seeded "$sv"
	rm -f out.pdf
	run sign -o out.pdf seeded.pdf
	case $code in
	0) expect 0 "$sv: signed and passes" deed verify --trust house.pem \
		out.pdf ;;
	*) exits 7 "$sv: refused" ;;
	esac
done

# A field of another document is not asked.
seeded '/Ff 8/Reasons[(I agree)]'
expect 0 'another field has its own rules' deed sign --as wang --field Seller \
	--passphrase file:wang.pass -o seller.pdf seeded.pdf
expect 7 'a place for a foreign signature obeys too' \
	deed sign --prepare --field Buyer -o no.pdf seeded.pdf
