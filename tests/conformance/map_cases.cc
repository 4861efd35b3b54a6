// Kinds "map" and "reject_header".
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/proof/header.h"
#include "core/proof/map.h"
#include "tests/conformance/cases.h"
#include "tests/conformance/proof_cases.h"

namespace dataip::conformance {
namespace {

absl::StatusOr<proof::MapProof> ReadMapProof(const Json& json) {
  proof::MapProof read;
  ASSIGN_OR_RETURN(read.siblings, json.Hashes("siblings"));
  ASSIGN_OR_RETURN(const Json terminal, json.Member("terminal"));
  if (json.IsNull("terminal")) return read;
  read.terminal.emplace();
  ASSIGN_OR_RETURN(read.terminal->key_hash, terminal.Hash("key_hash"));
  ASSIGN_OR_RETURN(read.terminal->value, terminal.Hash("value"));
  return read;
}

std::string ToText(const proof::MapProof& proof) {
  std::string text;
  for (const hash::Hash& sibling : proof.siblings) {
    absl::StrAppend(&text, base::HexEncode(sibling.span()), " ");
  }
  if (!proof.terminal) return text + "empty";
  return absl::StrCat(text, "leaf ",
                      base::HexEncode(proof.terminal->key_hash.span()), " ",
                      base::HexEncode(proof.terminal->value.span()));
}

absl::Status RunMapProof(const Json& json, const MapAtRoot& map, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string key, json.Text("key"));
  ASSIGN_OR_RETURN(const proof::MapProof given, ReadMapProof(json));
  RETURN_IF_ERROR(
      tally.Same("proof", ToText(given), ToText(map.map.Prove(key))));
  ASSIGN_OR_RETURN(const Json value_member, json.Member("value"));
  if (json.IsNull("value")) {
    return tally.Holds("absence verifies",
                       proof::VerifyAbsence(key, given, map.root));
  }
  ASSIGN_OR_RETURN(const hash::Hash value, json.Hash("value"));
  RETURN_IF_ERROR(tally.Holds(
      "presence verifies", proof::VerifyPresence(key, value, given, map.root)));
  return tally.Holds("absence is refused",
                     !proof::VerifyAbsence(key, given, map.root));
}

absl::Status RunOneMap(const Json& json, const std::string& name,
                       Tally& tally) {
  MapAtRoot map;
  ASSIGN_OR_RETURN(const std::vector<Json> keys, json.List("keys"));
  for (const Json& pair : keys) {
    ASSIGN_OR_RETURN(const proof::Update update, ReadUpdate(pair));
    map.map.Set(update.key, update.value);
  }
  ASSIGN_OR_RETURN(map.root, json.Hash("root"));
  tally.Case(name);
  RETURN_IF_ERROR(tally.SameHash("root", map.root, map.map.Root()));
  return RunMapProofs(json, {"proofs", name}, map, tally);
}

}  // namespace

absl::StatusOr<proof::Update> ReadUpdate(const Json& pair) {
  ASSIGN_OR_RETURN(const std::vector<Json> elements, pair.Elements());
  if (elements.size() != 2) {
    return absl::InvalidArgumentError("vector file: an update is [key, value]");
  }
  proof::Update update;
  ASSIGN_OR_RETURN(update.key, elements[0].AsText());
  ASSIGN_OR_RETURN(const std::string value, elements[1].AsHex());
  const auto hash = hash::Hash::From(hash::AsBytes(value));
  if (!hash) {
    return absl::InvalidArgumentError("vector file: a value is 32 bytes");
  }
  update.value = *hash;
  return update;
}

absl::Status RunMapProofs(const Json& json, const ListName& list,
                          const MapAtRoot& map, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> proofs, json.List(list.member));
  for (size_t i = 0; i < proofs.size(); ++i) {
    tally.Case(absl::StrCat(list.prefix, list.prefix.empty() ? "" : " ",
                            list.member, "[", i, "]"));
    RETURN_IF_ERROR(RunMapProof(proofs[i], map, tally));
  }
  return absl::OkStatus();
}

absl::Status RunMap(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> maps, file.List("maps"));
  for (size_t i = 0; i < maps.size(); ++i) {
    RETURN_IF_ERROR(RunOneMap(maps[i], absl::StrCat("maps[", i, "]"), tally));
  }
  return absl::OkStatus();
}

absl::Status RunRejectHeader(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> cases, file.List("cases"));
  for (size_t i = 0; i < cases.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string why, cases[i].Text("why"));
    ASSIGN_OR_RETURN(const std::string header, cases[i].Hex("header"));
    tally.Case(absl::StrCat("cases[", i, "] (", why, ")"));
    RETURN_IF_ERROR(tally.Holds(
        "refused", !proof::DecodeHeader(hash::AsBytes(header)).ok()));
  }
  ASSIGN_OR_RETURN(const std::vector<Json> accept, file.List("accept"));
  for (size_t i = 0; i < accept.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string header, accept[i].AsHex());
    tally.Case(absl::StrCat("accept[", i, "]"));
    const auto decoded = proof::DecodeHeader(hash::AsBytes(header));
    RETURN_IF_ERROR(tally.Same("flaw", proof::Describe(proof::Flaw::kNone),
                               proof::Describe(decoded.flaw)));
    const auto encoded = proof::EncodeHeader(*decoded);
    RETURN_IF_ERROR(tally.SameBytes("encoded again", header,
                                    encoded.ok() ? *encoded : std::string()));
  }
  return absl::OkStatus();
}

}  // namespace dataip::conformance
