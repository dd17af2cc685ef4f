# SPDX-License-Identifier: Apache-2.0
# To be sourced behind home.sh: manifests of further generations, signed by the
# office of the home.
# shellcheck shell=sh disable=SC2154
tool=$top_builddir/tests/cli/manifest_tool

# payload CMS: the JSON of a signed manifest, in payload.json.
payload() {
	openssl cms -verify -noverify -binary -inform DER -in "$1" \
		-out payload.json 2>/dev/null
}
digest() {
	sha256sum "$1" | cut -c 1-64
}
# next CMS OUT [FILTER [TIME]]: the generation after CMS, as OUT, signed by the
# office; FILTER changes it.
next() {
	payload "$1"
	jq -c --arg previous "sha256:$(digest payload.json)" \
		".generation += 1 | .previous = \$previous | ${3:-.}" \
		payload.json | "$tool" sign home "${4:-$(date +%s)}" >"$2"
}
