#include "services/registry/ordered_openings.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/hash/hash.h"
#include "services/common/error.h"
#include "services/registry/openings.h"

namespace dataip::registryd {
namespace {

// Digests that are looked for, with their places in the order.
using Wanted = std::map<std::string, int>;

template <typename Map>
void FindIn(const Map& map, Wanted& wanted) {
  for (auto at = map.begin(); at != map.end() && !wanted.empty(); ++at) {
    for (const FoundCommitment& found : CommitmentsIn(at->second)) {
      wanted.erase(found.digest);
    }
  }
}

// Takes out what stands somewhere in the state.
void FindInState(const registry::State& state, Wanted& wanted) {
  FindIn(state.applications, wanted);
  FindIn(state.drafts, wanted);
  FindIn(state.objections, wanted);
  FindIn(state.requests, wanted);
  FindIn(state.revocations, wanted);
  FindIn(state.freezes, wanted);
  FindIn(state.attorneys, wanted);
  FindIn(state.parties, wanted);
}

// Looking through the state is dear: not for whoever asks.
bool IsSignedByRoot(const Submission& submission,
                    const Acknowledged& acknowledged) {
  return acknowledged.With([&](const registry::State& state) {
    return std::any_of(submission.signer_key_ids.begin(),
                       submission.signer_key_ids.end(),
                       [&](const std::string& key_id) {
                         const auto key = state.keys.find(key_id);
                         return key != state.keys.end() &&
                                key->second.actor == registry::kRootActor;
                       });
  });
}

absl::Status Unknown(int position) {
  rpc::v1::FieldViolation violation;
  violation.set_field(
      absl::StrCat("erase_openings.commitments[", position, "]"));
  violation.set_rule("OPENINGS");
  violation.set_clause("5.4");
  violation.set_message_en(
      "the registry knows no such commitment; check the digest");
  violation.set_message_zh("登记机构没有此项承诺，请核对摘要");
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat(violation.field(), ": ", violation.message_en()),
       absl::StrCat(violation.field(), "：", violation.message_zh())},
      {violation});
}

}  // namespace

absl::Status CheckOrderedOpenings(const Submission& submission,
                                  const Acknowledged& acknowledged,
                                  const Store& store) {
  const v1::Command& command = submission.command;
  if (!command.has_erase_openings() ||
      !IsSignedByRoot(submission, acknowledged)) {
    return absl::OkStatus();
  }
  Wanted wanted;
  const auto& commitments = command.erase_openings().commitments();
  for (int i = 0; i < commitments.size(); ++i) {
    const auto digest = Hash::From(hash::AsBytes(commitments[i]));
    if (!digest.has_value()) continue;  // refused by Decide
    const absl::Status stored = store.GetOpening(*digest).status();
    // A damaged record is one that can be erased.
    if (absl::IsNotFound(stored)) wanted.emplace(commitments[i], i);
  }
  if (wanted.empty()) return absl::OkStatus();
  acknowledged.With(
      [&](const registry::State& state) { FindInState(state, wanted); });
  if (wanted.empty()) return absl::OkStatus();
  int first = commitments.size();
  for (const auto& [digest, place] : wanted) first = std::min(first, place);
  return Unknown(first);
}

bool OrdersPurge(const Outcome& outcome) {
  return !outcome.header.empty() &&
         std::any_of(outcome.events.begin(), outcome.events.end(),
                     [](const v1::Event& event) {
                       return event.has_openings_erased();
                     });
}

}  // namespace dataip::registryd
