#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ASiC-E containers of deed, read by unzip, openssl and Python.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need unzip openssl python3 jq
. "$top_srcdir/tests/cli/home.sh"
need_home

expect 0 'two files are signed into one container' \
	deed sign --as wang --bundle terms.asice terms.txt annex.csv \
	--passphrase file:wang.pass
expect 0 'the container verifies' \
	deed verify --trust house.pem --json terms.asice
json 'its format is told' '.documents[0].format' asic-e
json 'all of it is covered' '.documents[0].signatures[0].coverage' whole-file
json 'the signer is named' '.documents[0].signatures[0].signer.name' 王小明
json 'it is level B-B' '.documents[0].signatures[0].level' B-B

check 'unzip finds no fault' unzip -tq terms.asice
is 'mimetype comes first' "$(unzip -Z1 terms.asice | head -n 1)" mimetype
is 'mimetype lies at offset 38' \
	"$(dd if=terms.asice bs=1 skip=38 count=31 2>/dev/null)" \
	application/vnd.etsi.asic-e+zip
is 'mimetype is stored, without extra field' \
	"$(unzip -Zv terms.asice mimetype |
		sed -n 's/.*compression method: *//p;s/.*extra field: *//p' |
		tr '\n' ' ')" 'none (stored) 0 bytes '

mkdir out
unzip -q terms.asice -d out
check 'the files are in it as they were' cmp terms.txt out/terms.txt
check 'all of them' cmp annex.csv out/annex.csv
check 'openssl verifies the signature over the manifest' \
	openssl cms -verify -cades -binary -inform DER \
	-in out/META-INF/signature001.p7s \
	-content out/META-INF/ASiCManifest001.xml \
	-CAfile house.pem -out verified
check 'it verified the manifest' \
	cmp verified out/META-INF/ASiCManifest001.xml
for file in terms.txt annex.csv; do
	digest=$(openssl dgst -sha256 -binary "$file" | openssl base64)
	has "the manifest holds the digest of $file" \
		out/META-INF/ASiCManifest001.xml "$digest"
done

expect 0 'one file that is no PDF gives a container beside it' \
	deed sign --as li minutes.odt --passphrase file:li.pass
check 'named after it' test -f minutes.odt.asice
expect 0 'which verifies' deed verify --trust house.pem minutes.odt.asice
expect 7 'an existing container is not overwritten' \
	deed sign --as wang --bundle terms.asice terms.txt annex.csv minutes.odt \
	--passphrase file:wang.pass
err_has 'and --force is hinted' --force

mkdir other
echo 'another text' >other/terms.txt
expect 2 'two files of one name are refused' \
	deed sign --as wang --bundle twice.asice terms.txt other/terms.txt \
	--passphrase file:wang.pass
absent 'and nothing is left' twice.asice
echo x >mimetype
expect 2 'a file called mimetype is refused' \
	deed sign --as wang --bundle mime.asice mimetype \
	--passphrase file:wang.pass
cp terms.txt '合同 1.txt'
expect 0 'a name in Chinese with a space is signed' \
	deed sign --as wang --bundle cn.asice '合同 1.txt' \
	--passphrase file:wang.pass
expect 0 'and verifies' deed verify --trust house.pem cn.asice
is 'unzip reads the name' "$(unzip -Z1 -UU cn.asice '*.txt' | head -n 1)" \
	'合同 1.txt'

# Attacks: what is changed with the tools of others must be seen.
attack() {
	cp terms.asice "$1.asice"
	shift
}
attack added && echo evil >evil.txt && zip -q added.asice evil.txt
expect 1 'a file that nobody signed is seen' \
	deed verify --trust house.pem --json added.asice
json 'as a fault of the container' \
	'.documents[0].signatures[0].sub_indication' FORMAT_FAILURE
attack changed && sed 's/delivery/nothing/' terms.txt >x && mkdir c &&
	mv x c/terms.txt && (cd c && zip -q ../changed.asice terms.txt)
expect 1 'a changed file is seen' \
	deed verify --trust house.pem --json changed.asice
json 'by its digest' \
	'.documents[0].signatures[0].sub_indication' HASH_FAILURE
attack removed && zip -qd removed.asice annex.csv
expect 3 'a missing file is seen' \
	deed verify --trust house.pem --json removed.asice
json 'as missing' '.documents[0].signatures[0].sub_indication' \
	SIGNED_DATA_NOT_FOUND
expect 3 'a missing file of an unknown signer' \
	deed verify --json removed.asice
json 'is the graver of the two' \
	'.documents[0].signatures[0].sub_indication' SIGNED_DATA_NOT_FOUND
attack bare && zip -qd bare.asice META-INF/ASiCManifest001.xml
expect 1 'a missing manifest is seen' deed verify --trust house.pem bare.asice
attack unsigned && zip -qd unsigned.asice META-INF/signature001.p7s
expect 1 'a missing signature is seen' \
	deed verify --trust house.pem unsigned.asice
attack linked && ln -s annex.csv link && zip -qy linked.asice link
expect 1 'a symbolic link is seen' \
	deed verify --trust house.pem --json linked.asice
json 'and named' '.documents[0].signatures[0].reasons[0].id' zip-attributes
attack commented && echo 'nobody signed this' | zip -qz commented.asice
expect 0 'a comment changes nothing' \
	deed verify --trust house.pem --json commented.asice
json 'and is told' '.documents[0].signatures[0].reasons[0].id' zip-comment
cat terms.asice cn.asice >two.asice
expect 1 'two containers in one file are a verdict' \
	deed verify --trust house.pem two.asice
printf 'junk' | cat - terms.asice >junk.asice
run deed verify --trust house.pem junk.asice
isnt 'bytes before the container do not pass' "$code" 0
python3 - <<'EOF'
import zipfile
z = zipfile.ZipFile('bomb.asice', 'w')
old = zipfile.ZipFile('terms.asice')
for n in old.namelist():
    z.writestr(zipfile.ZipInfo(n), old.read(n))
z.writestr('bomb.txt', b'\0' * (400 << 20), zipfile.ZIP_DEFLATED)
z.close()
z = zipfile.ZipFile('xades.asice', 'w')
z.writestr(zipfile.ZipInfo('mimetype'), 'application/vnd.etsi.asic-e+zip')
z.writestr('a.txt', 'a')
z.writestr('META-INF/signatures.xml', '<x/>')
z.close()
z = zipfile.ZipFile('path.asice', 'w')
for n in old.namelist():
    z.writestr(zipfile.ZipInfo(n), old.read(n))
z.writestr(zipfile.ZipInfo('../../evil'), 'evil')
z.close()
EOF
expect 1 'a bomb is a verdict' deed verify --trust house.pem --json bomb.asice
json 'and named' '.documents[0].signatures[0].reasons[0].id' zip-bomb
expect 1 'a path out of the folder is a verdict' \
	deed verify --trust house.pem --json path.asice
json 'and named' '.documents[0].signatures[0].reasons[0].id' zip-name
expect 5 'XAdES is recognised and not supported' \
	deed verify --trust house.pem xades.asice
err_has 'and said' XAdES

# Every byte of the container changed: it fails, or what is shown and who
# signed are the same.
last='tamper.py'
if python3 "$top_srcdir/tests/interop/tamper_asic.py" terms.asice house.pem \
	>tamper.out 2>&1; then
	pass "every changed byte: $(tail -n 1 tamper.out)"
else
	fail 'every changed byte' "$(tail -n 20 tamper.out)"
fi
