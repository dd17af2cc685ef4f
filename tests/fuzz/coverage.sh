#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# coverage.sh BUILD: how many lines of each parser its corpus reaches.  BUILD
# is a folder that was configured with --enable-coverage; the targets are run
# over their corpora as these are, then gcov counts.  The exit code is 1 where
# a parser is below 80 %.
set -eu

least=80
top_srcdir=$(cd "$(dirname "$0")/../.." && pwd)
export top_srcdir
cd "$1"

# parser: targets, then the sources that it is made of.
parsers() {
	cat <<'EOF'
DER fuzz_der lib/codec/der.c
BER fuzz_ber lib/codec/ber.c
JPEG fuzz_jpeg lib/draw/jpeg.c
JSON fuzz_json lib/codec/json.c
configuration fuzz_yaml lib/codec/yaml.c
catalogue fuzz_catalogue lib/archive/catalogue.c lib/archive/catalogue_file.c lib/archive/catalogue_row.c lib/archive/catalogue_row_past.c lib/archive/catalogue_row_write.c lib/archive/catalogue_schema.c lib/archive/catalogue_list.c lib/archive/catalogue_places.c
certificate fuzz_cert lib/key/cert.c lib/key/cert_extensions.c lib/key/x509_name.c
key-file fuzz_keyfile lib/keystore/keyfile.c
PKCS#12 fuzz_pkcs12 lib/key/pkcs12_shape.c
CMS fuzz_cms,fuzz_judge lib/cms/signed.c lib/cms/check.c lib/cms/check_value.c lib/cms/signer_certificate.c
time-stamp fuzz_tst,fuzz_judge lib/cms/tst.c
envelope fuzz_envelope lib/cms/envelope.c lib/cms/envelope_open.c
CRL fuzz_crl lib/pki/crl.c
PDF fuzz_pdf lib/pdf/lexer.c lib/pdf/parse.c lib/pdf/xref.c lib/pdf/xref_section.c lib/pdf/xref_stream.c lib/pdf/startxref.c lib/pdf/objstm.c lib/pdf/filter.c lib/pdf/predictor.c lib/pdf/stream.c lib/pdf/document.c lib/pdf/page.c lib/pdf/field.c lib/pdf/revision.c lib/pdf/signature.c lib/pdf/signature_claims.c lib/pdf/signature_field.c lib/pdf/signature_range.c lib/pdf/ranges.c
broken-PDF fuzz_pdf lib/pdf/structure.c lib/pdf/structure_entries.c lib/pdf/structure_references.c lib/pdf/structure_stray.c lib/pdf/structure_unreadable.c lib/pdf/structure_weigh.c lib/pdf/hidden.c lib/pdf/orphan.c lib/pdf/places.c lib/pdf/raw.c lib/pdf/scan.c lib/pdf/survey_broken.c
content fuzz_marks lib/pdf/content.c lib/pdf/content_image.c lib/pdf/marks.c lib/pdf/marks_list.c lib/pdf/marks_annotation.c lib/pdf/marks_content.c lib/pdf/marks_drawn.c lib/pdf/marks_font.c lib/pdf/marks_path.c lib/pdf/marks_text.c
messages fuzz_parser lib/base/wire.c lib/asic/zip_wire.c lib/pdf/survey_wire.c lib/sign/pades_draft_wire.c lib/sign/pades_field_wire.c lib/sign/pades_wire.c
looks fuzz_look lib/look/wire.c
found-text fuzz_find lib/look/find.c lib/look/find_line.c lib/look/find_text.c
ZIP fuzz_zip lib/asic/zip_directory.c lib/asic/zip_header.c lib/asic/zip_header_check.c lib/asic/zip_local.c lib/asic/zip_read.c
XML fuzz_xml lib/codec/xml.c lib/codec/xml_parse.c lib/codec/xml_scan.c lib/codec/xml_serve.c
trusted-list fuzz_ts119612 lib/codec/xml_signed_serve.c lib/trust/ts119612_criteria.c lib/trust/ts119612_grammar.c lib/trust/ts119612_read.c lib/trust/ts119612_service.c lib/trust/xmldsig_info.c lib/trust/xmldsig_properties.c
ASiC-manifest fuzz_manifest_asic lib/asic/manifest.c
box fuzz_box lib/archive/box.c
generations fuzz_generations lib/archive/generations.c lib/archive/generations_choose.c
index fuzz_index lib/archive/index.c
manifest fuzz_manifest lib/archive/manifest_read.c
log fuzz_log lib/tlog/entry.c lib/tlog/note.c lib/tlog/checkpoint.c lib/tlog/text.c
proof fuzz_proof lib/tlog/proof.c
statement fuzz_statement lib/sign/statement.c
backup fuzz_backup lib/office/life/backup_format.c
request fuzz_request lib/ca/request.c
CMP fuzz_cmp lib/ca/cmp_message.c lib/ca/cmp_signer.c
EOF
}

# Lines of the sources, and how many ran: from gcov's summary per file.
count() {
	for source in "$@"; do
		object=$(find "$(dirname "$source")" -name \
			"*$(basename "$source" .c).gcda" | head -n 1)
		[ -n "$object" ] || continue
		gcov -n "$object" 2>/dev/null |
			awk -v s="/$source'" '
				index($0, "File") { mine = index($0, s) }
				mine && /^Lines executed/ {
					split($0, a, /[:% ]+/)
					print a[3], $NF; exit
				}'
	done | awk '{ n += $2; r += $1 * $2 / 100 }
		END { if (n) printf "%d %d\n", r + 0.5, n; else print "0 0" }'
}

status=0
list=$(mktemp)
trap 'rm -f "$list"' EXIT
parsers >"$list"
while read -r name targets sources; do
	find . -name '*.gcda' -delete
	for target in $(echo "$targets" | tr , ' '); do
		"./tests/fuzz/$target" --as-is >/dev/null || status=1
	done
	# shellcheck disable=SC2046,SC2086 # two numbers, a list of files
	set -- $(count $sources)
	percent=0
	[ "$2" -eq 0 ] || percent=$((100 * $1 / $2))
	printf '%-14s %3d %% of %d lines\n' "$name" "$percent" "$2"
	[ "$percent" -ge "$least" ] || status=1
done <"$list"
exit "$status"
