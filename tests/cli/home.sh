# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A house for tests that need one; read after lib.sh:
#
#	. "$top_srcdir/tests/cli/home.sh"
#	need_home
#
# puts a copy of a house into $DEED_HOME, with the parties wang, li and acme,
# enrolled and proven, and into the current folder: operator.pass, root.pass,
# wang.pass, li.pass, acme.pass, the forms wang.yaml, li.yaml, acme.yaml,
# house.pem, contract.pdf, terms.txt, annex.csv, minutes.odt.  The house is
# made once a build tree, for keys take a while, and copied.  Its keys open
# more quickly than those that deed makes; store_home alone, as benchmarks have
# it, makes one with keys as they are.
#
# A test of how a house is made goes step by step: write_forms, and then
#
#	quietly init_home		or the whole test fails
#	quietly enroll_home wang	one of wang, li, acme
#	quietly prove_home wang

home_plain=$top_builddir/tests/house
home_light=$home_plain-light
home_store=$home_plain

write_forms() {
	for who in operator root wang li acme; do
		secret_file "$who.pass" "the passphrase of $who"
	done
	cat >wang.yaml <<'EOF'
name: 王小明
phone: "+8613123456789"
id: cn-ric:11010519491231002X
EOF
	cat >li.yaml <<'EOF'
name: Li Na
email: li@example.org
id: cn-ric:440524188001010014
EOF
	cat >acme.yaml <<'EOF'
name: 示例科技有限公司
kind: enterprise
email: contracts@example.com
id: cn-uscc:91310000MADEED101N
EOF
}

init_home() {
	deed init --office 'Notary Office Seven' \
		--id cn-uscc:32110000MADEED0721 \
		--operator-passphrase file:operator.pass \
		--root-passphrase file:root.pass
}

enroll_home() {
	kind=person
	[ "$1" != acme ] || kind=org
	deed enroll $kind "$1" --from "$1.yaml" --passphrase "file:$1.pass"
}

quietly() {
	if ! "$@" >"$T/out" 2>"$T/err"; then
		fail "this is needed for the test: $*" "$(tail -n 5 "$T/err")"
		exit 1
	fi
}

prove_home() {
	deed verify-id --location Beijing \
		--attest 'identity card seen, face compared, in person' --yes \
		--operator-passphrase file:operator.pass "$@"
}

# The SHA-256 of a certificate in PEM, as --accept-ca wants it.
sha256_of() {
	openssl x509 -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

# Jaan, whose certificate is from another CA, that of the folder cas (made here,
# by outside_certs.py): enrolled, and proven by nobody yet.
enroll_jaan() {
	outside_certs=$top_srcdir/tests/interop/outside_certs.py
	secret_file jaan.pass 'the passphrase of jaan'
	quietly python3 "$outside_certs" new cas
	quietly deed enroll person jaan --name 'Jaan Sample' \
		--email j@example.org --id ee-pno:38001085718 \
		--passphrase file:jaan.pass --csr-out jaan.csr
	openssl req -in jaan.csr -noout -pubkey >jaan.pub
	quietly python3 "$outside_certs" issue cas card jaan.pub jaan.pem
	quietly deed enroll person jaan --certificate jaan.pem \
		--name 'Jaan Sample' --id ee-pno:38001085718 \
		--anchors cas/anchors.pem
}

# notary_of STATEMENT OUT: the certificate by which the house signed it.
notary_of() {
	openssl pkcs7 -in "$1" -inform DER -print_certs -out all.pem
	python3 - "$2" <<'PY'
import re, subprocess, sys
for c in re.findall(r'-----BEGIN.*?END CERTIFICATE-----\n',
                    open('all.pem').read(), re.S):
    t = subprocess.run(['openssl', 'x509', '-noout', '-ext', 'keyUsage',
                        '-subject', '-issuer'], input=c, text=True,
                       capture_output=True).stdout
    if 'Notary Office Seven' in t and 'Certificate Sign' not in t:
        open(sys.argv[1], 'w').write(c)
PY
}

# outsider: out.pem, a certificate that is no party's of the home, and its key
# out.key, without a passphrase.
outsider() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout out.key -out out.pem -subj /CN=outside -days 9 \
		-addext keyUsage=keyAgreement 2>"$T/err" || return 1
	chmod 600 out.key
}

# empty_crl CERT KEY OUT: the word of a CA of openssl's that it revoked nothing,
# as deed sign wants it of who was certified by it.
empty_crl() {
	: >crl.index
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=crl.index\n%s\n' \
		default_md=sha256 >crl.cnf
	openssl ca -config crl.cnf -gencrl -cert "$1" -keyfile "$2" \
		-crldays 20 -out "$3" 2>/dev/null
	rm -f crl.index crl.cnf
}

build_home() {
	init_home &&
		deed enroll person wang --from wang.yaml \
			--passphrase file:wang.pass &&
		deed enroll person li --from li.yaml \
			--passphrase file:li.pass &&
		deed enroll org acme --from acme.yaml \
			--passphrase file:acme.pass &&
		prove_home wang && prove_home li && prove_home acme &&
		deed ca bundle >house.pem
}

light_key() {
	"$top_builddir/tests/cli/light_key" "$@"
}

# The keys of the home in this folder open at a third of what deed has a
# passphrase cost: tests open them thousands of times.  The tool is missing
# where "make check" has built nothing yet.
light_home() {
	[ -x "$top_builddir/tests/cli/light_key" ] || return 0
	for who in wang li acme; do
		light_key $who.pass home/keystore/$who/*.key || return 1
	done
	for key in home/keystore/office/*.key; do
		case $key in
		*/root-*) light_key root.pass "$key" ;;
		*) light_key operator.pass "$key" ;;
		esac || return 1
	done
}

# In the store, one test at a time; the others wait.  What an older program
# made is made anew.
store_home() {
	(
		flock 9
		if [ -f "$home_store/whole" ] &&
			[ -z "$(find "$(command -v deed)" \
				"$top_builddir"/deed* \
				-newer "$home_store/whole" 2>/dev/null)" ]; then
			exit 0
		fi
		rm -rf "$home_store"
		mkdir -p "$home_store" && cd "$home_store" || exit 1
		DEED_HOME=$home_store/home
		write_forms
		build_home >build.out 2>build.err || exit 1
		[ "$home_store" = "$home_plain" ] ||
			light_home 2>build.err || exit 1
		touch whole
	) 9>"$home_store.lock"
}

need_home() {
	home_store=$home_light
	if ! store_home; then
		fail 'a house for the test is made' \
			"$(tail -n 5 "$home_store/build.err")"
		exit 1
	fi
	cp -Rp "$home_store/." . && rm -f whole build.out build.err
	cp "$data/contract.pdf" contract.pdf
	printf 'Terms of delivery\n' >terms.txt
	printf 'item,price\nmanual,3000\n' >annex.csv
	printf 'Minutes of the meeting\n' >minutes.odt
	chmod u+w contract.pdf
}
