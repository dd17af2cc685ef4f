# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Authorities on loopback, for tests.  Read after tests/cli/lib.sh:
#
#	. "$top_srcdir/tests/servers/lib.sh"
#	need_servers			openssl and python3, or all is skipped
#	pki_make			$pki: root, ca, tsa, ocsp; starts $front
#	pki_issue NAME [PROFILE [FROM TO]]
#					$pki/NAME.pem and .key, issued by ca;
#					signer, tsa, ocsp, server, client,
#					plain, subca
#	pki_revoke NAME [REASON [TIME]]	keyCompromise; and a new CRL
#	pki_crl [FROM TO]		$pki/ca.crl and root.crl, in DER
#	tsa_start [--time T]		$tsa is its URL
#	ocsp_start [--time T]		$ocsp is its URL
#	crl_serve			$crl_url is that of ca.crl
#	front_restart			another port is taken
#	front_stop			nothing answers any more
#	front_requests PATTERN		how many lines of the log match
#	tls_start			$tls: the same over https; shows
#					server.pem, asks for client.pem's kin
#
# Times are YYYYMMDDHHMMSSZ.  $front/ serves the files of $pki; every
# certificate names $front/ca.crl, $front/ca.cer and $front/ocsp, those of ca
# and root $front/root.crl and $front/root.cer.  What a URL can ask of the
# authorities beside (?at=, ?fault=, ...) stands in tests/servers/front.py.
# Everything ends with the test.

# What these authorities issue names hosts on loopback, which no certificate
# can make deed ask unless the host is named.
DEED_VERIFY_ONLINE_HOSTS=127.0.0.1
DEED_EXTEND_ONLINE_HOSTS=127.0.0.1
DEED_TRUST_PATH_ONLINE_HOSTS=127.0.0.1
DEED_SIGN_ONLINE_HOSTS=127.0.0.1
DEED_SEAL_ONLINE_HOSTS=127.0.0.1
export DEED_VERIFY_ONLINE_HOSTS DEED_EXTEND_ONLINE_HOSTS \
	DEED_TRUST_PATH_ONLINE_HOSTS DEED_SIGN_ONLINE_HOSTS \
	DEED_SEAL_ONLINE_HOSTS

pki=$W/pki
front=
tls=
server_pids=

need_servers() {
	need openssl
	[ -x /usr/bin/python3 ] || skip_all '/usr/bin/python3 is not installed'
}

servers_stop() {
	for pid in $server_pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	server_pids=
}

# lib.sh calls it at the end.
cleanup() {
	servers_stop
	chmod -R u+rwX "$T" 2>/dev/null
	rm -rf "$T"
}

# front_launch NAME [ARGUMENT ...]: $port, $front_pid
front_launch() {
	name=$1
	shift
	rm -f "$T/$name.port"
	/usr/bin/python3 "$top_srcdir/tests/servers/front.py" "$pki" \
		"$T/$name.port" "$T/front.log" "$@" 2>"$T/$name.err" &
	front_pid=$!
	server_pids="$server_pids $front_pid"
	tries=0
	while [ ! -s "$T/$name.port" ]; do
		tries=$((tries + 1))
		if [ "$tries" -gt 200 ] || ! kill -0 "$front_pid" 2>/dev/null
		then
			echo "Bail out! no server: $(cat "$T/$name.err")"
			exit 99
		fi
		sleep 0.05
	done
	port=$(cat "$T/$name.port")
}

front_start() {
	[ -z "$front" ] || return 0
	mkdir -p "$pki"
	: >>"$T/front.log"
	front_launch front
	front=http://127.0.0.1:$port
	front_main=$front_pid
}

front_stop() {
	kill "$front_main" 2>/dev/null && wait "$front_main" 2>/dev/null
	return 0
}

# On the port of the old one, so that the URLs in certificates hold.
front_restart() {
	front_stop
	front_launch front --port "${front##*:}"
	front_main=$front_pid
}

front_requests() {
	grep -c -e "$1" "$T/front.log"
}

# ---- certificates ----

pki_key() {
	case ${PKI_ALGORITHM:-ec} in
	ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out "$pki/$1.key" ;;
	rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 \
		-out "$pki/$1.key" ;;
	esac 2>>"$T/pki.log" && chmod 600 "$pki/$1.key"
}

pki_config() {
	for name in root ca; do
		cat <<-EOF
			[$name]
			database = $pki/$name.index
			serial = $pki/$name.serial
			crlnumber = $pki/$name.crlnumber
			new_certs_dir = $pki/issued
			certificate = $pki/$name.pem
			private_key = $pki/$name.key
			default_md = sha256
			default_days = 1000
			default_crl_days = 7
			unique_subject = no
			policy = any
			crl_extensions = crl_$name
			[crl_$name]
			authorityKeyIdentifier = keyid:always
			[from_$name]
			subjectKeyIdentifier = hash
			authorityKeyIdentifier = keyid:always
			crlDistributionPoints = URI:$front/$name.crl
			authorityInfoAccess = @aia_$name
			[aia_$name]
			caIssuers;URI.0 = $front/$name.cer
			OCSP;URI.0 = $front/ocsp
		EOF
	done
	cat <<-EOF
		[any]
		countryName = optional
		organizationName = optional
		commonName = supplied
		[req]
		distinguished_name = dn
		[dn]
		[x_root]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
		[x_subca]
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		[x_signer]
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature,nonRepudiation
		[x_tsa]
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature
		extendedKeyUsage = critical,timeStamping
		[x_ocsp]
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature
		extendedKeyUsage = OCSPSigning
		noCheck = ignored
		[x_server]
		keyUsage = critical,digitalSignature
		extendedKeyUsage = serverAuth
		subjectAltName = DNS:localhost,IP:127.0.0.1
		[x_client]
		keyUsage = critical,digitalSignature
		extendedKeyUsage = clientAuth
		[x_plain]
		basicConstraints = CA:FALSE
	EOF
}

# pki_sign ISSUER NAME PROFILE FROM TO
pki_sign() {
	{
		cat "$pki/openssl.cnf"
		echo '[extensions]'
		sed -n "/^\[x_$3\]/,/^\[/p" "$pki/openssl.cnf" | grep -v '^\['
		sed -n "/^\[from_$1\]/,/^\[/p" "$pki/openssl.cnf" |
			grep -v '^\['
	} >"$pki/$2.cnf"
	openssl req -new -config "$pki/openssl.cnf" -key "$pki/$2.key" \
		-subj "/C=UT/O=Testing/CN=Test $2" -out "$pki/$2.csr" \
		2>>"$T/pki.log" &&
		openssl ca -batch -notext -config "$pki/$2.cnf" -name "$1" \
			-extensions extensions -startdate "$4" -enddate "$5" \
			-in "$pki/$2.csr" -out "$pki/$2.pem" 2>>"$T/pki.log"
}

pki_issue() {
	if ! pki_key "$1" || ! pki_sign ca "$1" "${2:-signer}" \
		"${3:-20250101000000Z}" "${4:-20291231235959Z}"; then
		tail "$T/pki.log" >&2
		return 1
	fi
}

pki_make() {
	mkdir -p "$pki/issued"
	front_start
	pki_config >"$pki/openssl.cnf"
	for name in root ca; do
		: >"$pki/$name.index"
		echo 1001 >"$pki/$name.serial"
		echo 01 >"$pki/$name.crlnumber"
		pki_key $name
	done
	echo 01 >"$pki/tsa.serial"
	openssl req -new -config "$pki/openssl.cnf" -key "$pki/root.key" \
		-subj '/C=UT/O=Testing/CN=Test root' -out "$pki/root.csr" &&
		openssl ca -batch -notext -selfsign -config "$pki/openssl.cnf" \
			-name root -extensions x_root \
			-startdate 20200101000000Z -enddate 20691231235959Z \
			-keyfile "$pki/root.key" -in "$pki/root.csr" \
			-out "$pki/root.pem" 2>>"$T/pki.log" &&
		pki_sign root ca subca 20200101000000Z 20591231235959Z || {
		tail "$T/pki.log" >&2
		exit 99
	}
	for name in root ca; do
		openssl x509 -in "$pki/$name.pem" -outform DER \
			-out "$pki/$name.cer"
	done
	cat "$pki/ca.pem" "$pki/root.pem" >"$pki/chain.pem"
	pki_issue tsa tsa && pki_issue ocsp ocsp && pki_crl
	cat >"$pki/ts.cnf" <<-EOF
		[tsa]
		default_tsa = t
		[t]
		serial = $pki/tsa.serial
		crypto_device = builtin
		signer_cert = $pki/tsa.pem
		certs = $pki/ca.pem
		signer_key = $pki/tsa.key
		signer_digest = sha256
		default_policy = 1.2.3.4.1
		other_policies = 1.2.3.4.2
		digests = sha256, sha384, sha512
		accuracy = secs:1
		tsa_name = yes
		ess_cert_id_alg = sha256
	EOF
}

pki_crl() {
	if [ $# -eq 2 ]; then
		set -- -crl_lastupdate "$1" -crl_nextupdate "$2"
	fi
	for name in root ca; do
		openssl ca -gencrl -config "$pki/openssl.cnf" -name $name "$@" \
			-out "$pki/$name.crl.pem" 2>>"$T/pki.log" &&
			openssl crl -in "$pki/$name.crl.pem" -outform DER \
				-out "$pki/$name.crl" || return 1
	done
}

# A chosen time goes into the index, where both CRL and OCSP take it from.
pki_revoke() {
	issuer=ca
	[ "$1" != ca ] || issuer=root
	openssl ca -config "$pki/openssl.cnf" -name $issuer \
		-revoke "$pki/$1.pem" -crl_reason "${2:-keyCompromise}" \
		2>>"$T/pki.log" || return 1
	if [ -n "${3:-}" ]; then
		serial=$(openssl x509 -in "$pki/$1.pem" -noout -serial)
		serial=${serial#*=}
		awk -F '\t' -v OFS='\t' -v serial="$serial" -v at="${3#20}" '
			$4 == serial { sub(/^[0-9]*Z/, at, $3) }
			{ print }' "$pki/$issuer.index" >"$pki/index.new" &&
			mv "$pki/index.new" "$pki/$issuer.index"
	fi
	pki_crl
}

# ---- authorities ----

tsa_start() {
	front_start
	tsa=$front/tsa
	[ "${1:-}" != --time ] || tsa="$front/tsa?at=$2"
}

ocsp_start() {
	front_start
	ocsp=$front/ocsp
	[ "${1:-}" != --time ] || ocsp="$front/ocsp?at=$2"
}

crl_serve() {
	front_start
	crl_url=$front/ca.crl
}

tls_start() {
	[ -f "$pki/server.pem" ] || pki_issue server server
	front_launch tls --tls "$pki/server.pem" "$pki/server.key" "$pki/ca.pem"
	# shellcheck disable=SC2034 # for who reads this
	tls=https://127.0.0.1:$port
}
