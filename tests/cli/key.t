#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed key: what it shows, and what it does to passphrases and keys.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl jq
need_home
secret_file new.pass 'a new passphrase'
secret_file export.pass 'for the file'


fingerprint() {
	openssl pkey -pubin -outform DER | openssl dgst -sha256 -r |
		sed 's/ .*//; s/^/sha256:/'
}

# Shows.
expect 0 'list' deed key list
is 'two keys a party, five of the office' "$(wc -l <"$T/out")" 11
out_has 'with roles' 'office       register'
expect 0 'of one party' deed key list wang
is 'only its own' "$(wc -l <"$T/out")" 2
expect 0 'as JSON' deed key list wang --json
json 'has a schema' .schema deed.key.list/1
json 'a role' '.keys[0].role' signature
json 'an algorithm' '.keys[0].algorithm' 'EC P-256'
json 'slots' '.keys[0].slots[0].label' owner
json 'that cost at least 64 MiB' '.keys[0].slots[0].memory_kib >= 65536' true
listed=$(jq -r '.keys[0].key' <"$T/out")
expect 0 'show' deed key show wang
out_has 'names the certificate' 'subject: serialNumber=EI:CN-'
expect 0 'show --pem' deed key show wang --pem
cp "$T/out" wang.pem
check 'is a certificate' openssl x509 -in wang.pem -noout
is 'and one alone' "$(grep -c BEGIN wang.pem)" 1
is 'of this key' "$(openssl x509 -in wang.pem -noout -pubkey | fingerprint)" \
	"$listed"
expect 2 '--chain is of the PEM' deed key show wang --chain
expect 0 'with --chain' deed key show wang --pem --chain
check 'there are more' sh -c '[ "$(grep -c BEGIN "$1")" -gt 1 ]' sh "$T/out"
expect 0 'of the deposit key' deed key show wang --pem --role deposit
check 'another certificate' sh -c '! cmp -s wang.pem "$1"' sh "$T/out"
expect 0 'show --pem --json' deed key show wang --pem --json
json 'has it inside' '.pem | startswith("-----BEGIN")' true
expect 4 'an unknown party' deed key show nobody
err_has 'is named' "'nobody'"
expect 2 'what is no name' deed key list ../wang
expect 4 'a role that a party has not' deed key show wang --role issuing
expect 2 'a role that is none' deed key show wang --role x

# Passphrases.
expect 6 'a wrong passphrase' deed key passphrase wang \
	--passphrase file:li.pass --new-passphrase file:new.pass
err_has 'is told' 'the passphrase does not open'
expect 6 'none at all' deed key passphrase wang --new-passphrase file:new.pass \
	--no-input
err_has 'names the ways' '--passphrase'
cp home/keystore/wang/signature-1.key before.key
expect 0 'a dry run' deed key passphrase wang -n --passphrase file:wang.pass \
	--new-passphrase file:new.pass
err_has 'says so' "the passphrase of 'wang' would be changed"
check 'changes nothing' cmp before.key home/keystore/wang/signature-1.key
expect 6 'a dry run with a wrong one' deed key passphrase wang -n \
	--passphrase file:li.pass --new-passphrase file:new.pass
expect 0 'a new passphrase' deed key passphrase wang --json \
	--passphrase file:wang.pass --new-passphrase file:new.pass
json 'of all keys' '.changed | join(",")' signature,deposit
expect 6 'the old is gone' deed key export wang --passphrase file:wang.pass \
	--export-passphrase file:export.pass -o x.p12
absent 'and nothing was written' x.p12
expect 0 'the new opens' deed key export wang --passphrase file:new.pass \
	--export-passphrase file:export.pass -o wang.p12
is 'the file is nobody else'"'"'s' "$(stat -c %a wang.p12)" 600
expect 7 'it is not overwritten' deed key export wang \
	--passphrase file:new.pass --export-passphrase file:export.pass \
	-o wang.p12
chmod 644 new.pass
expect 7 'a passphrase that others can read' deed key export wang \
	--passphrase file:new.pass --export-passphrase file:export.pass
chmod 600 new.pass

# Slots.
expect 0 'a second operator' deed key slot add office deputy \
	--passphrase file:operator.pass \
	--new-passphrase file:li.pass
expect 7 'the label is taken' deed key slot add office deputy \
	--passphrase file:operator.pass \
	--new-passphrase file:li.pass
expect 2 'a label that is none' deed key slot add office 'De puty' \
	--passphrase file:operator.pass \
	--new-passphrase file:li.pass
expect 0 'slots are shown' deed key show office --role issuing
out_has 'both' 'slot: deputy'
expect 0 'the deputy can act' deed ca crl --operator-passphrase file:li.pass
expect 0 'and remove the first' deed key slot remove office owner \
	--passphrase file:li.pass
expect 6 'who can act no more' deed ca crl --operator-passphrase file:operator.pass
expect 7 'the last slot stays' deed key slot remove office deputy \
	--passphrase file:li.pass
expect 4 'a slot that is not there' deed key slot remove office third \
	--passphrase file:li.pass

# A slot that some keys have, as of a run that was cut short.
expect 0 'a slot of one key' deed key slot add office clerk --role issuing \
	--passphrase file:li.pass --new-passphrase file:wang.pass
expect 0 'is added to the others' deed key slot add office clerk \
	--passphrase file:li.pass --new-passphrase file:wang.pass
err_has 'and what has it is said' "the issuing key of 'office' has a slot 'clerk'"
expect 0 'it is removed from one' deed key slot remove office clerk \
	--role signature --passphrase file:li.pass
expect 0 'and from the others' deed key slot remove office clerk \
	--passphrase file:li.pass
err_has 'and what lacks it is said' "the signature key of 'office' has no slot"
expect 4 'then no key has it' deed key slot remove office clerk \
	--passphrase file:li.pass
err_has 'which is said' "has no slot 'clerk'"

# Two keys, two passphrases.
expect 0 'one key alone' deed key passphrase acme --role deposit \
	--passphrase file:acme.pass --new-passphrase file:export.pass
expect 0 'all that the passphrase opens' deed key passphrase acme \
	--passphrase file:export.pass --new-passphrase file:new.pass
err_has 'and what it does not is said' 'the signature key of '"'acme'"
expect 0 'the other passphrase' deed key passphrase acme \
	--passphrase file:acme.pass --new-passphrase file:new.pass
err_has 'also the other way round' 'the deposit key of '"'acme'"

# A key file elsewhere.
cp home/keystore/office/root-1.key root.key
expect 0 'a dry run with a file' deed key passphrase ./root.key -n \
	--passphrase file:root.pass --new-passphrase file:new.pass
err_has 'says no more than that' "'./root.key' would be changed"
check 'and leaves it' cmp root.key home/keystore/office/root-1.key
expect 6 'one with the wrong passphrase' deed key slot add ./root.key two -n \
	--passphrase file:new.pass --new-passphrase file:root.pass
expect 6 'or none to open' deed key slot remove ./none.key two -n \
	--passphrase file:root.pass
expect 0 'a file by its path' deed key passphrase ./root.key \
	--passphrase file:root.pass --new-passphrase file:new.pass
expect 6 'and its old passphrase' deed key passphrase ./root.key \
	--passphrase file:root.pass --new-passphrase file:new.pass
expect 6 'one that is not there' deed key passphrase ./none.key \
	--passphrase file:root.pass --new-passphrase file:new.pass

# Damage.
cp home/keystore/li/signature-1.key kept
sed '5s/^..../AAAA/' kept >home/keystore/li/signature-1.key
run deed key export li --passphrase file:li.pass \
	--export-passphrase file:export.pass -o li.p12
case $code in
1 | 6) pass 'a damaged key file does not open' ;;
*) fail 'a damaged key file does not open' "$(seen)" ;;
esac
echo nonsense >home/keystore/li/signature-1.key
expect 1 'one that is none any more' deed key export li \
	--passphrase file:li.pass --export-passphrase file:export.pass -o li.p12
err_has 'is said to be damaged' 'is damaged'
absent 'and nothing is written' li.p12
expect 0 'list goes on' deed key list li
err_has 'and warns' 'damaged'
cp kept home/keystore/li/signature-1.key

# PKCS#12 and PKCS#8 of others, and for others.
check 'openssl opens our PKCS#12' openssl pkcs12 -in wang.p12 \
	-passin file:export.pass -nodes -out wang.all
is 'and finds the key' "$(openssl pkey -in wang.all -pubout | fingerprint)" \
	"$listed"
if command -v certtool >/dev/null; then
	check 'certtool opens it, too' certtool --p12-info --inder \
		--infile wang.p12 --password "$(cat export.pass)"
else
	skip 'certtool opens it, too' 'certtool is not installed'
fi
expect 0 'PKCS#8 out' deed key export wang --format pkcs8 \
	--passphrase file:new.pass --export-passphrase file:export.pass
cp "$T/out" wang.p8
has 'is encrypted' wang.p8 'BEGIN ENCRYPTED PRIVATE KEY'
is 'openssl opens it' "$(openssl pkey -in wang.p8 -passin file:export.pass \
	-pubout | fingerprint)" "$listed"
expect 7 'a key that is enrolled is not replaced' deed key import wang wang.p12 \
	--import-passphrase file:export.pass --passphrase file:wang.pass
err_has 'the way is' 'deed enroll rekey wang'
expect 7 'nor is a deposit key' deed key import wang wang.p12 --role deposit \
	--import-passphrase file:export.pass --passphrase file:wang.pass
# Keys that nobody enrolled.
cp -Rp home/keystore/wang home/keystore/spare
expect 0 'our PKCS#12 in again' deed key import spare wang.p12 \
	--import-passphrase file:export.pass --passphrase file:wang.pass
expect 0 'is the second generation' deed key list spare --json
json 'of the same key' '.keys[1].key' "$listed"
json 'and in use' '.keys[1].newest' true
json 'with its certificate' '.keys[1].certificate.subject | length > 0' true

import() {
	expect 0 "$1" deed key import spare "$2" --passphrase file:wang.pass \
		--import-passphrase file:export.pass
	seen_key=$(deed key show spare --json | jq -r .key)
	is 'is the key' "$seen_key" \
		"$(openssl pkey -in plain.key -pubout | fingerprint)"
}
for kind in 'RSA:rsa_keygen_bits:2048' 'EC:ec_paramgen_curve:P-256' \
	'EC:ec_paramgen_curve:P-384' ED25519; do
	option=${kind#*:}
	if [ "$option" = "$kind" ]; then
		openssl genpkey -algorithm "$kind" -out plain.key 2>/dev/null
	else
		openssl genpkey -algorithm "${kind%%:*}" -pkeyopt "$option" \
			-out plain.key 2>/dev/null
	fi
	import "PKCS#8 of openssl, $kind" plain.key
	openssl pkcs8 -topk8 -in plain.key -passout file:export.pass \
		-out locked.key
	import "encrypted, $kind" locked.key
	openssl pkcs8 -topk8 -in plain.key -passout file:export.pass \
		-outform DER -out locked.der
	import "in DER, $kind" locked.der
	openssl req -new -x509 -key plain.key -subj /CN=x -out x.pem
	openssl pkcs12 -export -inkey plain.key -in x.pem -out other.p12 \
		-passout file:export.pass
	import "PKCS#12 of openssl, $kind" other.p12
done
openssl ecparam -name prime256v1 -genkey -noout -out plain.key 2>/dev/null
openssl ec -in plain.key -no_public -out half.key 2>/dev/null
import 'a key without its public half' half.key
openssl req -new -x509 -key plain.key -subj /CN=x -out x.pem
openssl pkcs12 -export -legacy -inkey plain.key -in x.pem -out old.p12 \
	-passout file:export.pass 2>/dev/null &&
	import 'PKCS#12 of old, with RC2 and 3DES' old.p12
openssl pkcs12 -export -nomac -inkey plain.key -in x.pem -out nomac.p12 \
	-passout file:export.pass 2>/dev/null &&
	import 'PKCS#12 without a MAC' nomac.p12
openssl pkcs12 -export -nokeys -in x.pem -out nokey.p12 \
	-passout file:export.pass
expect 6 'PKCS#12 without a key' deed key import wang nokey.p12 \
	--import-passphrase file:export.pass --passphrase file:wang.pass
openssl pkcs8 -topk8 -scrypt -in plain.key -out scrypt.key \
	-passout file:export.pass
expect 5 'PKCS#8 with scrypt' deed key import wang scrypt.key \
	--import-passphrase file:export.pass --passphrase file:wang.pass
err_has 'is said to be so' scrypt
expect 6 'a wrong import passphrase' deed key import wang other.p12 \
	--import-passphrase file:li.pass --passphrase file:wang.pass
expect 6 'also of PKCS#8' deed key import wang locked.key \
	--import-passphrase file:li.pass --passphrase file:wang.pass
expect 5 'a file that is no key' deed key import wang contract.pdf \
	--passphrase file:wang.pass
expect 10 'a file that is not there' deed key import wang none \
	--passphrase file:wang.pass
expect 4 'a party that is not there' deed key import nobody plain.key \
	--passphrase file:wang.pass
openssl genpkey -algorithm ED25519 -out signs.key
expect 2 'a key that does not decrypt as deposit key' deed key import spare \
	signs.key --role deposit --passphrase file:wang.pass

# Nobody waits for the keystore while somebody else types a passphrase.
held() {
	flock 9
	"$@" 9>&-
}
expect 0 'the lock of the keystore is there' test -e home/keystore/.lock
for command in 'passphrase wang' 'slot add wang second' 'slot remove wang owner' \
	'import spare plain.key'; do
	# shellcheck disable=SC2086
	{
		run held deed key $command --passphrase file:none --wait 0 \
			9>home/keystore/.lock
		err_has "$command: asked before the lock" 'none'
	}
done
run held deed key passphrase li --passphrase file:li.pass --wait 0 \
	--new-passphrase file:new.pass 9>home/keystore/.lock
isnt 'then it is waited for' "$code" 0
err_has 'and told' 'another'
run held deed key passphrase -n li --passphrase file:li.pass --wait 0 \
	--new-passphrase file:new.pass 9>home/keystore/.lock
exits 0 'but not by a dry run'

# A full disk.
if [ -w /dev/full ]; then
	deed key list >/dev/full 2>"$T/err"
	is 'a full disk behind the list' $? 10
else
	skip 'a full disk' 'there is no /dev/full'
fi
