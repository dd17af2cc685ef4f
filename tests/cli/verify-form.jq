# The form of deed.verify/1: every member is there, of its kind, and every
# word is one of those in deed-json(5).  True, or an error that says what.
def must(ok; what): if ok then . else error("not as described: " + what) end;
def among($words): . as $x | any($words[]; . == $x);
def digest: type == "string" and test("^sha256:[0-9a-f]{64}$");
def time: type == "string" and test("^[0-9]{4}(-[0-9]{2}){2}T([0-9]{2}:){2}[0-9]{2}Z$");
def maybe(f): . == null or f;
def text: type == "string";

def signature:
  must((keys - ["look"]) == ["algorithms", "best_time", "boxes", "byte_range", "chain",
    "changes_after", "coverage", "field", "indication", "integrity", "kind",
    "level", "reasons", "revision", "revocation", "signer", "signing_time",
    "sub_indication", "time_source", "timestamps"]; "members of a signature")
  | must(.field | maybe(text); "field")
  | must(.kind | among(["signature", "seal", "document-timestamp",
      "counter-signature", "container-timestamp"]); "kind")
  | must(.indication | among(["TOTAL-PASSED", "TOTAL-FAILED",
      "INDETERMINATE"]); "indication")
  | must(.sub_indication | maybe(text and test("^[A-Z_]+$"));
      "sub_indication")
  | must((.indication == "TOTAL-PASSED") == (.sub_indication == null);
      "a sub-indication where it did not pass")
  | must(.indication == "TOTAL-PASSED" or (.reasons | length) > 0; "reasons")
  | must(.integrity | among(["intact", "broken", "unknown"]); "integrity")
  | must(.integrity == "intact" or .indication != "TOTAL-PASSED"; "a pass")
  | must(.coverage | among([null, "whole-file", "whole-revision",
      "partial"]); "coverage")
  | must(.changes_after | among([null, "none", "archival", "form-fill",
      "annotation", "other"]); "changes_after")
  | must(.boxes | all(keys == ["box", "page", "revision", "what"] and
      (.box | length == 4 and all(type == "number")) and .page >= 1 and
      .revision >= 1 and (.what | text)); "boxes")
  | must(.look | maybe(keys == ["differences", "more", "outcome", "pages",
      "pages_signed", "why"] and (.outcome | among(["same", "different",
      "not-painted"])) and (.differences | all(keys == ["box", "page",
      "view"])) and (.why | maybe(text))); "look")
  | must(.revocation | among(["good", "revoked", "unknown",
      "not-checked"]); "revocation")
  | must(.level | among(["B-B", "B-T", "B-LT", "B-LTA", "none"]); "level")
  | must(.revision | maybe(type == "number" and . >= 1); "revision")
  | must(.byte_range | maybe(length == 4 and all(type == "number"));
      "byte_range")
  | must(.algorithms | keys == ["digest", "signature"] and
      all(.[]; maybe(text)); "algorithms")
  | must(.signing_time | maybe(time); "signing_time")
  | must(.best_time | maybe(time); "best_time")
  | must(.time_source | among([null, "claimed", "timestamp"]); "time_source")
  | must(.timestamps | all((.time | time) and (.indication |
      among(["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"])));
      "timestamps")
  | must(.chain | all(digest); "chain")
  | must(.signer | maybe(keys == ["certificate", "identifier", "issuer",
      "name", "organisation"] and (.certificate | digest)); "signer")
  | must(.reasons | all((.id | text) and (.message | text) and
      (has("hint") and (.hint | maybe(text)))); "reasons");

def document:
  must((keys - ["unmet", "extracted"]) == ["file", "format", "headline", "indication", "revisions",
    "sha256", "signatures"]; "members of a document")
  | must(.file | text; "file")
  | must(.headline | text; "headline")
  | must((.unmet // [] | length) == 0 or
      (.headline | test("REQUIREMENT NOT MET: ")); "a headline of the unmet")
  | must(.sha256 | maybe(digest); "sha256")
  | must(.format | among([null, "pdf", "asic-e", "asic-s", "cades"]);
      "format")
  | must(.indication | among([null, "TOTAL-PASSED", "TOTAL-FAILED",
      "INDETERMINATE", "NO-SIGNATURE"]); "indication of a document")
  | must(.revisions | maybe(type == "number"); "revisions")
  | must([.signatures[] | signature] | length >= 0; "signatures");

must(keys == ["at", "count", "deed", "documents", "errors", "indication", "policy",
  "schema", "trust"]; "members")
| must(.schema == "deed.verify/1"; "schema")
| must(.deed | text; "deed")
| must(.count | keys == ["failed", "indeterminate", "passed", "unmet",
    "unreadable", "unsigned"]; "members of count")
| must(([.count[]] | add) == (.documents | length); "count")
| must(.at | time; "at")
| must(.indication | among(["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE",
    "NO-SIGNATURE"]); "indication")
| must(.policy | keys == ["name", "sha256"]; "policy")
| must([.documents[] | document] | length >= 0; "documents")
| must(.trust | all((.name | text) and (.certificate | digest)); "trust")
| must(.errors | type == "array"; "errors")
| true
